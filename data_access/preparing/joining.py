"""Datasets with the same prompts and responses, scored by other reward models: their rewards for the first one's candidates.

Joined on text, never on row order: the exact prompt, and within it the exact response, by a 64-bit hash of each. Where a
prompt has a response more than once, its rewards go to the candidate by the same source model; without one, to each the
mean. And beside several scorers, one more: their mean percentile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from data_access import database, sql_text
from data_access.database import Connection
from data_access.layouts import Layout
from data_access.plurals import things

ENSEMBLE = "mean percentile"  # also in sql/rewards_and_ensemble.sql


@dataclass(frozen=True)
class Join:
    """How a dataset met the first one: `found` of its scored `candidates`, in `prompts_found` of its `prompts`, are there.

    `scored` of `total` candidates of the first dataset get a reward from this one: `averaged` of them the mean of several.
    """

    dataset: str
    candidates: int
    found: int
    prompts: int
    prompts_found: int
    scored: int
    total: int
    averaged: int

    def sentence(self) -> str:
        """All of it in words."""
        if not self.found:
            return (
                f"{self.dataset}: none of its scored candidates ({self.candidates:,}) was found, so it scores nothing here. "
                "Prompts and responses must be the same, character by character."
            )
        averaged = (
            " With the mean of several rewards, as their text occurs several times and the source model does not tell which "
            f"is which: {self.averaged:,}."
        )
        found = "was found" if self.candidates == 1 else "were found"
        return (
            f"{self.dataset}: {percent(self.found, self.candidates)} of its {things(self.candidates, 'scored candidate')} (in "
            f"{self.prompts_found:,} of its {things(self.prompts, 'prompt')}) {found} by their text; left out: "
            f"{self.candidates - self.found:,}. Candidates here that it scores: {self.scored:,} of {self.total:,}."
            f"{averaged if self.averaged else ''}"
        )


def percent(part: int, whole: int) -> str:
    """'98.7 %', never rounded up to 100 or down to 0."""
    share = 100 * part / whole if whole else 0.0
    rounded = min(max(round(share, 1), 0.1), 99.9) if 0 < share < 100 else share
    return f"{rounded:.1f} %".replace(".0 %", " %")


def with_ensemble(scorers: Sequence[str]) -> tuple[str, ...]:
    """The scorers, each once, and behind several of them the ensemble."""
    names = tuple(dict.fromkeys(scorers))
    return (*names, ENSEMBLE) if len(names) > 1 and ENSEMBLE not in names else names


def names_after(dataset: str, layouts: Iterable[Layout]) -> dict[str, str]:
    """What the scorers of a dataset's files are called: its only one as the dataset, several ones 'dataset: scorer'."""
    scorers = dict.fromkeys(scorer for layout in layouts for scorer in layout.scorers)
    return {scorer: f"{dataset}: {scorer}" if len(scorers) > 1 else dataset for scorer in scorers}


def rename_scorers(layout: Layout, names: Mapping[str, str]) -> Layout:
    """A layout whose scorers are called otherwise: name in the file -> name."""
    cases = " ".join(f"WHEN {sql_text.literal(old)} THEN {sql_text.literal(new)}" for old, new in names.items())
    select = f"SELECT CASE scorer {cases} END AS scorer, prompt_id, candidate, reward FROM ({layout.rewards})"
    return replace(layout, scorers=tuple(names[scorer] for scorer in layout.scorers), rewards=select)


def gather(connection: Connection, dataset: str, layout: Layout, number: int) -> None:
    """Keep the rewards of a file that is to be joined, without its texts: the table others_<number>.

    Its candidates are read one SELECT after the other, because the wide columns together need much memory.
    """
    blocks: list[str] = []
    for select in layout.candidates:
        blocks.append(f"hashed_{len(blocks)}")
        hashes = "hash(model) AS model_hash, model IS NULL AS is_anonymous, hash(response) AS text_hash"
        query = f"SELECT prompt_id, candidate, {hashes} FROM ({select}) WHERE response IS NOT NULL"
        database.create_table(connection, blocks[-1], query)
    database.create_view(connection, "hashed", sql_text.united(blocks))
    database.create_view(connection, "source_prompts", layout.prompts)
    database.create_view(connection, "given_rewards", layout.rewards)
    name = sql_text.literal(dataset)
    query = f"SELECT {name} AS dataset, {number} AS file, * FROM ({database.statement('preparing/others')})"
    database.create_table(connection, f"others_{number}", query)


def match(connection: Connection, others: str) -> None:
    """Add the gathered rewards, a SELECT, for the candidates in the view `responses` to the view given_rewards.

    They are kept as the table `matched`.
    """
    database.create_view(connection, "others", others)
    database.rename_view(connection, "given_rewards", "own_rewards")
    database.create_table(connection, "matched", database.statement("preparing/matched"))
    columns = "scorer, prompt_id, candidate, reward"
    select = f"SELECT {columns} FROM own_rewards UNION ALL SELECT {columns} FROM matched"
    database.create_view(connection, "given_rewards", select)


def joins(connection: Connection) -> tuple[Join, ...]:
    """How each dataset met the first: of the relations others, matched, prompts and responses of all files."""
    return tuple(Join(**row) for row in database.rows(connection, "preparing/joins"))
