"""Parallel lists, from files of the published schemas."""

from collections.abc import Callable

import pyarrow as pa

from data_access.dataset import Dataset
from data_access.questions.compare import pane
from data_access.questions.prompt import prompt
from tests.data_access.preparing.test_preparation import rows

PROMPTS = "SELECT source_key, prompt, subset, chosen, rejected FROM prompts ORDER BY prompt_id"
CANDIDATES = "SELECT prompt_id, candidate, model, response FROM responses ORDER BY ALL"
RANKS = "SELECT prompt_id, candidate, reward, rank FROM scores ORDER BY ALL"
MESSAGES = pa.list_(pa.struct([("content", pa.string()), ("role", pa.string())]))


def message(role: str, content: str | None) -> dict[str, str | None]:
    return {"content": content, "role": role}


def test_llama3_ultrafeedback_armorm(opened: Callable[..., Dataset]) -> None:
    asked = message("user", "Name a prime.")
    dataset = opened(
        pa.table(
            {
                "prompt_id": ["f0e37e9f", "0a2f"],
                "prompt": ["Name a prime.", "Name a colour."],
                "all_generated_responses": [["Two.", "Nine.", "Three."], ["Red.", "Sky."]],
                "all_rm_scores": [[0.15, 0.05, 0.15], [0.1, 0.2]],
                "chosen": pa.array([[asked, message("assistant", "Two.")], None], MESSAGES),
                "rejected": pa.array([[asked, message("assistant", "Nine.")], None], MESSAGES),
            }
        )
    )
    assert rows(dataset, PROMPTS) == [
        ("f0e37e9f", "Name a prime.", None, "Two.", "Nine."),
        ("0a2f", "Name a colour.", None, None, None),
    ]
    assert rows(dataset, CANDIDATES) == [
        (1, 1, None, "Two."),
        (1, 2, None, "Nine."),
        (1, 3, None, "Three."),
        (2, 1, None, "Red."),
        (2, 2, None, "Sky."),
    ]
    assert rows(dataset, RANKS) == [
        (1, 1, 0.15, 1.5),
        (1, 2, 0.05, 3.0),
        (1, 3, 0.15, 1.5),
        (2, 1, 0.1, 2.0),
        (2, 2, 0.2, 1.0),
    ]
    assert rows(dataset, "SELECT chosen_candidates, rejected_candidates FROM prompts WHERE prompt_id = 1") == [
        ([1], [2])
    ]
    assert dataset.contents.scorers == ("all_rm_scores",)
    assert dataset.contents.layout == (
        "parallel lists: one row per prompt, its candidates in lists. prompt: prompt · response: all_generated_responses · "
        "rewards: all_rm_scores · chosen text: chosen · rejected text: rejected"
    )
    assert dataset.notices == ()


def test_rlhflow_generations_with_a_prompt_of_messages(opened: Callable[..., Dataset]) -> None:
    one_message = [message("user", "Hi!")]
    several = [
        message("system", "Be brief."),
        message("user", "Hi!"),
        message("assistant", "Yes?"),
        message("user", "Bye!"),
    ]
    dataset = opened(
        pa.table(
            {
                "prompt": pa.array([one_message, several], MESSAGES),
                "responses": [["Hello.", "Hey."], ["Bye."]],
                "rewards": [[1.0, 2.0], [3.0]],
            }
        )
    )
    assert rows(dataset, "SELECT prompt FROM prompts ORDER BY prompt_id") == [
        ("Hi!",),
        ("system: Be brief.\n\nuser: Hi!\n\nassistant: Yes?\n\nuser: Bye!",),
    ]
    assert rows(dataset, RANKS) == [(1, 1, 1.0, 2.0), (1, 2, 2.0, 1.0), (2, 1, 3.0, 1.0)]


def test_a_prompt_of_messages_may_be_json(opened: Callable[..., Dataset]) -> None:
    dataset = opened(
        pa.table(
            {
                "prompt": [
                    '[{"role": "user", "content": "Hi!"}, {"role": "assistant", "content": "Yes?"}]',
                    None,
                    '[{"content": "Bye!", "role": "user"}]',
                ],
                "responses": [["a"], ["b"], ["c"]],
                "rewards": [[1], [2], [3]],
            }
        )
    )
    assert rows(dataset, "SELECT prompt FROM prompts ORDER BY prompt_id") == [
        ("user: Hi!\n\nassistant: Yes?",),
        (None,),
        ("Bye!",),
    ]


def test_a_prompt_that_only_looks_like_json_stays_as_it_is(opened: Callable[..., Dataset]) -> None:
    texts = ['[{"role": "user", "content": "Hi!"}]', "[1, 2] is a list", '{"role": "user"}', '[{"role": "us']
    table = {"prompt": texts, "responses": [["a"]] * 4, "rewards": [[1.0]] * 4}
    assert rows(opened(pa.table(table)), "SELECT prompt FROM prompts ORDER BY prompt_id") == [(one,) for one in texts]


def test_responses_may_be_messages(opened: Callable[..., Dataset]) -> None:
    answered = [message("user", "Hi!"), message("assistant", "Hello."), message("assistant", "How are you?")]
    dataset = opened(
        pa.table(
            {
                "prompt": ["Hi!"],
                "responses": pa.array(
                    [[answered, [message("assistant", "Hey.")], [message("user", "Hi!")], None]]
                ).cast(pa.list_(MESSAGES)),
                "rewards": [[1.0, 2.0, 3.0, None]],
            }
        )
    )
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "Hello.\n\nHow are you?"), (1, 2, None, "Hey."), (1, 3, None, "")]


def test_best_of_n_completions_with_an_aggregate(opened: Callable[..., Dataset]) -> None:
    dataset = opened(
        pa.table(
            {
                "problem": ["1 + 1?"],
                "solution": ["1 + 1 = 2"],
                "answer": ["2"],
                "subject": ["Algebra"],
                "level": [1],
                "unique_id": ["test/algebra/1.json"],
                "completions": [["two", "three"]],
                "scores": [[[0.9, 0.8], [0.5]]],
                "completion_tokens": [[3, 4]],
                "agg_scores": [[0.8, 0.5]],
                "pred": ["two"],
            }
        )
    )
    assert rows(dataset, "SELECT source_key, prompt FROM prompts") == [("test/algebra/1.json", "1 + 1?")]
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "two"), (1, 2, None, "three")]
    assert rows(dataset, RANKS) == [(1, 1, 0.8, 1.0), (1, 2, 0.5, 2.0)]
    assert dataset.contents.scorers == ("agg_scores",)


STEPS = {
    "problem": ["p"],
    "completions": [["a", "b", "c", "d"]],
    "scores": [[[0.5, 0.5], [0.9, 0.3], [0.25, None], []]],
}


def test_without_an_aggregate_a_reward_is_the_last_step_and_it_is_said(opened: Callable[..., Dataset]) -> None:
    dataset = opened(pa.table(STEPS))
    assert rows(dataset, RANKS) == [(1, 1, 0.5, 1.0), (1, 2, 0.3, 2.0), (1, 3, None, None), (1, 4, None, None)]
    assert dataset.contents.layout.endswith("scores: a candidate's reward is the last of its steps' scores")


def test_the_aggregate_may_be_said(opened: Callable[..., Dataset], mapped: Callable[..., None]) -> None:
    mapped(aggregate="min")
    dataset = opened(pa.table(STEPS))
    assert rows(dataset, RANKS) == [(1, 1, 0.5, 1.0), (1, 2, 0.3, 2.0), (1, 3, None, None), (1, 4, None, None)]
    mapped(aggregate="prod")
    dataset = opened(pa.table(STEPS))
    # 0.5 × 0.5 and 0.9 × 0.3
    assert rows(dataset, "SELECT round(reward, 9), rank FROM scores ORDER BY candidate LIMIT 2") == [
        (0.25, 2.0),
        (0.27, 1.0),
    ]
    assert dataset.contents.layout.endswith("scores: a candidate's reward is its steps' scores multiplied")


def test_lists_of_different_lengths_are_paired_from_the_start_and_said_so(opened: Callable[..., Dataset]) -> None:
    dataset = opened(
        pa.table(
            {
                "prompt": ["p", "q", "r"],
                "responses": [["a", "b"], ["c"], None],
                "rewards": [[1.0], [2.0, 3.0], []],
                "models": [["ant", "bee"], ["ant", "bee"], []],
            }
        )
    )
    assert rows(dataset, CANDIDATES) == [
        (1, 1, "ant", "a"),
        (1, 2, "bee", "b"),
        (2, 1, "ant", "c"),
        (2, 2, "bee", None),
    ]
    assert rows(dataset, RANKS) == [(1, 1, 1.0, 1.0), (1, 2, None, None), (2, 1, 2.0, 2.0), (2, 2, 3.0, 1.0)]
    assert rows(dataset, "SELECT prompt_id, candidates FROM prompts ORDER BY ALL") == [(1, 2), (2, 2), (3, 0)]
    assert [notice.split(". ")[0] for notice in dataset.notices] == [
        "train-00000-of-00001.parquet: candidates with a reward but no response text: 1",
        "train-00000-of-00001.parquet: prompts whose lists responses and rewards differ in length: 2",
        "train-00000-of-00001.parquet: prompts whose lists responses and models differ in length: 1",
    ]


def test_two_lists_of_scores_are_two_scorers_and_perplexity_is_better_the_lower(opened: Callable[..., Dataset]) -> None:
    dataset = opened(
        pa.table({"prompt": ["p"], "responses": [["a", "b"]], "rewards": [[1.0, 2.0]], "perplexity": [[3.0, 0.0]]})
    )
    assert dataset.contents.scorers == ("rewards", "−perplexity", "mean percentile")
    assert rows(
        dataset,
        "SELECT scorer, candidate, reward::VARCHAR, rank FROM scores WHERE scorer != 'mean percentile' ORDER BY ALL",
    ) == [
        ("rewards", 1, "1.0", 2.0),
        ("rewards", 2, "2.0", 1.0),
        ("−perplexity", 1, "-3.0", 2.0),
        ("−perplexity", 2, "0.0", 1.0),
    ]
    assert dataset.notices == ("perplexity: lower is better, shown as −perplexity.",)


def test_invalid_unicode_inside_lists_is_replaced(opened: Callable[..., Dataset]) -> None:
    texts = pa.array([b"caf\xe9", b"tea"], pa.binary()).view(pa.string())
    offsets = pa.array([0, 2, 2], pa.int32())
    dataset = opened(
        pa.table(
            {
                "prompt": ["p", "q"],
                "responses": pa.ListArray.from_arrays(offsets, texts, mask=pa.array([False, True])),
                "rewards": [[1.0, 2.0], None],
            }
        )
    )
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "caf\ufffd"), (1, 2, None, "tea")]
    assert dataset.notices[0].startswith("train-00000-of-00001.parquet: texts that are not valid Unicode: 1.")


def test_forty_thousand_candidates_of_one_prompt_are_opened_ranked_and_shown(opened: Callable[..., Dataset]) -> None:
    n = 40_000
    rewards = [float(i) for i in range(n)]
    dataset = opened(pa.table({"prompt": ["p"], "responses": [[f"t{i}" for i in range(n)]], "rewards": [rewards]}))
    assert rows(dataset, RANKS)[-1] == (1, n, n - 1.0, 1.0)
    found = prompt(dataset, "rewards", 1)
    assert found
    assert [pane(found, choice).text for choice in ("best", "40000", "rank-39999")] == ["t39999", "t39999", "t1"]


def test_a_response_may_have_forty_thousand_headers_and_items(opened: Callable[..., Dataset]) -> None:
    text = "# a\n" * 40_000 + "- **b**\n" * 40_000 + "```\n" * 80_000
    dataset = opened(pa.table({"prompt": ["p"], "responses": [[text, "c"]], "rewards": [[1.0, 2.0]]}))
    counted = "SELECT headers, list_items, bold_spans, code_blocks FROM responses ORDER BY candidate"
    assert rows(dataset, counted) == [(40_000,) * 4, (0,) * 4]
