"""A hundred times the seed: `python benchmarks/make_large.py FOLDER` writes 100 files of 1,000 prompts × 100 candidates.

The columns are the seed's that have no copies of others; texts are short, 40 to 200 characters, so that what is measured is
the number of rows. Each file is drawn by its own number, so the same ones each time.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SHARDS, PROMPTS, CANDIDATES, MODELS = 100, 1_000, 100, 50
PIECES = 20_000
TEXT = """
the a of to and in is it you that was for on are with as his they be at one have this from or had by hot but some what there
we can out other were all your when up use word how said each she which do their time if will way about many then them would
write like so these her long make thing see him two has look more day could go come did my sound no most number who over know
water than call first people may down side been now find volcano violin glacier orchestra sorry
"""
SUBSETS = (
    "alpacaeval-easy", "alpacaeval-hard", "mt-bench-easy", "llmbar-natural", "llmbar-adver-manual", "refusals-dangerous",
    "xstest-should-respond", "donotanswer", "math-prm", "hep-python", "hep-java", "hep-rust",
)  # fmt: skip


def pieces(rng: np.random.Generator) -> pa.Array:
    """Parts of sentences, some 20 to 60 characters each."""
    words = np.array(TEXT.split())
    return pa.array([" ".join(rng.choice(words, rng.integers(4, 12))) for _ in range(PIECES)])


def texts(rng: np.random.Generator, parts: pa.Array, count: int) -> pa.Array:
    """So many texts, each of two to four parts; every fiftieth begins with a heading, as lists and headings are counted."""
    chosen = [pc.take(parts, pa.array(rng.integers(0, len(parts), count))) for _ in range(4)]
    several = rng.integers(2, 5, count)
    empty = pa.scalar("")
    kept = [pc.if_else(pa.array(several > place), part, empty) for place, part in enumerate(chosen)]
    start = pc.if_else(pa.array(rng.random(count) < 0.02), pa.scalar("# Answer\n- "), empty)
    return pc.binary_join_element_wise(start, *kept, "")


def shard(number: int, parts: pa.Array) -> pa.Table:
    """One file's rows."""
    rng = np.random.default_rng(number)
    quality = np.random.default_rng(0).normal(0, 1, MODELS)
    models = pa.array([f"model-{place:02d}" for place in range(MODELS)])
    prompts = pc.binary_join_element_wise(
        texts(rng, parts, PROMPTS), pa.array([f"({number}.{i})" for i in range(PROMPTS)]), " "
    )
    offset = rng.normal(0, 2, PROMPTS)
    columns: dict[str, pa.Array] = {}
    written: list[pa.Array] = []
    for candidate in range(1, CANDIDATES + 1):
        response = texts(rng, parts, PROMPTS)
        if written:  # a few are the text of the first
            response = pc.if_else(pa.array(rng.random(PROMPTS) < 0.02), written[0], response)
        written.append(response)
        model = (candidate - 1 + rng.integers(0, 2, PROMPTS)) % MODELS
        length = pc.utf8_length(response).to_numpy()
        reward = offset + quality[model] + 0.004 * length + rng.normal(0, 1, PROMPTS)
        columns[f"response_{candidate}"] = response
        columns[f"response_{candidate}_model"] = pc.take(models, pa.array(model))
        columns[f"reward_{candidate}"] = pa.array(reward, mask=rng.random(PROMPTS) < 0.01)
    given = {
        "prompt": prompts,
        "subset": pc.take(pa.array(SUBSETS), pa.array(rng.integers(0, len(SUBSETS), PROMPTS))),
        "rewardbench_chosen": written[0],
        "rewardbench_rejected": written[1],
    }
    return pa.table(given | columns)


def main(folder: str) -> None:
    """Write the files."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    parts = pieces(np.random.default_rng(1_000_000))
    for number in range(SHARDS):
        file = target / f"train-{number:05d}-of-{SHARDS:05d}.parquet"
        pq.write_table(shard(number, parts), file, compression="zstd")


if __name__ == "__main__":
    main(*sys.argv[1:])
