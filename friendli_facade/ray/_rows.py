"""Rows of a table as jobs, and what came of them as columns of the same table."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs

from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.errors import ValidationError
from friendli_facade.ray._libraries import library


@attrs.frozen
class Drawn:
    """What came of a row."""

    key: str | None
    error: str | None = None
    path: str | None = None
    sha256: str | None = None
    seed: object = None
    ambiguous: bool = False
    attempts: int = 0


def jobs(table: Any, arguments: Collection[str]) -> list[dict[str, Any]]:
    """The arguments and the key in each row; an empty cell is left out.

    Raises ValidationError where it is no table of pyarrow.
    """
    if not isinstance(table, library("pyarrow").Table):
        rule = "must be a pyarrow.Table: call map_batches with batch_format='pyarrow'"
        raise ValidationError([Violation("rows", rule, shortened(type(table).__name__))])
    named = [name for name in table.column_names if name == "key" or name in arguments]
    rows: list[Mapping[str, Any]] = table.select(named).to_pylist()
    return [{name: one for name, one in row.items() if one is not None} for row in rows]


def table(rows: Any, drawn: Sequence[Drawn]) -> Any:
    """The rows with what came of them, in columns of the same types for every block."""
    pa = library("pyarrow")
    types = {
        "key": pa.string(),
        "path": pa.string(),
        "sha256": pa.string(),
        "seed": _seeds(pa, rows.schema),
        "error": pa.string(),
        "ambiguous": pa.bool_(),
        "attempts": pa.int32(),
    }
    kept = [name for name in rows.column_names if name not in types]
    rows = rows.select(kept)
    for name, kind in types.items():
        values = [_value(pa, getattr(one, name), kind) for one in drawn]
        rows = rows.append_column(name, pa.array(values, kind))
    return rows


def _seeds(pa: Any, schema: Any) -> Any:
    """The type that the seeds had, if they are integers."""
    at = schema.get_field_index("seed")
    given = schema.field(at).type if at >= 0 else None
    return given if given is not None and pa.types.is_integer(given) else pa.int64()


def _value(pa: Any, value: object, kind: Any) -> Any:
    """A scalar of the type; an empty one for what does not fit: a seed of more bits."""
    try:
        return pa.scalar(value, kind)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return pa.scalar(None, kind)
