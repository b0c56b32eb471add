"""The command that `generate`, `edit` and `again` all are: their options, in sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from friendli_facade.cli._arguments import client, options
from friendli_facade.cli._arguments.sections import SectionedCommand

if TYPE_CHECKING:
    from friendli_facade.cli._arguments.calls import Calls


class PictureCommand(SectionedCommand):
    """A command that makes calls, and saves their pictures.

    Args:
        name: The command's name; that of the method that it calls, unless it overrides `calls`.
        words: What it does.
        placed: The parameters that stand in place of the contract's options, each under the name
            of its argument.
        methods: The methods whose arguments are options of it.
    """

    def __init__(
        self,
        name: str,
        words: str,
        placed: Sequence[click.Parameter],
        methods: Sequence[str] = (),
    ) -> None:
        names = [str(parameter.name) for parameter in placed]
        self._positional = [str(one.name) for one in placed if isinstance(one, click.Argument)]
        sections = {
            "Where": client.options(),
            "What": [*placed, *options.options(methods or [name], names)],
            "How": _own_options(),
        }
        super().__init__(name, sections, words, self._run)

    def calls(self, params: Mapping[str, Any]) -> Calls:
        """The calls that options ask for: one for each prompt with each seed."""
        from friendli_facade.cli._arguments.calls import described

        return described(str(self.name), params, self._positional)

    def _run(self, **params: Any) -> int:
        from friendli_facade.cli._pictures.run import run

        return run(self.calls(params), params, self._positional)


def _own_options() -> list[click.Parameter]:
    return [
        click.Option(["--seeds"], metavar="1..8", help="A picture for each seed; 3,5,9 too."),
        click.Option(
            ["-o", "--output"],
            type=click.Path(),
            metavar="FILE|DIR|-",
            help="Where to; a file's suffix asks for its format, and - writes the picture itself "
            "to a pipe.  [default: this folder]",
        ),
        click.Option(["--overwrite"], is_flag=True, help="Replace files that exist."),
        options.at_once(4),
        click.Option(
            ["--sheet"],
            type=click.Path(),
            metavar="FILE.png",
            help="All pictures side by side, with captions.",
        ),
        options.metadata(),
        click.Option(["--show"], is_flag=True, help="Draw the pictures in the terminal."),
        click.Option(
            ["--dry-run"], is_flag=True, help="Check and show the requests, and send none."
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="A line of JSON for each picture."),
    ]
