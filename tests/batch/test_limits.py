"""What a batch may cost, and how its pictures are called."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.batch.running import but, jobs, rows, run
from tests.transports import Wire, right


async def test_no_more_pictures_than_told_are_paid_for(way: str, tmp_path: Path) -> None:
    """The ledger's count too, so that the same call never pays for more."""
    wire = Wire(right)
    ran = await run(way, wire, jobs(9), tmp_path, max_images=4)
    assert (ran.progress.images, len(wire.requests)) == (4, 4)
    assert ran.progress.stopped == "4 pictures are paid for, as many as may be"
    again = await run(way, wire, jobs(9), tmp_path, max_images=4)
    assert (again.progress.earlier, len(wire.requests)) == (4, 4)


async def test_a_price_bounds_the_bill(way: str, tmp_path: Path) -> None:
    """Three at 0.1 for 0.3, which binary fractions would make two."""
    wire = Wire(right)
    ran = await run(way, wire, jobs(9), tmp_path, max_cost=0.3, price_per_image=0.1)
    assert len(wire.requests) == 3
    assert ran.progress.cost == pytest.approx(0.3)


async def test_what_failed_costs_nothing(way: str, tmp_path: Path) -> None:
    """Its place is given to another job; that of an ambiguous one is not."""
    others = {"p0": lambda: httpx.Response(422), "p1": lambda: httpx.Response(504)}
    wire = Wire(but(others))
    ran = await run(way, wire, jobs(9), tmp_path, max_images=3)
    assert (ran.progress.images, ran.progress.ambiguous, len(wire.requests)) == (2, 1, 4)


async def test_no_more_jobs_fail_than_told(way: str, tmp_path: Path) -> None:
    """Then no further one is begun, and those in flight come to their end."""
    wire = Wire(lambda _: httpx.Response(422))
    ran = await run(way, wire, jobs(50), tmp_path, max_failures=3, concurrency=2)
    assert 3 <= len(ran.outcomes) <= 3 + 4
    assert str(ran.progress.stopped).startswith("max_failures: ")


async def test_what_concerns_all_ends_the_batch(way: str, tmp_path: Path) -> None:
    """A token that is refused is not tried a hundred thousand times."""
    wire = Wire(lambda _: httpx.Response(401))
    ran = await run(way, wire, jobs(50), tmp_path, concurrency=2)
    assert len(wire.requests) <= 4
    assert "401" in str(ran.progress.stopped)


NAMES: dict[str, Any] = {
    "plain-1.5": "plain-1.5.png",
    "../../etc/passwd": "etc-passwd-",
    "Cat": "Cat-",
    "cat": "cat.png",
    "a/b": "a-b-",
    "con": "con--",
    "\u732b": "",
    "x.png": "x-",
    "n" * 500: "n" * 100 + "-",
}


async def test_names_are_safe_and_unique(way: str, tmp_path: Path) -> None:
    """Keys become names that every file system takes, no two the same, whatever their case."""
    some = [{"key": key, "prompt": "p"} for key in NAMES]
    ran = await run(way, Wire(right), some, tmp_path / "out")
    for key, begins in NAMES.items():
        path = ran.of(key).path
        assert path is not None
        assert path.parent == tmp_path / "out"
        assert path.name.startswith(begins)
    names = [row.file.lower() for row in rows(tmp_path / "out").values() if row.file]
    assert len(set(names)) == len(NAMES)
    assert all(name.isascii() and len(name) < 130 for name in names)


def kite(_key: str, _job: Mapping[str, Any]) -> str:
    """The same for all."""
    return "kite"


async def test_names_may_be_the_callers(way: str, tmp_path: Path) -> None:
    """The same name twice, or one that a file has, gets a hash; no file is written over."""
    (tmp_path / "kite.png").write_text("mine")
    ran = await run(way, Wire(right), jobs(3), tmp_path, name=kite)
    names = {outcome.path.name for outcome in ran.outcomes if outcome.path}
    assert len(names) == 3
    assert all(name.startswith("kite-") for name in names)
    assert (tmp_path / "kite.png").read_text() == "mine"
