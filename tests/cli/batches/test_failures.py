"""What failed is told, and its table is fed back in, with rows of which nothing comes."""

import errno
import json
import os
import subprocess
from io import StringIO
from pathlib import Path

import pytest

from friendli_facade.cli._batches import records
from tests.cli.batches.test_runs import failing, table
from tests.cli.batches.test_tables import batch, lines
from tests.cli.running import COMMAND, right, run
from tests.samples import PNG
from tests.servers import Received, Recorder, Reply, recording

FAILURES = Path("out/failures.jsonl")


def failed(*, status: int = 400) -> bytes:
    """The table of failures of three rows."""
    with recording(failing("p0", "p1", "p2", status=status)) as server:
        batch(server, table(3))
    return FAILURES.read_bytes()


def test_a_row_that_was_mended_wrongly_stays(server: Recorder) -> None:
    """A comma too many: the others are done, and what was written by hand is not gone."""
    failed()
    first, *others = FAILURES.read_text().splitlines()
    mended = "\n".join([first.removesuffix("}") + ",}", *others])
    FAILURES.write_text(mended)
    done = batch(server, str(FAILURES))
    assert (done.status, "line 1 is no JSON" in done.err) == (2, True)
    assert f"{FAILURES} stays as it was: it has rows of which nothing came" in done.err
    assert FAILURES.read_text() == mended
    FAILURES.write_text("\n".join([first, *others]))
    assert batch(server, str(FAILURES)).status == 0
    assert not FAILURES.exists()


def test_rows_that_are_skipped_stay(server: Recorder) -> None:
    """They are ambiguous, and nobody was to be told of them."""
    before = failed(status=504)
    assert batch(server, str(FAILURES), "--ambiguous", "skip").status == 1
    assert FAILURES.read_bytes() == before


def test_standard_input_may_be_the_table_of_failures() -> None:
    """It stays where the run was stopped, as if it were given by name."""
    before = failed()
    words = ["batch", "-", "-o", "out", "--container", "--max-images", "1", "-j", "1"]
    with recording(right) as server, FAILURES.open("rb") as stdin:
        command = [*COMMAND, *words, "--server-url", server.url]
        process = subprocess.run(command, stdin=stdin, capture_output=True, check=False)
    assert (process.returncode, FAILURES.read_bytes()) == (1, before)
    assert {row["state"] for row in lines("outcomes.jsonl")} == {"done"}


def test_a_picture_that_cannot_be_fetched_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is drawn and paid for: its whole URL is told, and stands in the table of outcomes."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_test")

    def answer(request: Received) -> Reply:
        if request.method == "GET":
            return 404, {}, b"gone"
        item = {"seed": 1, "response_format": "url", "url": url}
        return 200, {}, json.dumps({"data": [item]}).encode()

    with recording(answer) as server:
        url = f"{server.url}/1.png?signature=s"
        words = (table(1), "-o", "out", "--model", "m", "--server-url", server.url)
        done = run("batch", *words)
    (row,) = lines("outcomes.jsonl")
    assert (row["state"], row["files"], row["urls"]) == ("ambiguous", [], [url])
    assert f"what came is kept at {url}" in done.err


def test_a_picture_that_finds_no_room_is_kept_elsewhere(
    server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told where, and stands in the table of outcomes."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = batch(server, table(1))
    (row,) = lines("outcomes.jsonl")
    assert (done.status, row["state"], row["files"]) == (5, "ambiguous", [])
    (place,) = row["rescued"]
    assert Path(place).read_bytes() == PNG
    assert f"what came is kept at {place}" in done.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is full")
def test_what_cannot_be_told_leaves_no_row_undone(server: Recorder) -> None:
    """Standard output is full: all rows are done, and in the table."""
    words = ["batch", table(3), "-o", "out", "--container", "--json", "-j", "1"]
    with Path("/dev/full").open("wb") as full:
        command = [*COMMAND, *words, "--server-url", server.url]
        process = subprocess.run(command, stdout=full, stderr=-1, text=True, check=False)
    assert (process.returncode, len(lines("outcomes.jsonl"))) == (5, 3)
    assert process.stderr.splitlines()[-1] == ("error: standard output: No space left on device")


class Full(StringIO):
    """A file on a full disk: it takes nothing, or says so only when it is closed."""

    def __init__(self, name: Path, *, is_buffered: bool) -> None:
        super().__init__()
        self.name = str(name)
        self._is_buffered = is_buffered

    def write(self, text: str) -> int:
        """Fails, or leaves it for later."""
        return super().write(text) if self._is_buffered else self._fail()

    def close(self) -> None:
        """Fails once."""
        if not self.closed:
            super().close()
            self._fail()

    def _fail(self) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("is_buffered", [True, False])
def test_tables_that_find_no_room_are_named(
    server: Recorder, monkeypatch: pytest.MonkeyPatch, is_buffered: bool
) -> None:
    """Exit 5; the pictures stand in their places, and nothing hidden beside them."""
    names = iter([Path("out/.1.part"), Path("out/.2.part")])

    def part(_: Path) -> Full:
        return Full(next(names), is_buffered=is_buffered)

    monkeypatch.setattr(records, "_part", part)
    done = batch(server, table(3))
    assert (done.status, len(list(Path("out").glob("*.png")))) == (5, 3)
    assert "out/outcomes.jsonl: No space left on device" in done.err
    assert not Path("out/outcomes.jsonl").exists()
