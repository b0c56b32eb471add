"""Make a page of the pictures in a folder, and of how they were made."""

from __future__ import annotations

from contextlib import ExitStack

import click

from friendli_facade.cli._pictures.progress import Watch, watching
from friendli_facade.cli._terminal import Terminal


def _make(folder: str, output: str | None, inputs: tuple[str, ...], overwrite: bool) -> int:
    from friendli_facade import gallery

    terminal = Terminal()
    watches: list[Watch] = []
    with ExitStack() as stack:

        def count(_done: int, total: int) -> None:
            if not watches:
                watches.append(stack.enter_context(watching(terminal, total, "looking")))
            watches[0].count()

        try:
            page = gallery.write(
                folder,
                output,
                inputs=inputs,
                overwrite=overwrite,
                on_problem=terminal.note,
                on_picture=count,
            )
        except FileExistsError as error:
            error.strerror = "it is no gallery; --overwrite replaces it"
            raise
    terminal.result(page)
    return 0


command = click.Command(
    "gallery",
    help="Make a page of the pictures in a folder, and of how they were made. It needs no server "
    "and no network: a browser opens the file. Folders in the folder are looked into too.",
    callback=_make,
    params=[
        click.Argument(["folder"], metavar="DIR", type=click.Path()),
        click.Option(
            ["-o", "--output"],
            type=click.Path(),
            metavar="PAGE",
            help="The page; without it, index.html in DIR. Small copies of the pictures are "
            "beside it, in index.thumbnails.",
        ),
        click.Option(
            ["--inputs"],
            type=click.Path(),
            metavar="DIR",
            multiple=True,
            help="Where pictures lie that others were made of, if not in DIR. Any number of times.",
        ),
        click.Option(["--overwrite"], is_flag=True, help="Replace a file that is no gallery."),
    ],
)
