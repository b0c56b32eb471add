"""A disk that does not take what is paid for: it is told, and nothing is lost."""

import base64
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from friendli_facade import batch
from friendli_facade.batch._ledger.ledger import Ledger
from friendli_facade.batch._ledger.steps import Finish, Step
from scripts.batches.kills import respond
from scripts.faults.server import Answer, Request, of_json, serving
from tests.batch.running import jobs, rows, run
from tests.transports import Wire, right

WORKER = """
import atexit, resource, sys
from friendli_facade import SyncFriendli, batch
url, folder, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
jobs = ({"key": f"k{n}", "prompt": str(n)} for n in range(2000))
with SyncFriendli(server_url=url) as friendli:
    method = friendli.container.image.generate
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    atexit.register(resource.setrlimit, resource.RLIMIT_FSIZE, (hard, hard))  # for coverage
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    with batch.run(method, jobs, directory=folder, concurrency=4) as outcomes:
        for outcome in outcomes:
            if outcome.state != "done":
                kept = len(outcome.result.images[0].read())
                print(outcome.state, type(outcome.error).__name__, kept, flush=True)
    print(outcomes.progress.stopped)
"""
LARGE = b"\x89PNG\r\n\x1a\n" + bytes(400_000)
needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="this system has no such limits")


def large(_: Request) -> Answer:
    """A picture that is larger than a ledger of few rows."""
    return of_json({"image": base64.b64encode(LARGE).decode()})


@contextmanager
def unwritable(folder: Path) -> Generator[None]:
    """While nobody may make files in a folder, not even root."""
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.fixture
def folder() -> Generator[Path]:
    """A folder that may be looked into by all."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def full(url: str, folder: Path, most: int) -> "subprocess.CompletedProcess[str]":
    """A batch in a process whose files may have so many bytes."""
    command = [sys.executable, "-c", WORKER, url, str(folder), str(most)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs_limits
def test_a_picture_that_finds_no_room_is_still_in_the_outcome(tmp_path: Path) -> None:
    """No further job is begun, and the row says that it may be paid for."""
    with serving(large) as server:
        done = full(server.url, tmp_path, len(LARGE) - 1)
        asked = len(server.requests)
    *lost, stopped = done.stdout.splitlines()
    assert 1 <= asked <= 8
    assert lost == [f"ambiguous OSError {len(LARGE)}"] * asked
    assert stopped.startswith("a picture could not be saved: [Errno 27] File too large")
    assert {row.state for row in rows(tmp_path).values()} == {"ambiguous"}
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.sqlite3"]


@needs_limits
def test_a_ledger_that_finds_no_room_ends_the_batch(tmp_path: Path) -> None:
    """The error says so; the next run knows each picture, and sends none of them again."""
    with serving(respond) as server:
        done = full(server.url, tmp_path, 80_000)
        assert done.returncode == 1
        assert "LedgerError" in done.stderr
        assert "ledger.sqlite3: " in done.stderr
        asked = [request.json["prompt"] for request in server.requests]
        assert len(asked) == len(set(asked)) == len(list(tmp_path.glob("*.png")))
        with batch.Ledger(tmp_path) as ledger:
            known = {row.key for row in ledger.rows() if row.state in {"done", "sending"}}
        assert known == {f"k{prompt}" for prompt in asked}


@needs_limits
async def test_a_folder_that_is_read_only_is_told(way: str, folder: Path, tmp_path: Path) -> None:
    """Before anything is sent."""
    await run(way, Wire(right), jobs(1), tmp_path)  # imports all that only root may read, perhaps
    wire = Wire(right)
    with unwritable(folder), pytest.raises(PermissionError, match=folder.name):
        await run(way, wire, jobs(1), folder)
    assert not wire.requests


async def test_a_folder_that_is_none_is_told(way: str, tmp_path: Path) -> None:
    """Before anything is sent, with its name."""
    (tmp_path / "file").write_text("mine")
    wire = Wire(right)
    with pytest.raises(OSError, match="file"):
        await run(way, wire, jobs(1), tmp_path / "file")
    assert not wire.requests


@needs_limits
@pytest.mark.parametrize("is_open", [False, True])
async def test_a_ledger_that_may_not_be_written_is_read(folder: Path, *, is_open: bool) -> None:
    """On a read-only disk, and while somebody else writes to it; who was killed is not alive."""
    await run("sync", Wire(right), jobs(3), folder)
    token = "0123456789abcdef"
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as ledger, ledger:
        ledger.execute("UPDATE jobs SET state = 'sending', owner = ? WHERE key = 'k0'", (token,))
    (folder / "ledger.sqlite3-locks").mkdir()
    (folder / "ledger.sqlite3-locks" / token).touch()
    with batch.Ledger(folder) if is_open else nullcontext(), unwritable(folder):
        with batch.Ledger(folder) as read:
            assert (read.counts()["done"], read.counts()["ambiguous"], read.paid()) == (2, 1, 3)
            assert [row.state for row in read.rows()] == ["sending", "done", "done"]
        names = {path.name for path in folder.glob("ledger*")}
    others = {"ledger.sqlite3-wal", "ledger.sqlite3-shm"} if is_open else set[str]()
    assert names == {"ledger.sqlite3", "ledger.sqlite3-locks"} | others


def test_what_a_ledger_cannot_take_is_in_an_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture that is paid for is there, and then comes the error."""
    plain = Ledger.apply

    def full(self: Ledger, steps: list[Step]) -> list[Any]:
        if any(isinstance(step, Finish) for step in steps):
            raise batch.LedgerError("it is full")
        return plain(self, steps)

    monkeypatch.setattr(Ledger, "apply", full)
    outcomes: list[batch.Outcome[Any]] = []
    with Wire(right).sync() as friendli:
        ran = batch.run(friendli.container.image.generate, jobs(1), directory=tmp_path)
        with pytest.raises(batch.LedgerError, match="it is full"), ran:
            outcomes.extend(islice(ran, 1))
    assert [(one.state, one.path) for one in outcomes] == [("done", tmp_path / "k0.png")]
    assert ran.progress.stopped == "it failed: it is full"
