"""Make pictures again, from what their files tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from friendli_facade.cli._pictures.command import PictureCommand

if TYPE_CHECKING:
    from friendli_facade.cli._arguments.calls import Calls


class _Again(PictureCommand):
    def calls(self, params: Mapping[str, Any]) -> Calls:
        """The calls that made these pictures, with what the options change."""
        from friendli_facade.cli._arguments.repeats import repeated

        return repeated(params)


command = _Again(
    "again",
    """Make pictures again, from what their files tell.

    A PICTURE is a file that tells how it was made. The request is the same, with the same seed, but
    for what the options change. The pictures that were sent with it are looked for, by their
    digests, beside it and in this folder; others are given by their options.
    """,
    [
        click.Argument(["pictures"], nargs=-1, required=True, metavar="PICTURE..."),
        click.Option(
            ["--prompt"],
            multiple=True,
            metavar="TEXT",
            help="Another prompt. @FILE reads several, one a line. Any number of times.",
        ),
        click.Option(
            ["--other-inputs"],
            is_flag=True,
            help="Send the pictures that are given, whatever was sent before.",
        ),
    ],
    methods=["generate", "edit"],
)
