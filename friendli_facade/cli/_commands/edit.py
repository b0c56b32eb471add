"""Change pictures as a prompt says."""

import click

from friendli_facade.cli._arguments import options
from friendli_facade.cli._pictures.command import PictureCommand

command = PictureCommand(
    "edit",
    """Change pictures as a prompt says.

    An IMAGE is a file, a URL, or - for standard input; several are sent together. Several prompts,
    or --seeds, make several pictures.
    """,
    [
        click.Argument(["image"], nargs=-1, metavar="IMAGE..."),
        click.Option(
            ["--prompt"],
            multiple=True,
            metavar="TEXT",
            help=f"{options.help_of('edit', 'prompt')} "
            "@FILE reads them from a file, one a line. Any number of times.",
        ),
    ],
)
