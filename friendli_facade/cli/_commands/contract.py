"""List the operations and their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from friendli_facade.cli._arguments import options
from friendli_facade.cli._contract import OPERATIONS, Field, Operation
from friendli_facade.cli._terminal import Terminal

_COLUMNS = ("argument", "type", "null", "values", "default")


def _list(as_json: bool) -> int:
    from friendli_api import rules

    terminal = Terminal()
    found = [
        _described(place, one, rules.OPERATIONS[one.name]) for place, one in OPERATIONS.items()
    ]
    if as_json:
        terminal.record({"operations": found})
        return 0
    from rich import box
    from rich.table import Table

    for operation in found:
        token = ", with a token" if operation["token"] else ""
        terminal.line(f"{operation['call']}{token}: {operation['summary']}")
        terminal.line(f"{operation['method']} {operation['server']}{operation['path']}")
        table = Table(box=box.SIMPLE_HEAD)
        for column in _COLUMNS:
            table.add_column(column, overflow="fold", no_wrap=column == "argument")
        for argument in operation["arguments"]:
            table.add_row(*_cells(argument))
        terminal.table(table)
    return 0


def _described(place: str, operation: Operation, facts: Any) -> dict[str, Any]:
    return {
        "call": place,
        "operation": operation.name,
        "method": facts["method"],
        "server": facts["server"],
        "path": facts["path"],
        "token": facts["token"],
        "summary": operation.summary,
        "arguments": [
            {
                "name": field.name,
                "option": options.option(field.name),
                "type": field.kind if field.holds == "one" else f"{field.kind}, {field.holds}",
                "required": field.required,
                "null": field.nullable,
                "values": ", ".join(_values(field)),
                "default": field.default,
                "description": field.description,
            }
            for field in operation.fields
        ],
    }


def _values(field: Field) -> Iterator[str]:
    yield from field.choices
    if field.rule:
        yield field.rule


def _cells(argument: dict[str, Any]) -> list[str]:
    default = argument["default"]
    return [
        argument["name"],
        argument["type"],
        "yes" if argument["null"] else "",
        argument["values"],
        "required" if argument["required"] else "" if default is None else str(default),
    ]


command = click.Command(
    "contract",
    help="List the operations and their arguments, with all bounds and defaults.",
    callback=_list,
    params=[click.Option(["--json", "as_json"], is_flag=True, help="As one JSON object.")],
)
