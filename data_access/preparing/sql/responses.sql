-- One row per candidate, by prompt: its text, lengths in characters, format counts and flags.
SELECT
    prompt_id,
    candidate,
    model,
    response,
    length(response)::INTEGER AS chars,
    list_items(response)::INTEGER AS list_items,
    headers(response)::INTEGER AS headers,
    (code_fences(response) // 2)::INTEGER AS code_blocks,
    bold_spans(response)::INTEGER AS bold_spans,
    is_blank(response) AS is_empty,
    coalesce(is_cut_off(response), false) AS is_cut_off,
    coalesce(is_refusal(response), false) AS is_refusal,
    coalesce(has_template_tokens(response), false) AS has_template_tokens,
    CASE WHEN response IS NOT NULL THEN hash(response) END AS text_hash
FROM candidates
ORDER BY prompt_id, candidate
