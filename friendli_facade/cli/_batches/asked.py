"""From the options of `batch` to what is to be done, checked as far as no row is needed."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import attrs
import click

from friendli_facade.cli._arguments import calls, client, inputs, options
from friendli_facade.cli._arguments.client import Connection
from friendli_facade.cli._arguments.options import METHODS
from friendli_facade.cli._batches import tables
from friendli_facade.cli._batches.jobs import AnyJob, Columns, Template
from friendli_facade.cli._batches.tables import Bad, Cells, Table
from friendli_facade.cli._contract import OPERATIONS


@attrs.frozen
class Asked:
    """A batch that is to be made.

    Args:
        others: Columns that are no arguments, and go through.
        names: What a picture's name is made by, if not by its key.
    """

    method: str
    surface: str
    connection: Connection
    directory: Path
    jobs: Iterator[AnyJob]
    total: int | None
    others: tuple[str, ...]
    names: Template | None


def described(params: Mapping[str, Any], stack: ExitStack) -> Asked | list[str]:
    """What these options ask for, or all that is wrong with them, in words.

    The table is open as long as `stack`. Raises UsageError where nothing tells what they are for,
    and OSError.
    """
    stdin = inputs.StandardInput()
    wrong: list[str] = []

    @contextmanager
    def noting() -> Generator[None]:
        try:
            yield
        except click.UsageError as error:
            wrong.append(error.message)

    if params["output"] is None:
        raise click.UsageError("-o DIR is required: a folder for the pictures and their ledger")
    table = tables.opened(params["table"], stdin, stack, counts=not params["dry_run"])
    table, columns = _with_columns(table)
    method = _method(params, columns)
    known = {**params, "model": "column"} if "model" in columns else params
    surface = client.surface(known)
    given, contradictions = options.values(method, surface, params)
    wrong += contradictions
    wrong += [
        f"{method} has no {options.option(name)}"
        for name in {name: None for each in METHODS for name in options.arguments(each)}
        if params.get(name) not in {None, ()} and name not in options.arguments(method)
    ]
    fields = {
        name: variants[surface]
        for name, variants in options.arguments(method).items()
        if surface in variants
    }
    for name, value in given.items():
        if name in fields and fields[name].kind == "picture" and value is not None:
            with noting():
                given[name] = calls.pictures(fields[name], value, options.option(name), stdin)
    if params["sandbox"] and surface == "dedicated":
        given.setdefault("model", "sandbox")  # where all endpoints exist
    prompt = names = None
    with noting():
        prompt = _template(params["template"], "template", table.columns)
    with noting():
        names = _template(params["name"], "name", table.columns)
    with noting():
        calls.check_number(params["at_once"])
    connection = Connection(params, needs_token=OPERATIONS[f"{surface}.{method}"].needs_token)
    with noting():
        connection.check(is_dry=params["dry_run"])
    if table.columns is not None:
        there = {*given, *table.columns, *(["prompt"] if prompt else [])}
        wrong += [
            f"{name} is required: a column of the table, or {options.option(name)}"
            for name in options.missing(method, surface, dict.fromkeys(there))
        ]
    if wrong:
        return wrong
    defaults = {**given, **connection.arguments}
    used = {*fields, "key", "error", *(prompt.columns if prompt else ())}
    return Asked(
        *(method, surface, connection, Path(params["output"])),
        Columns(fields, defaults, prompt).jobs(table),
        table.total,
        tuple(name for name in columns if name not in used),
        names,
    )


def _with_columns(table: Table) -> tuple[Table, tuple[str, ...]]:
    """A table, and its columns; where each row has its own, those of the first."""
    if table.columns is not None:
        return table, table.columns
    first: list[Cells | Bad] = [row for row in [next(table.rows, None)] if row is not None]
    if not first:
        return table, ()
    columns = () if isinstance(first[0], Bad) else tuple(first[0])
    return attrs.evolve(table, rows=chain(first, table.rows)), columns


def _method(params: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    """The operation: an edit where there is a picture to change, unless told."""
    is_edit = params["edit"]
    if is_edit is None:
        is_edit = bool(params.get("image")) or "image" in columns
    return "edit" if is_edit else "generate"


def _template(text: str | None, option: str, columns: tuple[str, ...] | None) -> Template | None:
    if text is None:
        return None
    template = Template(text, option)
    if columns is not None:
        template.check((*columns, "key") if option == "name" else columns)
    return template
