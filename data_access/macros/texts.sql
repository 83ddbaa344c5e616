-- What we look for in a text. Cheap on 100,000 texts: plain searches first, regular expressions on short pieces.
CREATE OR REPLACE MACRO list_items(t) AS
    len(list_filter(string_split(t, E'\n'), lambda line: regexp_matches(line, '^ {0,9}(?:[-*+]|\d{1,3}[.)])[ \t]')));

CREATE OR REPLACE MACRO headers(t) AS
    CASE
        WHEN starts_with(t, '#') OR contains(t, E'\n#')
        THEN len(list_filter(string_split(E'\n' || t, E'\n#'), lambda rest: regexp_matches(rest, '^#{0,5} ')))
        ELSE 0
    END;

CREATE OR REPLACE MACRO code_fences(t) AS
    CASE WHEN contains(t, '```') THEN (length(t) - length(replace(t, '```', ''))) // 3 ELSE 0 END;

CREATE OR REPLACE MACRO bold_spans(t) AS
    CASE WHEN contains(t, '**') THEN len(regexp_extract_all(t, '\*\*[^*\n]+\*\*')) ELSE 0 END;

CREATE OR REPLACE MACRO is_blank(t) AS t IS NULL OR NOT regexp_matches(t, '\S');

-- Unicode NFC, chat-template tokens stripped, white space collapsed: what "the same text" means when not exact.
CREATE OR REPLACE MACRO normalised(t) AS
    trim(regexp_replace(
        regexp_replace(nfc_normalize(t), '<\|\w{1,30}\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>', '', 'g'),
        '[\s\p{Z}]+', ' ', 'g'));

-- How often some marks occur: the same in texts that are the same when normalised, as no template token has such a mark and
-- NFC neither makes nor changes one. Five plain counts are fifty times as fast as normalising.
CREATE OR REPLACE MACRO occurrences(t, mark) AS strlen(t) - strlen(replace(t, mark, ''));

CREATE OR REPLACE MACRO marks(t) AS
    row(occurrences(t, '.'), occurrences(t, ','), occurrences(t, ':'), occurrences(t, '-'), occurrences(t, '('));

CREATE OR REPLACE MACRO has_emoji(t) AS
    CASE
        WHEN t IS NULL OR strlen(t) = length(t) THEN false -- ASCII, as most texts are
        ELSE regexp_matches(t, '[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B05}-\x{2B55}]')
    END;
