"""What a batch on the command line tells of rows and errors, and what it takes of a table."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from friendli_facade.batch import Progress
from friendli_facade.cli._batches import jobs as jobs_of
from friendli_facade.cli._batches import progress
from friendli_facade.cli._batches.tables import Table
from friendli_facade.cli._contract import Field
from tests.cli.batches.test_runs import failing, table
from tests.cli.batches.test_tables import batch, lines, pa, pq, sent
from tests.cli.running import run
from tests.samples import PNG
from tests.servers import Recorder, recording


def test_only_the_first_errors_are_told() -> None:
    """Ten of them, and where the others are."""
    with recording(failing(*(f"p{n}" for n in range(12)))) as server:
        done = batch(server, table(12))
    told = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert (len(told), len(lines("failures.jsonl"))) == (10, 12)
    assert done.err.count("further errors are in out/failures.jsonl") == 1


def test_debug_shows_where_the_first_error_is_from() -> None:
    """As it does for a picture alone."""
    with recording(failing("p0")) as server:
        where = ("-o", "out", "--container", "--server-url", server.url)
        done = run("--debug", "batch", table(2), *where)
    assert done.status == 3
    assert "Traceback (most recent call last):" in done.err
    assert "OtherStatusError" in done.err


def test_a_picture_may_be_an_option_for_all_rows(server: Recorder) -> None:
    """It is checked before anything is sent."""
    rows = [{"key": f"k{n}", "prompt": f"p{n}"} for n in range(2)]
    Path("t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    Path("cat.png").write_bytes(PNG)
    assert batch(server, "t.jsonl", "--image", "cat.png").status == 0
    assert [request.path for request in server.requests] == ["/v1/images/edits"] * 2
    assert len({json.dumps(body["image"]) for body in sent(server)}) == 1
    done = batch(server, "t.jsonl", "--image", "missing.png")
    assert (done.status, len(server.requests)) == (2, 2)
    assert "missing.png" in done.err


def test_a_table_without_rows_is_done(server: Recorder) -> None:
    """Whatever its prompts would be made of."""
    Path("t.jsonl").write_text("\n\n")
    done = batch(server, "t.jsonl", "--prompt", "A {style}")
    assert (done.status, server.requests) == (0, [])
    assert "0 done" in done.err or "0 of 0 done" in done.err


def test_cells_that_json_does_not_have_are_told_as_text(server: Recorder) -> None:
    """A time of a table in Parquet, say."""
    day = datetime.date(2026, 11, 22)
    pq.write_table(pa.Table.from_pylist([{"key": "a", "prompt": "p", "day": day}]), "t.parquet")
    assert batch(server, "t.parquet").status == 0
    (row,) = lines("outcomes.jsonl")
    assert row["day"] == "2026-11-22"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("FALSE", False), ("1", "1")])
def test_a_text_may_be_true_or_false(text: str, value: Any) -> None:
    """In a column of the contract's that is; any other text stays, to be refused with all else."""
    columns = jobs_of.Columns({"upscale": Field("upscale", kind="boolean")}, {}, None)
    rows = Table(rows=iter([{"upscale": text}]), columns=("upscale",), total=1, is_text=True)
    (job,) = columns.jobs(rows)
    assert isinstance(job, jobs_of.Job)
    assert job["upscale"] is value if isinstance(value, bool) else job["upscale"] == value


def test_what_was_done_earlier_has_no_rate() -> None:
    """Nothing was drawn, so nothing says how long the others take."""
    assert progress.words(Progress(done=3, earlier=3, seconds=9), 5) == "3 of 5 done (3 earlier)"


def test_rows_with_columns_of_their_own_fill_a_template_alone(server: Recorder) -> None:
    """One that lacks what the prompt is made of fails, and says so."""
    rows = [{"key": "a", "style": "red"}, {"key": "b"}]
    Path("t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = batch(server, "t.jsonl", "--template", "A {style} boat")
    assert [body["prompt"] for body in sent(server)] == ["A red boat"]
    assert "--template needs 'style', which the row has not" in done.err


def test_null_of_what_the_operation_does_not_have_is_refused(server: Recorder) -> None:
    """The options of a batch are those of all operations."""
    done = batch(server, table(1), "--edit", "--image", "https://e.com/a.png")
    assert done.status == 0, done.err
    done = batch(server, table(1), "--edit", "--null", "controlnet-weights")
    assert (done.status, len(server.requests)) == (2, 1)
    assert "error: edit has no --controlnet-weights" in done.err
