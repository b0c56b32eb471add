"""The command `batch`: its options, in sections, and the two commands behind it."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from friendli_facade.cli._arguments import client, options
from friendli_facade.cli._arguments.options import METHODS
from friendli_facade.cli._arguments.sections import SectionedCommand


class BatchCommand(SectionedCommand):
    """A command that makes a call for each row of a table.

    Args:
        words: What it does.
        others: Commands that stand behind it, in place of a table.
    """

    def __init__(self, words: str, others: dict[str, click.Command]) -> None:
        self._others = others
        sections = {
            "Where": client.options(),
            "What": [
                *_what(others),
                *options.options(METHODS, ()),
            ],
            "How": _how(),
            "How much": _how_much(),
        }
        super().__init__("batch", sections, words, self._run)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of this command, or of the one behind it that is meant."""
        other = self._others.get(args[0]) if args else None
        if other is None:
            return super().make_context(info_name, args, parent, **extra)
        other.params += [
            one for one in self.params if one.name == "debug" and one not in other.params
        ]
        return other.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)

    def _run(self, **params: Any) -> int:
        from friendli_facade.cli._batches.run import run

        return run(params)


class _Table(click.Argument):
    """The table, or a command behind this one."""

    def __init__(self, others: dict[str, click.Command]) -> None:
        super().__init__(["table"], metavar="TABLE")
        self._others = others

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, and files."""
        found = [CompletionItem(name) for name in self._others if name.startswith(incomplete)]
        return [*found, CompletionItem(incomplete, type="file")]


def _what(others: dict[str, click.Command]) -> list[click.Parameter]:
    return [
        _Table(others),
        click.Option(
            ["--edit/--generate", "edit"],
            default=None,
            help="Change pictures, or draw new ones.  [default: edit where there is an image]",
        ),
        click.Option(
            ["--template"],
            metavar="TEXT",
            help="The prompt of each row, with its columns: 'photo of {product}, {style}'.",
        ),
    ]


def _how() -> list[click.Parameter]:
    return [
        click.Option(
            ["-o", "--output"],
            type=click.Path(),
            metavar="DIR",
            help="The folder of the pictures and their ledger. [required]",
        ),
        click.Option(
            ["--name"],
            metavar="TEXT",
            help="What a picture is called, with columns: '{product}-{key}'.  [default: its key]",
        ),
        options.metadata(),
        options.at_once(16),
        click.Option(
            ["--rate"], type=options.Number(), metavar="N", help="Requests a second, at most."
        ),
        click.Option(
            ["--ambiguous"],
            type=click.Choice(["report", "retry", "skip"]),
            default="report",
            show_default=True,
            help="What becomes of rows that an earlier run may have paid for.",
        ),
        click.Option(
            ["--dry-run"], is_flag=True, help="Check all rows, tell the price, and send none."
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="A line of JSON for each row."),
    ]


def _how_much() -> list[click.Parameter]:
    words = {
        "--max-images": "Pictures that may be paid for, those of earlier runs included.",
        "--max-failures": "Rows that may fail, until no further one is sent.",
        "--max-cost": "The same as --max-images, as money; needs --price-per-image.",
        "--price-per-image": "What a picture costs.",
    }
    return [
        click.Option([name], type=options.Number(), metavar="N", help=text)
        for name, text in words.items()
    ]
