-- What only preparing looks for in a text, beside texts.sql; then what layouts make of conversations and of steps.

-- Markers of chat templates that a model, or the code around it, left in the text.
CREATE OR REPLACE MACRO has_template_tokens(t) AS
    contains(t, '<|im_') OR contains(t, '<|end') OR contains(t, '<|eot_id|>') OR contains(t, '<|start')
    OR contains(t, 'INST]') OR contains(t, '<<SYS>>') OR contains(t, '_of_turn>')
    OR starts_with(t, '<s>') OR ends_with(t, '</s>');

-- Suspected, not certain: an odd code fence, or a long last line that stops at a lower-case letter or a comma.
CREATE OR REPLACE MACRO is_cut_off(t) AS
    code_fences(t) % 2 = 1 OR regexp_matches(t, '[^\n]{40}[\p{Ll},]\s*$'); -- looked at from its end: fast

-- A refusal phrase at the start; whether refusing was right depends on the prompt.
CREATE OR REPLACE MACRO is_refusal(t) AS
    regexp_matches(left(t, 200), '(?i)^\W*(?:i[''’]?m (?:very |really |so )?sorry|(?:i apologi[sz]e|sorry),? (?:but )?i|i (?:can[''’]?t|cannot|can not|won[''’]?t|will not|am unable|am not able|must decline)|as an ai\b|unfortunately,? i (?:can|am))');

-- The first run of nine or more ASCII letters and digits, '' without one: a text that is the same after normalising contains
-- it, unless a template token stands within it.
CREATE OR REPLACE MACRO long_word(t) AS regexp_extract(t, '[A-Za-z0-9]{9,}');

-- Conversations: lists of structs role and content. Roles as chat templates call them.
CREATE OR REPLACE MACRO messages(m) AS
    list_transform(m, lambda x: {
        'role': CASE lower(x.role::VARCHAR) WHEN 'human' THEN 'user' WHEN 'gpt' THEN 'assistant' ELSE x.role::VARCHAR END,
        'content': x.content::VARCHAR});

-- The same from JSON; a text that is not JSON is one message by `otherwise`.
CREATE OR REPLACE MACRO json_messages(t, otherwise) AS
    CASE
        WHEN json_valid(t::VARCHAR) THEN
            messages(list_transform(
                from_json(t::VARCHAR, '[{"role":"VARCHAR","content":"VARCHAR","from":"VARCHAR","value":"VARCHAR"}]'),
                lambda x: {'role': coalesce(x.role, x."from"), 'content': coalesce(x.content, x."value")}))
        WHEN t IS NOT NULL THEN [{'role': otherwise, 'content': t::VARCHAR}]
    END;

CREATE OR REPLACE MACRO is_json_conversation(t) AS
    starts_with(ltrim(t), '[')
    AND coalesce(json_type(TRY(json_extract(t, '$[0].role'))) = 'VARCHAR' AND TRY(json_exists(t, '$[0].content')), false)
    OR starts_with(ltrim(t), '[')
    AND coalesce(json_type(TRY(json_extract(t, '$[0].from'))) = 'VARCHAR' AND TRY(json_exists(t, '$[0].value')), false);

-- Where the user's last message stands, from 1; 0 without one.
CREATE OR REPLACE MACRO last_user(m) AS
    coalesce(len(m) + 1 - list_position(list_reverse(list_transform(m, lambda x: x.role)), 'user'), 0);

-- A conversation as one text: a single message is its content, several are turns with blank lines between them.
CREATE OR REPLACE MACRO turns(m) AS
    CASE WHEN len(m) = 1 THEN m[1].content
    ELSE array_to_string(list_transform(m, lambda x: coalesce(x.role, '?') || ': ' || coalesce(x.content, '')), E'\n\n') END;

-- A conversation that ends in a response: the turns before it, and the response itself.
CREATE OR REPLACE MACRO before_response(m) AS turns(m[1:last_user(m)]);

CREATE OR REPLACE MACRO response_of(m) AS
    array_to_string(list_transform(m[last_user(m) + 1:], lambda x: x.content), E'\n\n');

-- A candidate's one number from the scores of its steps; none where a step has no score.
CREATE OR REPLACE MACRO all_scored(steps) AS
    len(steps) > 0 AND len(list_filter(steps, lambda s: s IS NULL OR isnan(s::DOUBLE))) = 0;

CREATE OR REPLACE MACRO last_step(steps) AS steps[-1];

CREATE OR REPLACE MACRO min_step(steps) AS CASE WHEN all_scored(steps) THEN list_min(steps) END;

CREATE OR REPLACE MACRO prod_step(steps) AS CASE WHEN all_scored(steps) THEN list_product(steps) END;
