"""Writes rows as a table: JSONL, CSV or Parquet."""

import csv
import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import attrs

from friendli_facade.batch._ledger.rows import COLUMNS, Row

_TOGETHER = 10_000  # rows of a Parquet row group


def write(rows: Iterable[Row], path: Path) -> int:
    """The number of rows written to a new file."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"{str(path)!r} must end with one of {', '.join(_WRITERS)}")
    if path.exists():
        raise FileExistsError(17, "there is a file already", str(path))
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        number = writer(rows, part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return number


def _jsonl(rows: Iterable[Row], path: Path) -> int:
    number = 0
    with path.open("x", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(attrs.asdict(row), ensure_ascii=False) + "\n")
            number += 1
    return number


def _csv(rows: Iterable[Row], path: Path) -> int:
    number = 0
    with path.open("x", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for row in rows:
            table.writerow(_flat(row))
            number += 1
    return number


def _parquet(rows: Iterable[Row], path: Path) -> int:
    try:
        pa: Any = import_module("pyarrow")  # which has no types
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError as error:
        message = "Parquet needs pyarrow: pip install 'friendli-facade[batch]'"
        raise ImportError(message) from error
    kinds = dict.fromkeys(("attempts", "images", "lost"), pa.int64())
    kinds |= dict.fromkeys(("began", "ended"), pa.float64())
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    number, left = 0, iter(rows)
    with parquet.ParquetWriter(path, schema) as table:
        while part := list(map(_text_seed, islice(left, _TOGETHER))):
            table.write_table(pa.Table.from_pylist(part, schema=schema))
            number += len(part)
    return number


def _flat(row: Row) -> dict[str, Any]:
    return {**attrs.asdict(row), "arguments": json.dumps(row.arguments, ensure_ascii=False)}


def _text_seed(row: Row) -> Mapping[str, Any]:
    # Seeds have no bound, and columns of integers do.
    return {**_flat(row), "seed": None if row.seed is None else str(row.seed)}


_WRITERS: Mapping[str, Callable[[Iterable[Row], Path], int]] = {
    ".jsonl": _jsonl,
    ".csv": _csv,
    ".parquet": _parquet,
}
