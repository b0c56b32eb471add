"""Who still sends: a batch holds a lock for as long as its process lives."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from friendli_facade.batch._ledger import owners

OWNER = """
import sys
from pathlib import Path
from friendli_facade.batch._ledger.owners import Owner
owner = Owner(Path(sys.argv[1]))
print(owner.token, flush=True)
sys.stdin.read()
"""


def test_a_lock_ends_with_its_owner(tmp_path: Path) -> None:
    """It is alive until it is released, and leaves no file."""
    ledger = tmp_path / "ledger.sqlite3"
    owner = owners.Owner(ledger)
    assert owners.is_alive(ledger, owner.token)
    owner.release()
    assert not owners.is_alive(ledger, owner.token)
    assert not list(tmp_path.iterdir())


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    """Others see it as long as that lives, and then take its file away."""
    ledger = tmp_path / "ledger.sqlite3"
    command = [sys.executable, "-c", OWNER, str(ledger)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        token = process.stdout.readline().decode().strip()
        owners.clear(ledger)
        assert owners.is_alive(ledger, token)
        process.communicate()
    owners.clear(ledger)
    assert not owners.is_alive(ledger, token)
    assert not list((tmp_path / "ledger.sqlite3-locks").iterdir())


def test_a_lock_that_was_cleared_away_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another batch may find its file in the moment before it is locked."""
    module: Any = owners
    lock, cleared = module._is_locked_by_us, list[Path]()

    def late(descriptor: int) -> bool:
        if not cleared:
            cleared.extend((tmp_path / "ledger.sqlite3-locks").iterdir())
            cleared[0].unlink()
        return bool(lock(descriptor))

    monkeypatch.setattr(owners, "_is_locked_by_us", late)
    owner = owners.Owner(tmp_path / "ledger.sqlite3")
    assert [path.name for path in (tmp_path / "ledger.sqlite3-locks").iterdir()] == [owner.token]
    assert cleared[0].name != owner.token
    owner.release()


def test_a_batch_that_begins_lives_for_the_threads_of_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them may clear away at any moment, and a lock does not keep its own process out."""
    ledger, exists = tmp_path / "ledger.sqlite3", Path.exists

    def and_then_cleared(path: Path) -> bool:
        found = exists(path)
        owners.clear(ledger)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(Path, "exists", and_then_cleared)
        owner = owners.Owner(ledger)
    assert [path.name for path in (tmp_path / "ledger.sqlite3-locks").iterdir()] == [owner.token]
    owner.release()


def test_the_last_batch_may_end_while_another_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the folder of locks away, in the moment in which the other looks into it."""
    iterdir = Path.iterdir
    (tmp_path / "ledger.sqlite3-locks").mkdir()

    def late(path: Path) -> Iterator[Path]:
        path.rmdir()
        return iterdir(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", late)
        owners.clear(tmp_path / "ledger.sqlite3")
    assert not list(tmp_path.iterdir())
