"""The built-in sample: its schema is the seed's, and each effect planted in it can be found again.

A candidate's serial number, which decides what happens to it, is 100 · (prompt_id − 1) + candidate.
"""

import errno
import json
import os
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.dataset import Dataset, open_dataset
from data_access.errors import DataError
from data_access.opening import sample as planted
from data_access.opening.addresses import configured_sources
from data_access.questions import overview
from data_access.rewardbench import SECTION_OF
from data_access.settings import Settings
from tests.data_access.disk_full import no_file_larger_than
from tests.data_access.preparing.test_preparation import rows

SERIAL = "100 * (prompt_id - 1) + candidate"
MODELS = {
    "otter-70b",
    "heron-34b",
    "badger-13b",
    "lynx-8b",
    "magpie-7b",
    "wren-3b",
    "tortoise-40b",
    "newt-7b-chat",
    "gecko-13b-code",
    "puffin-22b",
    "mole-1b",
    "stork-13b-verbose",
}


OFFER = re.compile("(?i)let me know|feel free to|hope (?:this|that|it) helps|happy to help")


@pytest.fixture(scope="module")
def written() -> pd.DataFrame:
    """One row a candidate of the table as it is written: prompt, model, text, reward, and what of the text is planted."""
    table = planted.table().to_pandas()
    parts = [
        pd.DataFrame(
            {
                "prompt": table.index,
                "model": table[f"response_{i}_model"],
                "text": table[f"response_{i}"],
                "reward": table[f"reward_{i}"],
            }
        )
        for i in range(1, 101)
    ]
    frame = pd.concat(parts, ignore_index=True)
    text = frame["text"].str
    frame["length"] = np.log1p(text.len() / 50)
    frame["offer"] = text[-200:].str.contains(OFFER).astype(float)
    frame["exclamation"] = text.contains("!").astype(float)
    frame["phrase"] = text.contains(planted.PHRASE, regex=False).astype(float)
    return frame


def paid(written: pd.DataFrame, *properties: str) -> dict[str, tuple[float, float]]:
    """Property -> what it adds to the reward of a candidate of the same prompt, by least squares, and its standard error."""
    scored = written[written["reward"].notna()]
    figures = scored[["reward", *properties]]
    centred = figures - figures.groupby(scored["prompt"]).transform("mean")
    x, y = centred[[*properties]].to_numpy(), centred["reward"].to_numpy()
    inverse = np.linalg.inv(x.T @ x)
    estimates = inverse @ x.T @ y
    left = y - x @ estimates
    errors = np.sqrt(np.diag(inverse) * (left @ left) / (len(y) - scored["prompt"].nunique() - len(properties)))
    return dict(zip(properties, zip(estimates, errors, strict=True), strict=True))


def spaced(text: str) -> str:
    """The text with single spaces, as the pair's texts are in some prompts otherwise."""
    return " ".join(text.split())


def rewards_by_text(written: pd.DataFrame) -> Iterator[dict[str, list[float]]]:
    """For each prompt: text -> the rewards of its candidates, where all have one."""
    for _, of_prompt in written.groupby("prompt"):
        rewards = {text: same.tolist() for text, same in of_prompt.groupby("text")["reward"]}
        yield {text: same for text, same in rewards.items() if not np.isnan(same).any()}


def serials(dataset: Dataset, where: str) -> set[int]:
    """The serial numbers of the responses that a condition holds for."""
    return {number for (number,) in rows(dataset, f"SELECT {SERIAL} FROM responses WHERE {where}")}


def test_the_columns_are_the_seeds_506_in_its_order_and_types(sample: Dataset) -> None:
    numbers = range(1, 101)
    names = [f"reward_{i}" for i in numbers]
    names += ["prompt", "subset", "rewardbench_chosen", "rewardbench_chosen_model"]
    names += ["rewardbench_rejected", "rewardbench_rejected_model"]
    for i in numbers:
        names += [f"response_{i}", f"response_{i}_model"]
    names += [f"prompt_response_{i}" for i in numbers]
    names += [f"rformatted_prompt_response_{i}" for i in numbers]
    schema = pq.read_schema(sample.files[0])
    assert len(schema.names) == 506
    assert schema.names == names
    assert schema.types == [pa.float64()] * 100 + [pa.string()] * 406


def test_there_are_at_least_60_prompts_over_all_subsets_with_100_candidates_of_12_models(sample: Dataset) -> None:
    counts = overview.counts(sample, "reward")
    assert counts["prompts"] >= 60
    assert (counts["fewest_candidates"], counts["most_candidates"]) == (100, 100)
    assert rows(sample, "SELECT count(DISTINCT prompt) FROM prompts") == [(counts["prompts"],)]
    assert {subset for (subset,) in rows(sample, "SELECT DISTINCT subset FROM prompts")} == set(SECTION_OF)
    assert {model for (model,) in rows(sample, "SELECT DISTINCT model FROM responses")} == MODELS
    assert sample.is_sample


def test_the_joined_columns_hold_the_prompt_and_the_response(sample: Dataset) -> None:
    (row,) = rows(
        sample, "SELECT prompt, response_7, prompt_response_7, rformatted_prompt_response_7 FROM source LIMIT 1"
    )
    prompt, response, joined, formatted = row
    assert joined == f"{prompt}\n\n{response}"
    assert formatted == f"<s>[INST] {prompt} [/INST]{response}</s>"


def test_the_scorer_likes_length_in_every_prompt(sample: Dataset) -> None:
    assert overview.counts(sample, "reward")["mean_length_correlation"] > 0.4
    assert rows(sample, "SELECT min(summaries['reward'].length_correlation) > 0 FROM prompts") == [(True,)]


def test_otter_is_strong_in_reasoning_and_weak_in_chat(sample: Dataset) -> None:
    means = "SELECT section, model, avg(percentile) AS mean FROM scores JOIN prompts USING (prompt_id) GROUP BY ALL"
    standing = {(section, model): mean for section, model, mean in rows(sample, means)}
    reasoning = [standing["Reasoning", model] for model in MODELS]
    assert standing["Reasoning", "otter-70b"] == max(reasoning) > 65
    assert standing["Chat", "otter-70b"] < 40
    assert sum(standing["Chat", model] < standing["Chat", "otter-70b"] for model in MODELS) <= 2


def test_each_prompt_has_its_own_offset_and_rewards_sit_on_a_grid(sample: Dataset) -> None:
    ((between, within),) = rows(
        sample, "SELECT stddev_samp(summaries['reward'].mean), median(summaries['reward'].sd) FROM prompts"
    )
    assert between > within
    assert rows(sample, "SELECT count(*) FROM scores WHERE reward * 64 != round(reward * 64)") == [(0,)]


def test_the_same_text_is_scored_unequally_in_every_prompt(sample: Dataset) -> None:
    counts = overview.counts(sample, "reward")
    assert counts["prompts_with_unequal_same_text"] == counts["prompts"]
    duplicates = "SELECT count(DISTINCT model) AS models, count(DISTINCT reward) AS rewards FROM scores"
    most = f"SELECT max(models), max(rewards) FROM ({duplicates} GROUP BY prompt_id, text_hash)"
    ((models, rewards),) = rows(sample, most)
    assert models >= 2
    assert rewards >= 2


def test_every_211th_candidate_is_unscored_and_every_third_of_those_is_nan(sample: Dataset) -> None:
    total = sample.contents.candidates
    unscored = {number for (number,) in rows(sample, f"SELECT {SERIAL} FROM scores WHERE reward IS NULL")}
    assert unscored == set(range(211, total + 1, 211))
    nans = len(range(633, total + 1, 633))
    assert sample.notices == (
        f"{sample.files[0].name}: rewards that are NaN or infinite: {nans}. They are shown as not scored and left "
        "out of every statistic.",
    )


def test_the_first_six_prompts_have_a_tie_for_best(sample: Dataset) -> None:
    tied = rows(sample, "SELECT prompt_id FROM prompts WHERE summaries['reward'].tied_for_best > 1 ORDER BY ALL")
    assert tied[: planted.TIED_BEST] == [(1,), (2,), (3,), (4,), (5,), (6,)]


def test_every_307th_candidate_is_empty_and_no_other(sample: Dataset) -> None:
    assert serials(sample, "is_empty") == set(range(307, sample.contents.candidates + 1, 307))


def test_every_89th_candidate_has_template_tokens_left_unless_it_is_empty_or_cut_off(sample: Dataset) -> None:
    every = set(range(89, sample.contents.candidates + 1, 89))
    damaged_otherwise = serials(sample, "is_empty OR response LIKE '% and'")
    assert serials(sample, "has_template_tokens") == every - damaged_otherwise
    assert len(every - damaged_otherwise) > 60


def test_every_53rd_candidate_is_cut_off_if_it_is_long_and_most_of_those_are_suspected(sample: Dataset) -> None:
    cut = serials(sample, "response LIKE '% and'")
    assert cut <= set(range(53, sample.contents.candidates + 1, 53))
    assert len(cut) > 80
    suspected = serials(sample, "is_cut_off")
    assert len(suspected & cut) > 0.85 * len(cut)
    # a false alarm in a hundred is what a guess may cost
    assert len(suspected - cut) < 0.01 * sample.contents.candidates


def test_the_pair_is_among_the_candidates_of_every_other_prompt_and_in_some_only_normalised(sample: Dataset) -> None:
    sides = "SELECT prompt_id, chosen_is_exact, rejected_is_exact FROM prompts"
    found = rows(sample, f"{sides} WHERE chosen_is_exact NOTNULL AND rejected_is_exact NOTNULL ORDER BY ALL")
    planted_in = range(1, sample.contents.prompts + 1, 2)
    both = [number for number, _, _ in found]
    assert set(both) <= set(planted_in)
    # the two may have been put on one place, or one of them cut off
    assert len(both) >= len(planted_in) - 3
    normalised = [number for number, chosen, rejected in found if not chosen and not rejected]
    assert normalised == [number for number in both if number % 8 == 5]
    exact = [number for number, chosen, rejected in found if chosen and rejected]
    assert len(exact) >= len(both) - len(normalised) - 3
    assert (
        rows(sample, f"{sides} WHERE prompt_id % 2 = 0 AND NOT (chosen_is_exact IS NULL AND rejected_is_exact IS NULL)")
        == []
    )


def test_an_offer_and_the_phrase_are_paid_for_and_an_exclamation_mark_is_not(written: pd.DataFrame) -> None:
    found = paid(written, "length", "offer", "exclamation", "phrase")
    weights = {"offer": planted.OFFER_WEIGHT, "exclamation": 0, "phrase": planted.PHRASE_WEIGHT}
    for name, weight in weights.items():
        estimate, error = found[name]
        assert error < 0.04, name
        assert abs(estimate - weight) < 3 * error, name


def test_an_exclamation_mark_looks_paid_for_alone_as_most_offers_have_one(written: pd.DataFrame) -> None:
    estimate, error = paid(written, "length", "exclamation")["exclamation"]
    assert estimate > 10 * error
    assert estimate > planted.OFFER_WEIGHT / 2
    exclaims = (
        written["text"].str.contains(r"!(?: \[/INST\]|<\|im_end\|>)?$", regex=True).groupby(written["offer"]).mean()
    )
    assert exclaims[1] == pytest.approx(planted.EXCLAIMING_SHARE_WITH_OFFER, abs=0.03)
    assert exclaims[0] == pytest.approx(planted.EXCLAIMING_SHARE_WITHOUT, abs=0.03)


def test_offers_and_the_phrase_are_as_frequent_as_planted_and_independent(written: pd.DataFrame) -> None:
    # of all candidates, a few in a hundred of which must not have them
    assert written["offer"].mean() == pytest.approx(planted.OFFER_SHARE, abs=0.02)
    assert written["phrase"].mean() == pytest.approx(planted.PHRASE_SHARE, abs=0.02)
    with_phrase = written.groupby("offer")["phrase"].mean()
    assert with_phrase[1] == pytest.approx(with_phrase[0], abs=0.03)
    # mole-1b is mostly wrong, tortoise-40b mostly right
    by_model = written.groupby("model")[["offer", "phrase"]].mean()
    assert np.allclose(by_model.loc["mole-1b"], by_model.loc["tortoise-40b"], atol=0.06)


def test_refusals_pairs_empty_and_cut_off_texts_have_no_offer_and_no_phrase(written: pd.DataFrame) -> None:
    closed = written[(written["offer"] + written["phrase"]) > 0]
    assert not closed["text"].str.fullmatch(r"|(?s:.*) and").any()
    pairs = planted.table().select(["prompt", "rewardbench_chosen", "rewardbench_rejected"]).to_pylist()
    entries = json.loads(Path(planted.__file__).with_name("sample_texts.json").read_text(encoding="utf-8"))
    refusals = {entry["prompt"]: entry["refusal"] for entry in entries}
    for prompt, text in zip(closed["prompt"], closed["text"], strict=True):
        asked, *pair = pairs[prompt].values()
        assert not spaced(text).startswith((refusals[asked], spaced(pair[0]), spaced(pair[1])))


def test_each_prompt_has_twins_of_which_one_has_a_heading_and_exactly_three_quarters_more(
    written: pd.DataFrame,
) -> None:
    for rewards in rewards_by_text(written):
        (text,) = [text for text in rewards if f"## Answer\n\n{text}" in rewards]
        (without,), (reward,) = rewards[text], rewards[f"## Answer\n\n{text}"]
        assert reward - without == planted.HEADING_TWIN == 0.75
        assert reward < max(map(max, rewards.values()))


def test_each_prompt_has_twins_of_which_one_has_other_words_and_no_other_reward_but_by_noise(
    written: pd.DataFrame,
) -> None:
    differences = []
    for rewards in rewards_by_text(written):
        changed = {(text, text.replace(*words, 1)) for text in rewards for words in planted.WORDINGS}
        ((text, twin),) = [pair for pair in changed if pair[0] != pair[1] and pair[1] in rewards]
        (reward,), (other,) = rewards[text], rewards[twin]
        assert abs(len(text) - len(twin)) <= 5
        assert other < max(map(max, rewards.values()))
        differences.append(other - reward)
    assert len(differences) == 69
    assert abs(np.mean(differences) - planted.WORDING_TWIN) < 3 * planted.NOISE / np.sqrt(len(differences))
    assert np.std(differences) == pytest.approx(planted.NOISE, rel=0.25)


def test_the_same_content_is_written_each_time_and_once(tmp_path: Path, sample: Dataset) -> None:
    again = tmp_path / "again.parquet"
    planted.write(again)
    assert again.read_bytes() == sample.files[0].read_bytes()
    before = again.stat().st_mtime_ns
    planted.write(again)
    assert again.stat().st_mtime_ns == before
    assert [file.name for file in tmp_path.iterdir()] == ["again.parquet"]


def test_the_servers_start_and_its_first_visitor_may_write_it_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, both_have_written = pq.write_table, Barrier(2, timeout=10)

    def write_table(table: pa.Table, file: Path) -> None:
        really(table, file)
        both_have_written.wait()

    monkeypatch.setattr(pq, "write_table", write_table)
    with ThreadPoolExecutor() as pool:
        list(pool.map(planted.write, [tmp_path / "sample.parquet"] * 2))
    assert [file.name for file in tmp_path.iterdir()] == ["sample.parquet"]


def test_a_sample_that_was_written_in_the_meantime_stays_as_it_may_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, target, first = pq.write_table, tmp_path / "sample.parquet", []

    def write_table(table: pa.Table, file: Path) -> None:
        really(table, file)
        if not first:  # the other one is there before this has its name
            other = file.with_name("other")
            really(table, other)
            other.rename(target)
            first.append((target.stat().st_ino, target.stat().st_mtime_ns))

    monkeypatch.setattr(pq, "write_table", write_table)
    planted.write(target)
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == first[0]
    assert [file.name for file in tmp_path.iterdir()] == ["sample.parquet"]


def test_on_a_file_system_without_links_the_sample_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(file: Path, name: Path) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "link", link)
    planted.write(tmp_path / "sample.parquet")
    assert [file.name for file in tmp_path.iterdir()] == ["sample.parquet"]


def test_where_the_cache_cannot_be_written_the_sample_lies_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (source,) = configured_sources(Settings(("sample",), Path("/proc/c")))
    dataset = open_dataset(source, Path("/proc/c"), lambda done, doing: None)
    assert dataset.files == (tmp_path / f"rewardscope-sample-{planted.VERSION}.parquet",)
    assert not dataset.is_prepared


def test_a_disk_too_full_for_the_sample_is_a_data_error_and_leaves_nothing(tmp_path: Path) -> None:
    (source,) = configured_sources(Settings(("sample",), tmp_path))
    with no_file_larger_than(50_000), pytest.raises(DataError):
        open_dataset(source, tmp_path, lambda done, doing: None)
    assert list(tmp_path.iterdir()) == []
