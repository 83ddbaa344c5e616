"""Random links to every page: what somebody may have typed, cut off, mixed up, or made to do harm.

`python -m tests.pages.random_links --links 1000 [--page prompts.py] [--seed 7]` visits so many of each page, one after the
other as one viewer, and says which of them broke it. The dataset is the small one of the tests of pages, with two scorers.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
from altair.utils import schemapi
from streamlit.testing.v1 import AppTest

from tests.conftest import wide_table
from tests.pages.conftest import FRAME, OTHER, ROWS

Link = dict[str, list[str]]
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
SHARED = (
    "data",
    "scorer",
    *PARAMETERS["prompts.py"],
    "twin",
    "judged",
    "id",
    "map",
)  # every page reads or carries these

# What parameters take somewhere, each as likely in the place of another.
WORDS = (
    "reward", "reward (other)", "ensemble", "tiny", "other", "sample", "math-prm", "alpacaeval-easy", "house rules",
    "Reasoning", "Chat", "section:Chat", "subset:math-prm", "ant", "bee", "cow", "NullModel", "best", "worst",
    "median", "chosen", "rejected", "none", "off", "a-b", "b-c", "raw", "rendered", "table", "grid", "scatter", "gap",
    "-gap", "spread", "-spread", "lead", "texts", "attribute", "-attribute", "id", "words", "regex", "both", "prompt",
    "responses", "bold", "lists", "length", "hedges", "offer", "any", "star", "note", "tag", "compare", "results",
    "random", "close", "scorers", "tau", "regret", "scores", "head to head", "attributes", "phrases", "pairs",
    "openings", "twins", "differ", "form", "models", "out", "log", "linear", "subset", "max_near", "max_min",
    "max_random", "top", "all", "candidates", "prompts", "trl_dpo", "trl_kto", "trl_text", "jsonl", "parquet",
    "refusal", "cut_off", "empty", "agreement", "noise", "data", "here", "elsewhere", "1", "2", "3", "7", "0", "10",
    "100", "1000", "0.5", "0.1", "1e-9", "..2", "0.5..", "0.5..2", "-3..3", "5..1", "yes", "true",
)  # fmt: skip
HARMFUL = (
    *JUNK, "", "None", "null", "NaN", "-Infinity", "1e999", "0x1", "１２", "٣", "1_000", "+1", " 1", "1.0", "-0",
    "2147483648", "9223372036854775808", "..", "..nan", "1..1..1", "%00", "%", "%zz", "../../etc/passwd",
    "/etc/passwd", "file:///etc/passwd", "hf:", "hf:../..", "upload:", "upload:" + "a" * 32, "' OR 1=1 --",
    '"); DROP TABLE prompts; --', "{}", "[]", "{{7*7}}", "$x", "${jndi:x}", "\\", "\\1", "(?:", "(a+)+$", "[", "*",
    "(?i)", "\\p{L}", "\u200b", "\u202e", "e\u0301", "🏴‍☠️", "\U0010ffff", "\ufeff", "a,b", ",", ",,", "a\nb", "a\tb",
    "a:b:c", ":", "=", "&", "#", "?", "'", '"', "`", "<b>", "javascript:alert(1)", "constructor", "__proto__",
    "__class__", "x" * 5000,
)  # fmt: skip


def value(draw: random.Random) -> str:
    """What a parameter is given: a word that some parameter takes, one that is nearly one, a number, or something harmful."""
    kind = draw.random()
    if kind < 0.45:
        return draw.choice(WORDS)
    if kind < 0.6:
        word = draw.choice(WORDS)
        place = draw.randrange(len(word) + 1)
        return draw.choice(
            [word[:place], word[:place] + chr(draw.randrange(1, 0x2FFF)) + word[place:], word * 2, word.upper()]
        )
    if kind < 0.7:
        return str(draw.choice([draw.randrange(-5, 2000), draw.uniform(-5, 5), 10 ** draw.randrange(30)]))
    return draw.choice(HARMFUL)


def links(page: str, count: int, seed: int) -> Iterator[Link]:
    """So many links to a page, the same for the same seed; most parameters are the page's own."""
    draw = random.Random(f"{seed} {page}")
    own = PARAMETERS[page] or SHARED
    for _ in range(count):
        names = draw.sample(own, draw.randint(1, min(len(own), 6)))
        names += draw.sample(SHARED, draw.randint(0, 2))
        yield {name: [value(draw) for _ in range(draw.choice([1, 1, 1, 1, 2, 3]))] for name in names}


def broken(at: AppTest, link: Link) -> str:
    """What is wrong with the page after the visit of a link by this viewer; '' where it stands."""
    at.query_params.clear()
    for name, values in link.items():
        at.query_params[name] = values
    at.run()
    if at.exception:
        return "; ".join(error.value for error in at.exception)
    opens_another = "data" in link
    return "" if at.title or (opens_another and at.get("error")) else "The page has neither a title nor a sentence."


def tried(visit: Callable[[str], AppTest], page: str, count: int, seed: int) -> list[tuple[Link, str]]:
    """The links of so many that broke the page, each with what was wrong."""
    at = visit(page)
    found = []
    for link in links(page, count, seed):
        if said := broken(at, link):
            found.append((link, said))
            at = visit(page)
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=1000)
    parser.add_argument("--page", choices=PARAMETERS, action="append")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    schemapi.disable_debug_mode()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        tiny, other = Path(folder, "tiny.parquet"), Path(folder, "other.parquet")
        pq.write_table(wide_table(ROWS), tiny)
        pq.write_table(wide_table(OTHER), other)
        os.environ |= {
            "REWARDSCOPE_DATA": f"{tiny} + {other},{tiny}",
            "REWARDSCOPE_CACHE": str(Path(folder, "cache")),
            "REWARDSCOPE_JUDGEMENTS": str(Path(folder, "judgements.sqlite")),
            "REWARDSCOPE_HUB": "off",
        }

        def visit(page: str) -> AppTest:
            at = AppTest.from_file(FRAME, default_timeout=120)
            at.switch_page(page)
            return at.run()

        for page in asked.page or PARAMETERS:
            begun = time.process_time()
            found = tried(visit, page, asked.links, asked.seed)
            failed += len(found)
            print(
                f"{page}: {asked.links:,} links, {len(found)} broke it, {time.process_time() - begun:.0f} s", flush=True
            )
            for link, said in found:
                print(f"  {link!r}: {said}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
