"""What each page gives to a report: a module a page, whose function makes blocks of what the part asks for."""

from collections.abc import Callable
from typing import NamedTuple

from data_access.report.asked import Asked
from data_access.report.blocks import Block
from data_access.report.parts import best_of_n, blind, checks, compare, models, overview, prompt, rewards, scorers


class Page(NamedTuple):
    """A page that can be added: its title and question, as in the menu; its parameters of the link besides the scorer and the
    filter; what it gives; and whether the filter on prompts says something of it."""

    title: str
    question: str
    parameters: tuple[str, ...]
    blocks: Callable[[Asked], list[Block]]
    is_filtered: bool = False


# Named as in a link.
PAGES = {
    "overview": Page("Overview", "What is in this dataset?", overview.PARAMETERS, overview.overview_part),
    "prompt": Page(
        "Prompt", "How did a prompt's candidates do?", prompt.PARAMETERS, prompt.prompt_part, is_filtered=True
    ),
    "compare": Page(
        "Compare", "Why this response over that one?", compare.PARAMETERS, compare.compare_part, is_filtered=True
    ),
    "models": Page(
        "Source models", "Which source models does this scorer prefer?", models.PARAMETERS, models.models_part
    ),
    "rewards": Page(
        "What it rewards", "Which properties of a text go with its reward?", rewards.PARAMETERS, rewards.rewards_part
    ),
    "best_of_n": Page(
        "Best-of-N", "What does sampling more candidates buy?", best_of_n.PARAMETERS, best_of_n.best_of_n_part
    ),
    "scorers": Page(
        "Scorers",
        "Where do several scorers agree, and what does following one cost?",
        scorers.PARAMETERS,
        scorers.scorers_part,
    ),
    "blind": Page("Compare blind", "Which of two responses do people prefer?", blind.PARAMETERS, blind.blind_part),
    "checks": Page("Checks", "Where is a reward not to be trusted?", checks.PARAMETERS, checks.checks_part),
}
