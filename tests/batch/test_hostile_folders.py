"""Pictures are those of their jobs, whatever these and their files are called."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from friendli_facade import AsyncFriendli, batch
from friendli_facade.batch._ledger.ledger import NAME, Ledger
from friendli_facade.batch._ledger.steps import Claim
from friendli_facade.batch._places import of_key
from tests.batch.running import but, jobs, rows, run
from tests.batch.test_hostile_ledgers import changed
from tests.batch.test_hostile_use import same
from tests.samples import PNG, answer
from tests.transports import Wire, right

OPERATION = "dedicatedImagesGenerate"


def several(_: httpx.Request) -> httpx.Response:
    """An answer with three pictures."""
    return httpx.Response(200, json={"data": answer("/dedicated")["data"] * 3})


async def drawn(wire: Wire, folder: Path, *keys: str) -> dict[str, batch.Outcome[Any]]:
    """What comes of jobs of a dedicated endpoint with these keys."""
    friendli: AsyncFriendli
    async with wire.asynchronous() as friendli:
        method = friendli.dedicated.image.generate
        some = [{"key": key, "model": "m", "prompt": "p"} for key in keys]
        async with batch.arun(method, some, directory=folder) as outcomes:
            return {outcome.key: outcome async for outcome in outcomes}


async def test_no_job_takes_another_ones_second_picture(tmp_path: Path) -> None:
    """One that was being sent when its process died is ambiguous, and not done by that picture."""
    asked = '{"model":"m","prompt":"p"}'
    with Ledger.create(tmp_path / NAME) as killed:
        killed.begin()
        killed.apply([Claim(key, OPERATION, asked, iter([key])) for key in ("a-2", "a2", "a.2")])
    wire = Wire(several)
    first = await drawn(wire, tmp_path, "a")
    assert [path.name for path in first["a"].paths] == ["a.png", "a(2).png", "a(3).png"]
    again = await drawn(wire, tmp_path, "a", "a-2", "a2", "a.2")
    assert {key: outcome.state for key, outcome in again.items()} == {
        **dict.fromkeys(("a-2", "a2", "a.2"), "ambiguous"),
        "a": "done",
    }
    assert len(wire.requests) == 1


async def test_all_pictures_of_a_job_are_found_again(tmp_path: Path) -> None:
    """By a later batch, and by one after a kill, whose ledger counts them."""
    wire = Wire(several)
    first = (await drawn(wire, tmp_path, "a"))["a"]
    assert (await drawn(wire, tmp_path, "a"))["a"].paths == first.paths
    for column, value in {"state": "sending", "file": "a", "images": "0"}.items():
        changed(tmp_path, column, value, key="a")
    adopted = (await drawn(wire, tmp_path, "a"))["a"]
    assert (adopted.state, adopted.paths) == ("done", first.paths)
    with batch.Ledger(tmp_path) as ledger:
        assert ledger.paid() == 3
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "name", ["kite.jpg.png", "kite.jpg.", "kite.jpg/", "x" * 96 + ".jpgabc", "kite.JPG .png"]
)
async def test_a_name_belies_no_picture(way: str, tmp_path: Path, name: str) -> None:
    """A PNG whose name would end in `.jpg` could not be saved, and is paid for."""

    def named(_key: str, _job: Mapping[str, Any]) -> str:
        return name

    ran = await run(way, Wire(right), jobs(1), tmp_path, name=named)
    path = ran.of("k0").path
    assert path is not None
    assert (path.suffix, path.read_bytes()) == (".png", PNG)


async def test_no_name_is_a_device_of_windows(tmp_path: Path) -> None:
    """Nor with what comes after a dot."""
    keys = ["con", "con.x", "aux.tar.gz", "lpt1.", "nul.png", "COM7.x", "console", "con-x.y"]
    some = [{"key": key, "prompt": "p"} for key in keys]
    for number, name in enumerate([None, same]):
        ran = await run("async", Wire(right), some, tmp_path / str(number), name=name)
        names = [outcome.path.name for outcome in ran.outcomes if outcome.path]
        assert len(names) == len(keys)
        devices = {"con", "aux", "lpt1", "nul", "com7"}
        assert not [one for one in names if one.lower().partition(".")[0] in devices]


def test_no_two_of_a_million_keys_have_one_name() -> None:
    """Nor is it likely: on a cluster, where no ledger tells them apart, a hash has 64 bits."""
    assert re.fullmatch("[0-9a-f]{16}", of_key("\u732b"))
    assert re.fullmatch("Kite-[0-9a-f]{16}", of_key("Kite"))


@pytest.mark.parametrize("state", ["sending", "done"])
@pytest.mark.parametrize("file", ["../../x", "/x", "..", "", "a/b", "a\\b", "c:x"])
async def test_a_row_leads_out_of_no_folder(
    way: str, tmp_path: Path, file: str, state: str
) -> None:
    """A ledger that was changed by hand: the error names the row, the column and what is there."""
    folder = tmp_path / "deep" / "out"
    (tmp_path / "x.png").write_bytes(PNG)
    await run(way, Wire(right), jobs(1), folder)
    changed(folder, "state", state)
    changed(folder, "file", file)
    with pytest.raises(batch.LedgerError) as raised:
        await run(way, Wire(right), jobs(1), folder)
    assert str(raised.value) == f"the ledger's row of 'k0' is damaged: file is {file!r}"


async def test_what_was_paid_twice_counts_twice(way: str, tmp_path: Path) -> None:
    """An ambiguous job that is sent again may have been paid for before: budgets know."""
    wire = Wire(lambda _: httpx.Response(504))
    for _ in range(4):
        await run(way, wire, jobs(1), tmp_path, max_images=2, ambiguous="retry")
    assert len(wire.requests) == 2
    with batch.Ledger(tmp_path) as ledger:
        assert ledger.paid() == 2
    ran = await run(way, Wire(right), jobs(1), tmp_path, max_images=3, ambiguous="retry")
    assert ran.states == {"k0": "done"}
    assert (rows(tmp_path)["k0"].images, rows(tmp_path)["k0"].lost) == (1, 2)


async def test_an_account_without_money_ends_the_batch(way: str, tmp_path: Path) -> None:
    """What is told once, in 402, is not asked for every job."""
    wire = Wire(lambda _: httpx.Response(402))
    ran = await run(way, wire, jobs(50), tmp_path, concurrency=2)
    assert len(wire.requests) <= 4
    assert "402" in str(ran.progress.stopped)


async def test_a_status_of_one_job_leaves_the_others(way: str, tmp_path: Path) -> None:
    """403 and 404 may be for its model or its prompt."""
    wire = Wire(but({"p1": lambda: httpx.Response(403), "p2": lambda: httpx.Response(404)}))
    ran = await run(way, wire, jobs(9), tmp_path)
    assert [key for key, state in sorted(ran.states.items()) if state == "failed"] == ["k1", "k2"]
    assert ran.progress.done == 7
