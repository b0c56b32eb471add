"""Tell how pictures were made, by their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from friendli_facade.cli._terminal import Terminal, plain

if TYPE_CHECKING:
    from friendli_facade import Provenance


def _show(pictures: Sequence[str], as_json: bool) -> int:
    """The exit status of the first picture that does not tell; the others are told all the same."""
    from friendli_facade import Provenance, ProvenanceError
    from friendli_facade.cli import _failures

    terminal = Terminal()
    status = 0
    for path in pictures:
        try:
            found = Provenance.of(path)
            if found is None:
                raise ProvenanceError(f"{path} does not tell how it was made")
        except (OSError, ProvenanceError) as error:
            terminal.note(f"error: {_failures.words(error)[0]}", "red")
            status = status or _failures.status(error)
            continue
        if as_json:
            terminal.record({"path": path, **found.to_dict()})
        else:
            _tell(terminal, path, found)
    return status


def _tell(terminal: Terminal, path: str, found: Provenance) -> None:
    from rich import box
    from rich.table import Table

    terminal.line(path)
    table = Table(box=box.SIMPLE_HEAD, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(found):
        table.add_row(plain(name), plain(value))
    terminal.table(table)


def _rows(found: Provenance) -> Iterator[tuple[str, str]]:
    """What is told; it is a claim, and may be anything."""
    import json

    request = found.request
    yield "operation", request.operation
    for name, value in request.arguments.items():
        yield name, value if isinstance(value, str) else json.dumps(value)
    for picture in request.pictures:
        size = None if picture.size is None else f"{picture.size} bytes"
        facts = [picture.media_type, size, picture.sha256]
        if picture.url is not None:
            facts = [picture.url, "and more, which is not kept" if picture.is_cut else None]
        yield picture.argument, ", ".join(fact for fact in facts if fact)
    known = {
        "drawn with seed": found.seed,
        "came as": f"{found.media_type or 'no known kind'}, {found.size} bytes",
        "request id": found.request_id,
        "created": found.created_text,
        "by": found.generator,
    }
    for name, fact in known.items():
        if fact is not None:
            yield name, str(fact)


command = click.Command(
    "show",
    help="Tell how pictures were made, by their files: whoever had a file may have written it.",
    callback=_show,
    params=[
        click.Argument(["pictures"], nargs=-1, required=True, metavar="PICTURE..."),
        click.Option(["--json", "as_json"], is_flag=True, help="A line of JSON for each picture."),
    ],
)
