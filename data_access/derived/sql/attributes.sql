-- One row per candidate with a text, of the prompts from $first to $last, by prompt: its attributes, those of ATTRIBUTES in
-- attributes.py in their order.
WITH asked AS (
    SELECT
        prompt_id,
        list_distinct(list_filter(words(left(prompt, 5000)), lambda word: length(word) > 3)) AS asked,
        language(prompt, function_words(prompt)) AS of_prompt
    FROM prompts
    WHERE prompt_id BETWEEN $first AND $last
), read AS MATERIALIZED (
    SELECT *, response AS t, words(response) AS w, function_words(response) AS counts
    FROM responses
    WHERE prompt_id BETWEEN $first AND $last AND NOT is_empty
)
SELECT
    r.prompt_id,
    r.candidate,
    r.chars::FLOAT AS length,
    (len(w) / greatest(sentence_ends(t), 1))::FLOAT AS sentence_length,
    r.list_items::FLOAT AS list_items,
    r.headers::FLOAT AS headers,
    r.bold_spans::FLOAT AS bold,
    r.code_blocks::FLOAT AS code,
    (table_rows(t))::FLOAT AS table_rows,
    (has_emoji(t))::BOOLEAN AS emoji,
    (links(t))::FLOAT AS links,
    (has_maths(t))::BOOLEAN AS maths,
    (numbers(t))::FLOAT AS numbers,
    (occurrences(t, '?'))::FLOAT AS questions,
    (occurrences(t, '!'))::FLOAT AS exclamations,
    (first_person(t))::FLOAT AS first_person,
    (hedges(t))::FLOAT AS hedges,
    (apologises(t))::BOOLEAN AS apology,
    r.is_refusal::BOOLEAN AS refusal,
    (opens_with_courtesy(t))::BOOLEAN AS courtesy,
    (closes_with_offer(t))::BOOLEAN AS offer,
    (share_repeated(asked, w))::FLOAT AS repeats_prompt,
    (word_variety(w))::FLOAT AS word_variety,
    (of_prompt != '' AND language(t, counts) NOT IN ('', of_prompt))::BOOLEAN AS other_language,
    r.is_cut_off::BOOLEAN AS cut_off
FROM read AS r JOIN asked USING (prompt_id)
ORDER BY r.prompt_id, r.candidate
