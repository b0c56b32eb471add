"""The benchmark measures what it says; no time is asserted."""

import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import attrs
import pytest

from scripts.benchmark.pictures import MIB
from scripts.benchmark.rows import ROWS, Row
from scripts.benchmark.running import Runner
from scripts.benchmark.server import serving
from scripts.benchmark.targets import COLUMNS
from scripts.contract.loading import ROOT

ROW = {row.name: row for row in ROWS}


@pytest.fixture(scope="module")
def url() -> Generator[str]:
    """A running server."""
    with serving() as url:
        yield url


@pytest.fixture
def runner(url: str, tmp_path: Path) -> Runner:
    """One that measures with this interpreter, once."""
    return Runner(url, dict.fromkeys(COLUMNS, sys.executable), tmp_path, quick=True)


def of(row: Row, *columns: str) -> Row:
    """The row with some of its contenders."""
    return attrs.evolve(row, contenders={column: row.contenders[column] for column in columns})


def test_rows_show_how_costs_grow() -> None:
    """From one call in flight to a thousand, and from 1 MiB to 200, in and out."""
    in_flight = [row.options["at_a_time"] for row in ROWS if row.scenario == "in_flight"]
    assert in_flight == [1, 8, 64, 256, 1000]
    edits = [row for row in ROWS if row.scenario == "edit" and row.name != "edit-bytes"]
    assert [sum(row.options["mebibytes"]) for row in edits] == [1, 8, 50, 200]
    for scenario in ("save", "save_url"):
        answers = [row for row in ROWS if row.scenario == scenario and row.options["answers"] == 1]
        assert [row.options["mebibytes"] for row in answers] == [(1,), (8,), (50,), (200,)]


SPENDING = """
from scripts.benchmark.measuring.cost import Cost
cost = Cost()
held = bytearray(b"x") * (32 << 20)
del held
sample = cost.sample(calls=2)
print(sample["processor"], sample["seconds"], sample["peak"], Cost().sample()["peak"])
"""


def test_cost_is_what_a_process_spends() -> None:
    """Of the processor while it works, of the clock, and of memory at its highest."""
    done = subprocess.run(
        [sys.executable, "-c", SPENDING], cwd=ROOT, capture_output=True, text=True, check=True
    )
    processor, seconds, peak, after = map(float, done.stdout.split())
    assert processor > 0
    assert seconds > 0
    # The kernel counts pages in batches.
    assert 31 * MIB < peak < 64 * MIB
    assert after < 31 * MIB


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["small", "small-async", "in-flight-8", "edit-1", "save-8", "save-url-8", "check", "prepare"],
)
def test_a_row_is_measured(runner: Runner, name: str) -> None:
    """Each contender has a figure for each measure of the row."""
    columns = ROW[name].contenders.keys() & {"plain", "facade", "facade_spans"}
    figures = runner.figures(of(ROW[name], *columns))
    for column in columns:
        assert {measure.key for measure in ROW[name].measures} == set(figures[column])
        assert figures[column]["processor"] > 0
        assert figures[column]["seconds"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["edit-bytes", "edits-async"])
def test_other_ways_to_upload_are_measured(runner: Runner, name: str) -> None:
    """Pictures that the caller holds, and many files at once; the server accepts them."""
    options = {"mebibytes": (1,), "at_a_time": 2}
    row = attrs.evolve(of(ROW[name], "plain", "facade"), options=options, quick={})
    figures = runner.figures(row)
    assert figures["plain"]["peak"] > MIB
    assert figures["facade"]["processor"] > 0


def test_calls_in_flight_are_measured_however_few_end(runner: Runner) -> None:
    """A busy machine, or a slow client, ends the run later, and not with nothing."""
    options = {"at_a_time": 2, "seconds": 0, "longest_warming_up": 0}
    row = attrs.evolve(of(ROW["in-flight-8"], "plain"), options=options)
    assert runner.figures(row)["plain"]["seconds"] > 0


@pytest.mark.slow
def test_memory_is_that_of_the_answer(runner: Runner) -> None:
    """A large answer that is held shows in it, and one that is streamed does not."""
    held = runner.figures(of(ROW["save-8"], "facade"))["facade"]["peak"]
    assert held > 8 * MIB
    assert runner.figures(of(ROW["save-url-8"], "facade"))["facade"]["peak"] < 2 * MIB


def test_an_import_is_measured(runner: Runner) -> None:
    """By what it costs, and by the modules that it brings."""
    figures = runner.figures(ROW["import-package"])
    assert figures["facade"]["modules"] == 2
    assert figures["plain"]["modules"] > 100
    assert figures["facade"]["processor"] < figures["plain"]["processor"]


def test_a_contender_that_fails_ends_the_run(runner: Runner) -> None:
    """What went wrong is told."""
    with pytest.raises(SystemExit, match="No module named"):
        runner.figures(Row("a", "a", "small", {"plain": "nobody"}))


def test_a_contender_that_is_refused_ends_the_run(runner: Runner) -> None:
    """A client that sends something else than the others is not compared with them."""
    row = attrs.evolve(of(ROW["edit-1"], "plain"), options={"mebibytes": (2,)}, first_path=None)
    with pytest.raises(SystemExit, match=re.escape("the server refused a request: plain edit")):
        runner.figures(row)
