"""From a table's rows to jobs: which columns are arguments, and what the others are for."""

import base64
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from string import Formatter
from typing import Any, TypeAlias

import attrs
import click

from friendli_facade import ValidationError
from friendli_facade._images import media_types
from friendli_facade._rules.json_types import is_array, is_object
from friendli_facade.cli._arguments import inputs
from friendli_facade.cli._arguments.options import Value
from friendli_facade.cli._batches.tables import Bad, Cells, Table
from friendli_facade.cli._contract import Field
from friendli_facade.errors import Violation

_BOOLEANS = {"true": True, "false": False}


class Job(dict[str, Any]):
    """The arguments of a row, with its key if it has one; `cells` is all of it."""

    def __init__(self, cells: Cells, arguments: Mapping[str, Any]) -> None:
        super().__init__(arguments)
        self.cells = cells


class Template:
    """A text with columns in it: `photo of {product}`. A name in braces is a column's, no more.

    Args:
        option: The option that it is the value of.

    Raises UsageError.
    """

    def __init__(self, text: str, option: str) -> None:
        self._option = option
        try:
            self._parts = list(Formatter().parse(text))
        except ValueError as error:
            raise click.UsageError(
                f"--{option} must have names in braces, and braces twice: {error}"
            ) from None
        self.columns = [name for _, name, _, _ in self._parts if name is not None]
        if any(shape or conversion for _, _, shape, conversion in self._parts):
            raise click.UsageError(f"--{option} takes {{column}} as it is: no ':' or '!' after it")

    def filled(self, cells: Cells) -> str:
        """The text of a row; raises ValidationError where it lacks a column."""
        lacking = [name for name in self.columns if cells.get(name) is None]
        if lacking:
            rule = f"needs {', '.join(map(repr, lacking))}, which the row has not"
            raise ValidationError([Violation(self._option, rule)])
        return "".join(
            literal + ("" if name is None else str(cells[name]))
            for literal, name, _, _ in self._parts
        )

    def check(self, columns: tuple[str, ...]) -> None:
        """Raises UsageError for a column that the table has not."""
        for name in self.columns:
            if name not in columns:
                raise click.UsageError(
                    f"--{self._option}: there is no column {name!r}; there are {', '.join(columns)}"
                )


@attrs.frozen
class BadRow:
    """What stands for a job where there is none, and why; without cells it could not be read."""

    error: ValidationError
    cells: Cells | None = None


AnyJob: TypeAlias = Job | BadRow


@attrs.frozen
class Columns:
    """What a table's columns are.

    Args:
        fields: Those that are arguments.
        defaults: Arguments that every row has, unless it says otherwise.
        prompt: What the prompt is made by, if it is no column.
    """

    fields: Mapping[str, Field]
    defaults: Mapping[str, Any]
    prompt: Template | None

    def jobs(self, table: Table) -> Iterator[AnyJob]:
        """The job of each row."""
        for row in table.rows:
            if isinstance(row, Bad):
                yield BadRow(ValidationError([Violation(row.place, row.reason)]))
            else:
                yield self._job(row, is_text=table.is_text)

    def _job(self, cells: Cells, *, is_text: bool) -> AnyJob:
        if is_text:
            cells = {name: self._typed(name, text) for name, text in cells.items()}
        given = {
            name: _pictures(value) if self.fields[name].kind == "picture" else value
            for name, value in cells.items()
            if name in self.fields
        }
        if cells.get("key") is not None:
            given["key"] = cells["key"]
        if self.prompt is not None:
            try:
                given["prompt"] = self.prompt.filled(cells)
            except ValidationError as error:
                return BadRow(error, cells)
        return Job(cells, {**self.defaults, **given})

    def _typed(self, name: str, text: str) -> Any:
        """The value of a cell that is text; what is none stays, to be refused with all else."""
        field = self.fields.get(name)
        if field is None:
            return text
        if field.holds != "one" and text.startswith("["):
            with suppress(ValueError, RecursionError):
                return json.loads(text)
        if field.kind == "boolean":
            return _BOOLEANS.get(text.lower(), text)
        return Value(field, ()).convert(text, None, None) if field.holds == "one" else text


def _pictures(value: Any) -> Any:
    """Pictures as the library takes them: what is no URL is a file, as on the command line."""
    if is_array(value):
        return [_pictures(one) for one in value]
    if isinstance(value, str):
        return inputs.url_or_path(value)
    if is_object(value) and value.get("bytes"):
        return _pictures(value["bytes"])  # as data sets have them, beside a path
    return value


def shown(value: Any) -> Any:
    """A cell as JSON can have it; bytes as a data URL, which a table may have in their place."""
    if isinstance(value, bytes):
        kind = media_types.media_type(value[: media_types.HEAD]) or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(value).decode()}"
    return str(value)


def is_same_file(word: str, path: Path) -> bool:
    """Whether a table is that file; standard input too, where it is read from there."""
    try:
        table = os.fstat(sys.stdin.fileno()) if word == "-" else Path(word).stat()
        return os.path.samestat(table, path.stat())
    except (OSError, ValueError):  # a standard input that is no file of the system's, too
        return False
