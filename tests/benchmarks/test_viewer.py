"""A viewer without a browser, as the benchmark has thirty of, on a real server."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.viewer import Run, Step, viewer
from tests.e2e.conftest import running


@pytest.mark.e2e
def test_a_viewer_opens_pages_presses_a_button_and_says_what_is_wrong(tmp_path: Path) -> None:
    steps = [
        Step("prompt", "id=3"),
        Step("prompts", "sort=-spread"),
        Step("prompt", "id=3"),
        Step(press="next_prompt"),
        Step("sql", "query=SELECT+nothing"),
        Step("nowhere"),
    ]

    async def walked(url: str) -> tuple[list[Run], str]:
        async with viewer(url) as one:
            runs = [await one.take(step) for step in steps[:4]]
            query = one.query
            return [*runs, *[await one.take(step) for step in steps[4:]]], query

    with running(tmp_path, REWARDSCOPE_DATA="sample") as url:
        runs, query = asyncio.run(walked(url))
    assert [run.step for run in runs] == steps
    assert [run.error for run in runs] == ["", "", "", "", "The query failed.", "There is no page 'nowhere'."]
    assert query == "id=4"  # the button has changed the address
    cold, again = runs[0], runs[2]
    assert cold.elements >= again.elements > 30  # the first time there is a bar, while the dataset is opened
    assert cold.containers >= again.containers > 20
    assert again.size < cold.size  # the style sheet is not sent a second time
    assert all(run.seconds > 0 for run in runs)
