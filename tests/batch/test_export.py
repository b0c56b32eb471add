"""The ledger as a table."""

import csv
import json
from pathlib import Path
from typing import Any

import anyio
import httpx
import pyarrow.parquet  # type: ignore[import-untyped,unused-ignore]
import pytest

from friendli_facade import batch
from tests.batch.running import but, jobs, run
from tests.transports import Wire

SEED = 2**70


@pytest.fixture
def ledger(tmp_path: Path) -> batch.Ledger:
    """That of a batch of which one job failed."""
    wire = Wire(but({"p1": lambda: httpx.Response(500)}))
    anyio.run(run, "asyncio", wire, [{**jobs(1)[0], "seed": SEED}, jobs(2)[1]], tmp_path)
    return batch.Ledger(tmp_path)


def table(path: Path) -> list[dict[str, Any]]:
    """A table as it is read."""
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    read: Any = pyarrow.parquet.read_table  # pyright: ignore
    return list(read(path).to_pylist())


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_a_table_has_all_rows(ledger: batch.Ledger, tmp_path: Path, suffix: str) -> None:
    """In the same columns, each row as the ledger has it."""
    place = tmp_path / f"table.{suffix}"
    with ledger:
        assert ledger.export(place) == 2
        expected = {row.key: row for row in ledger.rows()}
    found = {row["key"]: row for row in table(place)}
    assert set(found) == {"k0", "k1"}
    assert int(found["k0"]["seed"]) == SEED
    for key, row in found.items():
        assert (row["state"], row["file"] or None) == (expected[key].state, expected[key].file)
        asked = row["arguments"]
        assert (json.loads(asked) if isinstance(asked, str) else asked) == expected[key].arguments
        assert float(row["ended"]) == expected[key].ended


def test_a_table_is_whole_or_not_there(ledger: batch.Ledger, tmp_path: Path) -> None:
    """No file is replaced, and another suffix is refused."""
    taken = tmp_path / "table.csv"
    taken.write_text("mine")
    with ledger:
        with pytest.raises(FileExistsError):
            ledger.export(taken)
        with pytest.raises(ValueError, match=r"must end with one of \.jsonl, \.csv, \.parquet"):
            ledger.export(tmp_path / "table.xlsx")
    assert taken.read_text() == "mine"
    assert not list(tmp_path.glob("*.part"))


def test_a_missing_ledger_is_not_made(tmp_path: Path) -> None:
    """To look is not to write."""
    with pytest.raises(FileNotFoundError):
        batch.Ledger(tmp_path / "none.sqlite3")
    assert not list(tmp_path.iterdir())
