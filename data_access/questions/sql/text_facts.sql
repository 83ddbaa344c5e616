-- One row for each of $texts, in order: what can be counted in it.
SELECT
    length(text) AS chars,
    len(regexp_extract_all(text, '\S+')) AS words,
    list_items(text) AS list_items,
    headers(text) AS headers,
    code_fences(text) // 2 AS code_blocks,
    bold_spans(text) AS bold_spans
FROM (SELECT unnest($texts::VARCHAR[]) AS text, unnest(range(len($texts::VARCHAR[]))) AS place)
ORDER BY place
