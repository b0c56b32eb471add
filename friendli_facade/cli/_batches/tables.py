"""Reads tables row by row, and never holds one: JSONL, CSV and Parquet."""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeAlias

import attrs
import click

from friendli_facade._rules.json_types import is_object
from friendli_facade._rules.violations import shortened
from friendli_facade.cli._arguments.inputs import StandardInput

_LONGEST = 100_000_000  # characters of a cell: a quote that is never closed takes no more
_TOGETHER = 1_000  # rows of Parquet

Cells: TypeAlias = Mapping[str, Any]


@attrs.frozen
class Bad:
    """A row that cannot be read: where it is, and why."""

    place: str
    reason: str


@attrs.frozen
class Table:
    """The rows of a table.

    Args:
        rows: They, or what is wrong with one, as they are read.
        columns: Their names; None where each row has its own.
        total: How many rows there are, if that is known.
        is_text: Whether numbers are texts too, and what is empty is not there.
    """

    rows: Iterator[Cells | Bad] = attrs.field(eq=False)
    columns: tuple[str, ...] | None
    total: int | None
    is_text: bool = False


def opened(word: str, stdin: StandardInput, stack: ExitStack, *, counts: bool) -> Table:
    """The table of that name, open as long as `stack`; `-` is standard input.

    Its rows are counted, if they shall be, where they can be read twice. Raises UsageError and
    OSError.
    """
    if word == "-":
        return _lines(stdin.stream("TABLE"), "standard input", "", None)
    path = Path(word)
    if path.suffix.lower() == ".parquet":
        return _parquet(stack.enter_context(path.open("rb")), word)
    suffix, total = path.suffix.lower(), None
    if counts and path.is_file():
        with path.open("rb") as file:
            total = sum(1 for _ in _lines(file, word, suffix, None, is_read=False).rows)
    return _lines(stack.enter_context(path.open("rb")), word, suffix, total)


def _lines(
    file: BinaryIO, name: str, suffix: str, total: int | None, *, is_read: bool = True
) -> Table:
    first = file.readline().removeprefix(b"\xef\xbb\xbf")
    while first and not first.strip():
        first = file.readline()
    lines = chain([first], file)
    if suffix in {".jsonl", ".ndjson"} or (suffix != ".csv" and first.lstrip().startswith(b"{")):
        return Table(_jsonl(lines, is_read=is_read), None, total)
    texts = (line.decode("utf-8", "surrogateescape") for line in lines)
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(texts, strict=True)
    none: list[str] = []
    try:
        columns = tuple(cell.strip() for cell in next(reader, none))
    except csv.Error as error:
        raise click.UsageError(f"{name}: the line of column names is no CSV: {error}") from None
    if not columns:
        raise click.UsageError(f"{name} is empty: a table needs column names, or JSON lines")
    if "\0" in "".join(columns) or not _is_unicode("".join(columns)):
        raise click.UsageError(f"{name} is not UTF-8 text, of JSON lines or CSV")
    twice = [one for one in columns if one and columns.count(one) > 1]
    if twice:
        raise click.UsageError(f"{name} has the column {twice[0]!r} twice")
    named = tuple(one for one in columns if one)
    return Table(_csv(reader, columns), named, total, is_text=True)


def _jsonl(lines: Iterable[bytes], *, is_read: bool) -> Iterator[Cells | Bad]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        yield _object(line, f"line {number}") if is_read else {}


def _object(line: bytes, place: str) -> Cells | Bad:
    try:
        text = line.decode()
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError:
        return Bad(place, "is not UTF-8 text")
    except UnicodeEncodeError:
        return Bad(place, "has half of a surrogate pair, which no UTF-8 has")
    except RecursionError:
        return Bad(place, "is nested too deeply")
    except ValueError as error:
        return Bad(place, f"is no JSON: {error}")
    return value if is_object(value) else Bad(place, "must be a JSON object, with a row's columns")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{shortened(text)} is too large for a number")
    return number


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _csv(reader: Any, columns: tuple[str, ...]) -> Iterator[Cells | Bad]:
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            # Where the next row begins is not known any more.
            yield Bad(
                f"line {reader.line_num}", f"is no CSV, and nothing after it is read: {error}"
            )
            return
        if cells is None:
            return
        if not cells:
            continue
        place = f"line {reader.line_num}"
        if len(cells) != len(columns):
            yield Bad(place, f"must have {len(columns)} cells, as the first line, not {len(cells)}")
        elif not _is_unicode("".join(cells)):
            yield Bad(place, "is not UTF-8 text")
        else:
            named = zip(columns, cells, strict=True)
            yield {name: cell for name, cell in named if name and cell}


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= one <= "\udfff" for one in text) if not text.isascii() else True


def _parquet(file: BinaryIO, name: str) -> Table:
    try:
        parquet: Any = import_module("pyarrow.parquet")  # which has no types
    except ImportError:
        message = "a table in Parquet needs pyarrow: pip install 'friendli-facade[batch]'"
        raise click.UsageError(message) from None
    try:
        table = parquet.ParquetFile(file, pre_buffer=False)  # which would hold most of it
    except ValueError as error:
        raise click.UsageError(f"{name} is no Parquet: {error}") from None
    names = tuple(table.schema_arrow.names)
    return Table(_batches(table), names, table.metadata.num_rows)


def _batches(table: Any) -> Iterator[Cells | Bad]:
    for rows in table.iter_batches(batch_size=_TOGETHER):
        for row in rows.to_pylist():
            yield {name: value for name, value in row.items() if value is not None}
