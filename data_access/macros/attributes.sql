-- What attributes of a text are: see data_access/derived/attributes.py, which names each. They look for plain marks, not for
-- meaning; each gives a number, or whether something is there.

-- Words in lower case: letters and digits, with hyphens and straight apostrophes within.
CREATE OR REPLACE MACRO words(t) AS
    regexp_extract_all(replace(lower(t), '’', ''''), '[\p{L}\p{N}](?:[\p{L}\p{N}''_-]*[\p{L}\p{N}])?');

-- Lines of a Markdown table, with the line between head and body.
CREATE OR REPLACE MACRO table_rows(t) AS
    CASE WHEN contains(t, '|') THEN len(regexp_extract_all(t, '(?m)^ {0,3}\|.*\|[ \t]*$')) ELSE 0 END;

CREATE OR REPLACE MACRO links(t) AS
    CASE WHEN contains(t, '://') OR contains(t, 'www.') THEN len(regexp_extract_all(t, '\bhttps?://|\bwww\.')) ELSE 0 END;

-- LaTeX: its delimiters, or a formula between dollar signs (with \, ^, _ or =, so that prices are none).
CREATE OR REPLACE MACRO has_maths(t) AS
    contains(t, '\(') OR contains(t, '\[') OR contains(t, '$$') OR contains(t, '\begin{') OR contains(t, '\frac')
    OR contains(t, '$') AND regexp_matches(t, '\$[^$\n]{0,60}[\\^_=][^$\n]{0,60}\$');

-- Runs of digits.
CREATE OR REPLACE MACRO numbers(t) AS len(regexp_extract_all(t, '[0-9]+'));

CREATE OR REPLACE MACRO first_person(t) AS len(regexp_extract_all(t, '\b(?:I|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself)\b'));

CREATE OR REPLACE MACRO hedges(t) AS
    len(regexp_extract_all(
        t,
        '(?i)\b(?:might|maybe|may be|perhaps|possibly|probably|likely|could be|i think|i believe|it seems|seems? to)\b'));

CREATE OR REPLACE MACRO apologises(t) AS
    (contains(t, 'orry') OR contains(t, 'pologi') OR contains(t, 'pology'))
    AND regexp_matches(t, '(?i)\b(?:sorry|apologi[sz]e[ds]?|apology|apologies)\b');

CREATE OR REPLACE MACRO opens_with_courtesy(t) AS
    regexp_matches(
        left(t, 60),
        '(?i)^\W*(?:sure|certainly|of course|absolutely|definitely|great|(?:that(?:''|’)?s |what )?an? (?:great|good|excellent|interesting) question|(?:great|good|excellent|interesting) question|thank(?:s| you))\b');

CREATE OR REPLACE MACRO closes_with_offer(t) AS
    regexp_matches(
        right(t, 200),
        '(?i)\b(?:let me know|feel free to|hope (?:this|that|it) helps|happy to help|anything else i can|any (?:other|more|further) questions)\b');

-- Ends of sentences: a full stop, question or exclamation mark before white space or the end, or an empty line.
CREATE OR REPLACE MACRO sentence_ends(t) AS len(regexp_extract_all(t, '[.!?][)"''”’*]*(?:\s|$)|\n\s*\n'));

-- The share of different words among the first hundred: of all words it would fall with length. 1 without words.
CREATE OR REPLACE MACRO word_variety(w) AS CASE WHEN len(w) > 0 THEN list_unique(w[1:100]) / len(w[1:100]) ELSE 1 END;

-- The share of the first list's words that the second has; 0 where the first has none.
CREATE OR REPLACE MACRO share_repeated(asked, w) AS
    CASE WHEN len(asked) > 0 THEN len(list_intersect(asked, w)) / len(asked) ELSE 0 END;

-- How many of a text's first 400 characters' words are among the commonest of English, Spanish, French, German, Italian and
-- Portuguese, all without their accents: RE2 knows the ends of ASCII words only.
CREATE OR REPLACE MACRO function_words(t) AS [
    len(regexp_extract_all(strip_accents(left(t, 400)), '(?i)\b(?:the|and|of|to|is|in|that|for|you|with|are|it|this|be|as|or|on|can|from|by)\b')),
    len(regexp_extract_all(strip_accents(left(t, 400)), '(?i)\b(?:de|la|que|el|en|y|los|se|del|las|un|por|con|una|para|es|lo|como|su)\b')),
    len(regexp_extract_all(strip_accents(left(t, 400)), '(?i)\b(?:de|la|le|et|les|des|en|un|du|une|que|est|pour|qui|dans|par|plus|pas|au|sur)\b')),
    len(regexp_extract_all(strip_accents(left(t, 400)), '(?i)\b(?:der|die|und|in|den|von|zu|das|mit|sich|des|auf|ist|im|dem|nicht|ein|eine|als)\b')),
    len(regexp_extract_all(strip_accents(left(t, 400)), '(?i)\b(?:di|e|il|la|che|in|a|per|un|del|non|una|con|si|da|le|dei|della|sono)\b')),
    len(regexp_extract_all(strip_accents(left(t, 400)), '(?i)\b(?:de|a|o|que|e|do|da|em|um|para|com|uma|os|no|se|na|por|mais)\b'))
];

-- Of these six the language that the counts speak for: four or more, and half as many again as of any other; '' where
-- that is unclear, as in code.
CREATE OR REPLACE MACRO latin_language(counts) AS
    CASE
        WHEN list_max(counts::BIGINT[]) >= 4
            AND 2 * list_max(counts::BIGINT[]) >= 3 * list_reverse_sort(counts::BIGINT[])[2]
        THEN ['en', 'es', 'fr', 'de', 'it', 'pt'][list_position(counts::BIGINT[], list_max(counts::BIGINT[]))]
        ELSE ''
    END;

-- The script where it is not Latin: a third of the first 300 characters; else ''.
CREATE OR REPLACE MACRO script(t) AS
    CASE
        WHEN t IS NULL OR strlen(left(t, 300)) = length(left(t, 300)) THEN '' -- ASCII, as most texts are
        WHEN len(regexp_extract_all(left(t, 300), '[\p{Han}\p{Hiragana}\p{Katakana}]')) * 3 >= length(left(t, 300)) THEN 'cjk'
        WHEN len(regexp_extract_all(left(t, 300), '\p{Cyrillic}')) * 3 >= length(left(t, 300)) THEN 'cyrillic'
        WHEN len(regexp_extract_all(left(t, 300), '\p{Arabic}')) * 3 >= length(left(t, 300)) THEN 'arabic'
        WHEN len(regexp_extract_all(left(t, 300), '\p{Hangul}')) * 3 >= length(left(t, 300)) THEN 'hangul'
        WHEN len(regexp_extract_all(left(t, 300), '\p{Devanagari}')) * 3 >= length(left(t, 300)) THEN 'devanagari'
        ELSE ''
    END;

-- The script, else the language; `counts` are the function words of the text's first words.
CREATE OR REPLACE MACRO language(t, counts) AS CASE WHEN script(t) != '' THEN script(t) ELSE latin_language(counts) END;

-- Each two words that follow each other.
CREATE OR REPLACE MACRO word_pairs(w) AS list_transform(range(1, len(w)), lambda i: w[i] || ' ' || w[i + 1]);
