-- What finds nearly the same texts: see data_access/derived/twins.py.

-- Where about a quarter of the characters or more are Chinese or Japanese, each of these is a word by itself.
CREATE OR REPLACE MACRO spaced(t) AS
    CASE WHEN strlen(t) > 1.5 * length(t) THEN regexp_replace(t, '([\x{3040}-\x{9fff}])', ' \1 ', 'g') ELSE t END;

-- Words as white space separates them, in lower case and without the commonest markup. Plain replacing is ten times as fast
-- as a regular expression.
CREATE OR REPLACE MACRO rough_words(t) AS
    list_filter(
        string_split(
            replace(replace(replace(replace(replace(lower(spaced(t)), '*', ''), '#', ''), E'\n', ' '), E'\t', ' '), E'\r', ' '),
            ' '),
        lambda word: word != '');

-- A number for every three words in a row; at the end for what there is.
CREATE OR REPLACE MACRO in_threes(w) AS list_transform(list_zip(w, w[2:], w[3:]), lambda three: hash(three));

CREATE OR REPLACE MACRO shingles(t) AS in_threes(list_transform(rough_words(t), lambda word: hash(word)));

-- The smallest of these numbers: the same share of them is common to two texts as of all their shingles. (Broder 1997.)
CREATE OR REPLACE MACRO sketch(t, size) AS list_distinct(list_sort(shingles(t))[1:size]);
