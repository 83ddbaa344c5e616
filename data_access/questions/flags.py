"""What a filter can ask of a prompt beside its ranges: each flag's name in links, its label, and its condition in SQL."""

from collections.abc import Iterable
from typing import NamedTuple


class Flag(NamedTuple):
    """`sql` is a condition on a row of `prompts` with `summary`, the one by $scorer; `key` stands in links and recipes.

    `is_counted`: whether the Overview counts its prompts, as the condition needs no text and no candidate.
    """

    key: str
    label: str
    sql: str
    is_counted: bool = True


FLAGS = (
    Flag("unscored", "has unscored candidates", "coalesce(summary.scored, 0) < candidates"),
    Flag("same_text", "has candidates with the same text", "texts < candidates"),
    Flag("unequal_same_text", "scores the same text unequally", "summary.same_text_spread > 0"),
    Flag("tied_best", "has a tie for best", "summary.tied_for_best > 1"),
    Flag("tied", "has candidates that share a reward", "summary.tied > 0"),
    Flag("empty", "has an empty response", "empty > 0"),
    Flag("cut_off", "has a response that looks cut off", "cut_off > 0"),
    Flag("refusal", "has a refusal", "refusals > 0"),
    Flag("template_tokens", "has chat-template tokens in a response", "template_tokens > 0"),
    Flag("chosen", "chosen is among the candidates", "chosen_candidates IS NOT NULL"),
    Flag("rejected", "rejected is among the candidates", "rejected_candidates IS NOT NULL"),
    Flag(
        "pair",
        "chosen and rejected are among the candidates",
        "chosen_candidates IS NOT NULL AND rejected_candidates IS NOT NULL",
    ),
    Flag(
        "scored_pair",
        "chosen and rejected are among the scored candidates",
        "prompt_id IN (SELECT prompt_id FROM prompts JOIN scores USING (prompt_id) "
        "WHERE scorer = $scorer AND reward IS NOT NULL GROUP BY prompt_id "
        "HAVING bool_or(list_contains(chosen_candidates, candidate)) "
        "AND bool_or(list_contains(rejected_candidates, candidate)))",
        is_counted=False,
    ),
    Flag(
        "formatted_best",
        "a best response has a list, a header, bold or code",
        "prompt_id IN (SELECT prompt_id FROM scores JOIN responses USING (prompt_id, candidate) "
        "WHERE scorer = $scorer AND gap = 0 AND list_items + headers + bold_spans + code_blocks > 0)",
        is_counted=False,
    ),
    Flag("outlying", "has an outlying reward", "summary.outlying > 0"),
    Flag(
        "repeated",
        "occurs more than once",
        "prompt IN (SELECT prompt FROM prompts WHERE prompt IS NOT NULL GROUP BY prompt HAVING count(*) > 1)",
    ),
    Flag(
        "no_pair",
        "neither chosen nor rejected is among the candidates",
        "chosen_candidates IS NULL AND rejected_candidates IS NULL",
    ),
)


def all_of(keys: Iterable[str]) -> str:
    """The condition that a prompt has all these flags."""
    asked = set(keys)
    return " AND ".join(["true", *(f"({flag.sql})" for flag in FLAGS if flag.key in asked)])


def counts() -> str:
    """Columns prompts_with_<key> of how many prompts have each flag that is counted."""
    return ",\n".join(f"count(*) FILTER ({flag.sql}) AS prompts_with_{flag.key}" for flag in FLAGS if flag.is_counted)
