"""Whatever a link's parameter holds, the page says what it does not understand, and stays whole."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

Visit = Callable[..., AppTest]
JUNK = (
    " ",
    '{"prompt": "\\ud800", "rewards": ["\\udfff"]}',
    "\x00\x1b\u202e\ufffd",  # the last is what the bytes of a lone surrogate in an address are read as
    "-1",
    "9" * 5000,
    "nan..inf",
    "section:(",
    "<script>'; DROP TABLE prompts; --" * 500,
)
PARAMETERS = {
    "overview.py": ("data", "scorer", "by", "columns"),
    "prompts.py": (
        *("q", "in", "as", "section", "subset", "model", "flag", "spread", "best", "gap", "texts", "won", "lost"),
        *("beat", "over", "attribute", "sort", "page", "show", "x", "y"),
    ),
    "prompt.py": ("id", "candidate", "reward", "each", "view", "find", "why", "tab"),
    "compare.py": ("id", "a", "b", "c", "diff", "view", "apart", "present"),
    "models.py": ("of", "show"),
    "rewards.py": ("of", "show", "left", "by", "within", "phrases", "length", "asked", "change", "each", "other"),
    "best_of_n.py": ("of", "n", "scale"),
    "scorers.py": ("other", "id", "most", "by"),
    "checks.py": ("formatted", "show"),
    "judgements.py": ("of", "by", "says", "has", "find", "pick", "judged", "tag"),
    "export.py": (
        *(
            "strategy",
            "format",
            "text_column",
            "file",
            "per_prompt",
            "margin",
            "ratio",
            "penalty",
            "good",
            "bad",
            "per_model",
        ),
        *("without", "repeats", "agree", "balance", "columns", "origin", "validation", "seed"),
    ),
    "report.py": (),
    "sql.py": ("query",),
    "blind.py": ("show", "draw", "other", "n", "seed", "at", "set", "by"),
}


@pytest.mark.parametrize("page", PARAMETERS)
def test_junk_in_the_parameters_leaves_the_page_whole(visit: Visit, joined: str, page: str) -> None:
    at = visit(page, data=joined)
    failed = {}
    for junk in JUNK:
        at.query_params.clear()
        for name in PARAMETERS[page]:
            at.query_params[name] = junk
        at.run()
        if at.exception or not at.title:
            failed[junk[:40]] = [error.value for error in at.exception]
    assert failed == {}
