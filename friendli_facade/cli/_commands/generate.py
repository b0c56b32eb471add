"""Draw pictures from prompts."""

import click

from friendli_facade.cli._pictures.command import PictureCommand

command = PictureCommand(
    "generate",
    """Draw pictures from prompts.

    A PROMPT is text; @FILE reads prompts from a file, one a line, and - from standard input.
    Several prompts, or --seeds, make several pictures.
    """,
    [click.Argument(["prompt"], nargs=-1, metavar="PROMPT...")],
)
