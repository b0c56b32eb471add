"""What a ledger tells to whoever has it, and what one that was changed leads to."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from friendli_facade import batch
from friendli_facade.batch._ledger.ledger import NAME
from tests.batch.running import jobs, run
from tests.samples import PNG, answer
from tests.transports import Wire, right


async def test_no_secret_is_in_the_ledger(tmp_path: Path) -> None:
    """Neither a token that the server repeats, nor what makes a picture's URL valid."""

    def repeats(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, text=f"no such user: {request.headers['Authorization']}")

    job: dict[str, Any] = {"key": "a", "model": "m", "prompt": "p"}
    job |= {"control_images": ["https://u:pw_7@h.test/x?sig=sig_7"], "controlnet_weights": [1]}
    async with Wire(repeats).asynchronous(token="flp_marker7") as friendli:
        method = friendli.dedicated.image.generate
        async with batch.arun(method, [job], directory=tmp_path) as outcomes:
            assert [outcome.state async for outcome in outcomes] == ["failed"]
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"no such user: ***" in stored
    assert not [secret for secret in (b"marker7", b"pw_7", b"sig_7") if secret in stored]


def changed(folder: Path, column: str, value: str | bytes, key: str = "k0") -> None:
    """Writes something into the row of a key."""
    with sqlite3.connect(folder / NAME) as database:
        database.execute(f"UPDATE jobs SET {column} = ? WHERE key = ?", (value, key))
    database.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("arguments", text) for text in ("{", "[]", "[" * 100_000)),
        *((column, "x") for column in ("seed", "attempts", "images", "lost", "began", "ended")),
        *((column, b"x") for column in ("operation", "file", "sha256", "error", "owner")),
    ],
)
async def test_a_damaged_row_is_told(tmp_path: Path, column: str, value: Any) -> None:
    """With its key, and what is wrong, to a batch and to who exports it."""
    await run("async", Wire(right), jobs(1), tmp_path)
    changed(tmp_path, column, value)
    words = f"the ledger's row of 'k0' is damaged: {column} is "
    with pytest.raises(batch.LedgerError, match=words):
        await run("async", Wire(right), jobs(1), tmp_path)
    with batch.Ledger(tmp_path) as ledger, pytest.raises(batch.LedgerError, match=words):
        ledger.export(tmp_path / "x.parquet")


async def test_a_ledger_leads_to_no_other_file(way: str, tmp_path: Path) -> None:
    """What a row calls its owner is deleted only if it is the lock of a batch."""
    await run(way, Wire(right), jobs(1), tmp_path)
    (tmp_path / "mine").write_text("mine")
    locks = tmp_path / f"{NAME}-locks"
    (locks / "folder").mkdir(parents=True)
    changed(tmp_path, "state", "sending")
    changed(tmp_path, "owner", "../mine")
    with batch.Ledger(tmp_path) as ledger:
        assert ledger.counts()["ambiguous"] == 1
    await run(way, Wire(right), jobs(2), tmp_path)
    assert (tmp_path / "mine").exists()


async def test_a_row_that_nobody_sends_is_ambiguous(way: str, tmp_path: Path) -> None:
    """Though it has no owner, as none of ours has; it is counted, and told of."""
    await run(way, Wire(right), jobs(1), tmp_path)
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as database:
        database.execute("UPDATE jobs SET state = 'sending', owner = NULL, file = NULL")
    database.close()
    with batch.Ledger(tmp_path) as ledger:
        assert ledger.counts()["ambiguous"] == 1
        assert [ledger.is_sending(row) for row in ledger.rows()] == [False]
    wire = Wire(right)
    assert (await run(way, wire, jobs(1), tmp_path)).states == {"k0": "ambiguous"}
    assert wire.requests == []


async def test_what_came_of_an_ambiguous_job_is_found_again(tmp_path: Path) -> None:
    """An answer that breaks off after its first picture: a later batch tells where that is."""
    item = json.dumps(answer("/dedicated")["data"][0])
    wire = Wire(lambda _: httpx.Response(200, text=f'{{"data": [{item}, {{"b64_js'))
    job = {"key": "a", "model": "m", "prompt": "p"}
    for _ in range(2):
        async with wire.asynchronous() as friendli:
            method = friendli.dedicated.image.generate
            async with batch.arun(method, [job], directory=tmp_path) as outcomes:
                (outcome,) = [outcome async for outcome in outcomes]
        assert (outcome.state, outcome.path) == ("ambiguous", tmp_path / "a.png")
        assert (tmp_path / "a.png").read_bytes() == PNG
    assert len(wire.requests) == 1


def test_an_empty_file_does_not_become_a_ledger(tmp_path: Path) -> None:
    """Nor does a database without tables, by being looked into."""
    file, database = tmp_path / "notes.txt", tmp_path / "other.db"
    file.touch()
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA user_version = 7")
    for path in (file, database):
        before = path.read_bytes()
        with pytest.raises(batch.LedgerError, match="is empty, and no ledger"):
            batch.Ledger(path)
        assert path.read_bytes() == before
    assert set(tmp_path.iterdir()) == {file, database}
