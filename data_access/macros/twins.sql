-- What finds nearly the same texts: see data_access/derived/twins.py.

-- Where about a quarter of the characters or more are Chinese or Japanese, each of these is a word by itself.
CREATE OR REPLACE MACRO spaced(t) AS
    CASE WHEN strlen(t) > 1.5 * length(t) THEN regexp_replace(t, '([\x{3040}-\x{9fff}])', ' \1 ', 'g') ELSE t END;

-- Words as white space separates them, in lower case and without the commonest markup. Plain replacing is ten times as fast
-- as a regular expression, which parts short texts at punctuation too: there a mark would spoil much.
CREATE OR REPLACE MACRO in_plain(t) AS
    CASE
        WHEN length(t) < 500 THEN regexp_replace(lower(spaced(t)), '[\s\p{P}\p{Z}]+', ' ', 'g')
        ELSE replace(replace(replace(replace(replace(lower(spaced(t)), '*', ''), '#', ''), E'\n', ' '), E'\t', ' '), E'\r', ' ')
    END;

CREATE OR REPLACE MACRO rough_words(t) AS list_filter(string_split(in_plain(t), ' '), lambda word: word != '');

-- A number for every three words in a row; at the end for what there is.
CREATE OR REPLACE MACRO in_threes(w) AS list_transform(list_zip(w, w[2:], w[3:]), lambda three: hash(three));

CREATE OR REPLACE MACRO shingles(t) AS in_threes(list_transform(rough_words(t), lambda word: hash(word)));

-- The smallest of these numbers: the same share of them is common to two texts as of all their shingles. (Broder 1997.)
CREATE OR REPLACE MACRO sketch(t, size) AS list_distinct(list_sort(shingles(t))[1:size]);
