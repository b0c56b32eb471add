"""What stands in a ledger: the commands behind `batch`."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from friendli_facade.cli._terminal import Terminal

if TYPE_CHECKING:
    from friendli_facade.batch import Ledger


@contextmanager
def opened(directory: str | os.PathLike[str]) -> Generator[Ledger]:
    """The ledger of a folder; raises OSError where there is none that can be used."""
    from friendli_facade.batch import Ledger, LedgerError

    try:
        with Ledger(directory) as ledger:
            yield ledger
    except LedgerError as error:
        raise OSError(str(error)) from error


def _status(directory: str, as_json: bool) -> int:
    terminal = Terminal()
    with opened(directory) as ledger:
        counts, paid = ledger.counts(), ledger.paid()
    if as_json:
        terminal.record({"paid": paid, **{str(state): number for state, number in counts.items()}})
    else:
        for state, number in counts.items():
            terminal.line(f"{state:10} {number:>10,}")
        terminal.line(f"{'paid':10} {paid:>10,}")
    return 0


def _export(directory: str, output: str | None) -> int:
    import attrs

    terminal = Terminal()
    with opened(directory) as ledger:
        if output is None:
            for row in ledger.rows():
                terminal.record(attrs.asdict(row))
            return 0
        try:
            number = ledger.export(output)
        except ImportError as error:
            raise click.UsageError(str(error)) from None
        except ValueError as error:
            raise click.UsageError(f"-o: {error}") from None
    terminal.note(f"{output} has {number:,} rows")
    return 0


def _directory() -> click.Argument:
    return click.Argument(["directory"], metavar="DIR", type=click.Path())


def commands() -> dict[str, click.Command]:
    """The commands by name."""
    output: dict[str, Any] = {"type": click.Path(), "metavar": "FILE.jsonl|csv|parquet"}
    return {
        "status": click.Command(
            "status",
            help="Count the rows of a batch's ledger by state, and the pictures that are paid for.",
            callback=_status,
            params=[
                _directory(),
                click.Option(["--json", "as_json"], is_flag=True, help="As one JSON object."),
            ],
        ),
        "export": click.Command(
            "export",
            help="Write a batch's ledger as a table.",
            callback=_export,
            params=[
                _directory(),
                click.Option(
                    ["-o", "--output"], help="A new file.  [default: JSON lines, here]", **output
                ),
            ],
        ),
    }
