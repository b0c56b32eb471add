"""A batch that is run again: what is done is done, and what is unknown is told."""

import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from friendli_facade import batch
from friendli_facade.batch._ledger.ledger import NAME, Ledger
from friendli_facade.batch._ledger.steps import Claim, Finish
from tests.batch.running import but, jobs, rows, run
from tests.samples import PNG
from tests.transports import Wire, right


def left_sending(directory: Path, key: str = "k1", prompt: str = "p1") -> None:
    """A ledger whose batch was killed while it sent a job."""
    with Ledger.create(directory / NAME) as ledger:
        ledger.begin()
        asked = f'{{"prompt":"{prompt}"}}'
        ledger.apply([Claim(key, "containerImagesGenerate", asked, iter([key]))])


async def test_what_is_done_is_not_sent_again(way: str, tmp_path: Path) -> None:
    """The second run sends what failed, and gives an outcome for every job."""
    first = Wire(but({"p1": lambda: httpx.Response(422, json={"detail": "no"})}))
    assert (await run(way, first, jobs(3), tmp_path)).states["k1"] == "failed"
    again = Wire(right)
    ran = await run(way, again, jobs(3), tmp_path)
    assert [body["prompt"] for body in again.bodies] == ["p1"]
    assert set(ran.states.values()) == {"done"}
    earlier = ran.of("k0")
    assert (earlier.is_earlier, earlier.result, earlier.path) == (True, None, tmp_path / "k0.png")
    assert earlier.sha256 == ran.of("k1").sha256
    assert (ran.progress.done, ran.progress.earlier, ran.progress.images) == (3, 2, 1)
    assert rows(tmp_path)["k1"].attempts == 2


@pytest.mark.parametrize(
    ("policy", "state", "sent"),
    [("report", "ambiguous", 1), ("retry", "done", 2), ("skip", None, 1)],
)
async def test_what_was_being_sent_is_ambiguous(
    way: str, tmp_path: Path, policy: str, state: str | None, sent: int
) -> None:
    """It may be paid for: it is reported, sent again or skipped, as told."""
    left_sending(tmp_path)
    with batch.Ledger(tmp_path) as ledger:
        assert ledger.counts()["ambiguous"] == 1
    wire = Wire(right)
    ran = await run(way, wire, jobs(2), tmp_path, ambiguous=policy)
    assert ran.states.get("k1") == state
    assert len(wire.requests) == sent
    assert ran.progress.skipped == (policy == "skip")
    if policy == "report":
        told = "the job 'k1' may be paid for: it was being sent when its process ended"
        assert str(ran.of("k1").error) == told
        assert ran.of("k1").is_earlier


async def test_a_picture_in_its_place_is_done(way: str, tmp_path: Path) -> None:
    """Where only the row had not been written when the process was killed, nothing is sent."""
    left_sending(tmp_path)
    (tmp_path / "k1.png").write_bytes(PNG)
    wire = Wire(right)
    ran = await run(way, wire, jobs(2), tmp_path)
    assert ran.states == {"k0": "done", "k1": "done"}
    assert len(wire.requests) == 1
    assert rows(tmp_path)["k1"].file == "k1.png"


async def test_an_empty_file_in_its_place_is_no_picture(way: str, tmp_path: Path) -> None:
    """It kept the place where there are no hard links, when the process was killed just then."""
    left_sending(tmp_path)
    (tmp_path / "k1.png").touch()
    assert (await run(way, Wire(right), jobs(2), tmp_path)).states["k1"] == "ambiguous"
    ran = await run(way, Wire(right), jobs(2), tmp_path, ambiguous="retry")
    path = ran.of("k1").path
    assert path is not None
    assert path.read_bytes() == PNG


async def test_a_changed_table_is_told(way: str, tmp_path: Path) -> None:
    """A job that is done keeps its picture; the error says what changed."""
    await run(way, Wire(right), jobs(2), tmp_path)
    wire = Wire(right)
    changed = [{"key": "k0", "prompt": "other"}, jobs(2)[1]]
    ran = await run(way, wire, changed, tmp_path)
    assert "prompt was 'p0' and is 'other'" in str(ran.of("k0").error)
    assert "give the job another key, or the batch another directory" in str(ran.of("k0").error)
    assert ran.states == {"k0": "failed", "k1": "done"}
    assert not wire.requests
    assert rows(tmp_path)["k0"].state == "done"


async def test_a_hash_is_the_key_of_a_job_without_one(way: str, tmp_path: Path) -> None:
    """It is the same in each run, and another where an argument or a picture's bytes are."""
    picture = tmp_path / "in.png"
    picture.write_bytes(PNG)
    some: list[dict[str, Any]] = [
        {"prompt": "p"},
        {"prompt": "p", "seed": 1},
        {"prompt": "p", "control_images": [picture], "controlnet_weights": [1]},
    ]
    first = await run(way, Wire(right), some, tmp_path / "out")
    assert len(set(first.states)) == 3
    picture.write_bytes(PNG + b"more")
    wire = Wire(right)
    again = await run(way, wire, some, tmp_path / "out")
    assert len(set(again.states) & set(first.states)) == 2
    assert len(wire.requests) == 1


async def test_a_number_has_one_spelling(way: str, tmp_path: Path) -> None:
    """A table whose column has become 3.0, of 3, asks for nothing new."""
    wire = Wire(right)
    for number in (3, 3.0):
        ran = await run(way, wire, [{"prompt": "p", "guidance_scale": number}], tmp_path)
        assert [outcome.state for outcome in ran.outcomes] == ["done"]
    assert len(wire.requests) == 1


async def test_a_batch_that_lives_keeps_its_jobs(way: str, tmp_path: Path) -> None:
    """What another batch is sending is left to it, however long that takes."""
    with Ledger.create(tmp_path / NAME) as other:
        other.begin()
        asked = '{"prompt":"p1"}'
        other.apply([Claim("k1", "containerImagesGenerate", asked, iter(["k1"]))])
        asked = '{"prompt":"p2"}'
        other.apply([Claim("k2", "containerImagesGenerate", asked, iter(["k2"]))])
        other.apply([Finish("k2", "failed", error="it says why itself")])
        wire = Wire(right)
        ran = await run(way, wire, jobs(3), tmp_path, ambiguous="retry")
        assert ran.states == {"k0": "done"}
        assert ran.progress.elsewhere == 2
        assert len(wire.requests) == 1
        assert other.counts()["sending"] == 1


def damaged(path: Path) -> None:
    """Garbage in the place of the ledger."""
    path.write_bytes(b"no database at all" * 100)


def newer(path: Path) -> None:
    """A ledger of a later version."""
    Ledger.create(path).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


def strange(path: Path) -> None:
    """A database of another program."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE jobs (x)")
    database.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (damaged, "file is not a database: it is no SQLite database, or was damaged; move it"),
        (newer, "has version 99, and this friendli-facade knows 2: use the one that wrote it"),
        (strange, "is a database of another program, and no ledger"),
    ],
)
async def test_a_ledger_that_cannot_be_read_is_told(
    way: str, tmp_path: Path, make: Any, words: str
) -> None:
    """Nothing is sent, and the file stays as it is."""
    make(tmp_path / NAME)
    before = (tmp_path / NAME).read_bytes()
    wire = Wire(right)
    with pytest.raises(batch.LedgerError, match=words):
        await run(way, wire, jobs(1), tmp_path)
    assert not wire.requests
    assert (tmp_path / NAME).read_bytes() == before
