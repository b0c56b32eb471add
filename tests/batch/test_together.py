"""Two batches of one folder at once, and who else has its ledger."""

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from friendli_facade import batch
from friendli_facade.batch import _engine
from friendli_facade.batch._ledger import connecting
from friendli_facade.batch._ledger import ledger as ledgers
from friendli_facade.batch._ledger.ledger import NAME, Ledger
from friendli_facade.batch._ledger.steps import Claim, Finish, Look
from friendli_facade.batch._sending import Sending
from tests.batch.running import jobs, run
from tests.transports import Wire, right


def claim(number: int) -> Claim:
    """A job's beginning, in another batch."""
    asked = f'{{"prompt":"p{number}"}}'
    return Claim(f"k{number}", "containerImagesGenerate", asked, iter([f"k{number}"]))


async def test_who_is_faster_by_a_moment_sends_a_job(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other leaves it, and has its place in the budget for another job."""
    sending: Any = Sending
    really = sending._claim

    async def late(self: Any, sent: Any, name: str) -> bool:
        if sent.checked.key == "k0":
            other.apply([claim(0)])
        return bool(await really(self, sent, name))

    monkeypatch.setattr(Sending, "_claim", late)
    with Ledger.create(tmp_path / NAME) as other:
        other.begin()
        wire = Wire(right)
        ran = await run(way, wire, jobs(3), tmp_path, concurrency=1, max_images=2)
        assert (ran.states, ran.progress.elsewhere) == ({"k1": "done", "k2": "done"}, 1)
        assert len(wire.requests) == 2
        assert other.counts()["sending"] == 1


async def test_many_jobs_of_another_batch_are_asked_for_on_the_way(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not all of a long table are kept until its end: what is done meanwhile is told then."""
    monkeypatch.setattr(_engine, "_MANY", 4)
    with Ledger.create(tmp_path / NAME) as other:
        other.begin()
        other.apply([claim(number) for number in range(6)])

        def table() -> Iterator[dict[str, Any]]:
            for number, job in enumerate(jobs(12)):
                if number == 3:
                    other.apply([Finish("k0", "done", images=1, file="k0.png")])
                yield job

        ran = await run(way, Wire(right), table(), tmp_path, concurrency=1)
    assert set(ran.states) == {"k0", *(f"k{number}" for number in range(6, 12))}
    assert ran.outcomes[0].key == "k0"
    assert ran.outcomes[0].is_earlier
    assert ran.progress.elsewhere == 5


def test_beginning_twice_is_beginning_once(tmp_path: Path) -> None:
    """A ledger has one lock, and leaves none."""
    with Ledger.create(tmp_path / NAME) as ledger:
        for _ in range(2):
            ledger.begin()
            assert len(list((tmp_path / f"{NAME}-locks").iterdir())) == 1
    assert not (tmp_path / f"{NAME}-locks").exists()


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another that reads a ledger which is not there yet; SQLite itself does not wait for it."""
    monkeypatch.setattr(connecting, "BUSY", 0)
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM sqlite_master").fetchone()
    yield other
    other.close()


def test_a_ledger_waits_for_another_that_begins_it(
    tmp_path: Path, reading: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until that is done."""
    waited = list[float | None]()

    class Waiting(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            if len(waited) == 3:
                reading.execute("ROLLBACK")
            return True

    monkeypatch.setattr(ledgers, "Event", Waiting)
    monkeypatch.setattr(ledgers, "monotonic", lambda: 0)
    with Ledger.create(tmp_path / NAME) as ledger:
        assert sum(ledger.counts().values()) == 0
    assert len(waited) == 3


def test_a_ledger_that_never_becomes_free_is_told(
    tmp_path: Path, reading: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After as long as it waits for any other: a minute, and not a hundred of them."""
    clock = count()
    monkeypatch.setattr(ledgers, "monotonic", lambda: next(clock))
    words = "database is locked: it is in use, by a program that is no batch"
    with pytest.raises(batch.LedgerError, match=words):
        Ledger.create(tmp_path / NAME)
    assert next(clock) == 2


def test_a_disk_without_shared_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite stays in its other mode there, as it does on a network's; nothing is left open."""

    def stays(_: Ledger) -> str:
        return "delete"

    monkeypatch.setattr(Ledger, "_become_wal", stays)
    with pytest.raises(batch.LedgerError, match="a ledger needs a local disk, and this has no WAL"):
        Ledger.create(tmp_path / NAME)


async def test_a_lock_that_cannot_be_taken_away_is_told_in_the_end(
    way: str, tmp_path: Path
) -> None:
    """After all pictures: somebody has put a file in the place of the folder of locks."""
    locks = tmp_path / f"{NAME}-locks"

    def replace(_: batch.Progress) -> None:
        if locks.is_dir():
            next(locks.iterdir()).unlink()
            locks.rmdir()
            locks.write_bytes(b"mine")

    with pytest.raises(NotADirectoryError, match="locks"):
        await run(way, Wire(right), jobs(3), tmp_path, on_progress=replace)
    assert len(list(tmp_path.glob("*.png"))) == 3


def test_a_damaged_row_undoes_what_was_asked_with_it(tmp_path: Path) -> None:
    """Nobody was told of that, so nobody sends it; the ledger goes on."""
    with Ledger.create(tmp_path / NAME) as ledger:
        ledger.begin()
        ledger.apply([claim(1)])
        with sqlite3.connect(tmp_path / NAME) as database:
            database.execute("UPDATE jobs SET seed = 'x'")
        database.close()
        with pytest.raises(batch.LedgerError, match="the ledger's row of 'k1' is damaged"):
            ledger.apply([claim(0), Look("k1")])
        assert ledger.counts()["sending"] == 1
        assert ledger.apply([claim(0)]) == ["k0"]
