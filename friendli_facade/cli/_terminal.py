"""What is written, and where. Text of others is made harmless here, and nowhere else."""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console, RenderableType
    from rich.progress import Progress
    from rich.style import Style

# They join letters and emoji, and do nothing else.
_JOINERS = frozenset("\u200c\u200d")


def plain(text: object) -> str:
    """Text on one line that no terminal obeys: what is not printable is written as an escape."""
    return "".join(one if _is_harmless(one) else _escape(one) for one in str(text))


def _is_harmless(one: str) -> bool:
    return one.isprintable() or one in _JOINERS or unicodedata.category(one) == "Zs"


def _escape(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")


def is_rich(stream: TextIO) -> bool:
    """Whether a stream is a terminal that may be sent colours and a moving cursor."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and stream.isatty()


class Terminal:
    """Standard output for results, standard error for notes, and a screen where there is one."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A terminal that knows ASCII alone shows what it can, and never fails.
                stream.reconfigure(errors="backslashreplace")

    @cached_property
    def screen(self) -> Console | None:
        """The console for what moves and is coloured; None where standard output is no terminal.

        A bar on standard error would stand in the way of what the next program writes.
        """
        return _console(sys.stdout, is_terminal=True) if is_rich(sys.stdout) else None

    def result(self, path: Path) -> None:
        """A line with a file's path on standard output, to be clicked where that is a terminal."""
        if self.screen is None:
            self._write(plain(path))
        else:
            from rich.style import Style

            _print(self.screen, plain(path), Style(link=path.absolute().as_uri()))

    def line(self, text: str) -> None:
        """A line on standard output."""
        self._write(plain(text))

    def record(self, values: Mapping[str, Any]) -> None:
        """A line of JSON on standard output."""
        import json

        self._write(json.dumps(values))

    def table(self, renderable: RenderableType) -> None:
        """A table on standard output."""
        if self.screen is not None:
            self.screen.print(renderable)
        else:
            _console(sys.stdout, is_terminal=False).print(renderable)

    def note(self, text: str, style: str = "") -> None:
        """A line on standard error."""
        with suppress(OSError):  # there is no place where this could be told
            if self.screen is not None and is_rich(sys.stderr):
                _print(self.screen, plain(text), style)
            else:
                sys.stderr.write(plain(text) + "\n")
                sys.stderr.flush()

    def trace(self, error: BaseException) -> None:
        """The traceback of an error on standard error."""
        import traceback

        for line in "".join(traceback.format_exception(error)).splitlines():
            self.note(line)

    def _write(self, text: str) -> None:
        if self.screen is not None:
            _print(self.screen, text)
            return
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except OSError as error:
            # Pictures that are paid for are saved all the same; other words are for nobody.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if not isinstance(error, BrokenPipeError):
                error.filename = "standard output"
                raise


@contextmanager
def moving(bar: Progress) -> Generator[Progress]:
    """A bar on its screen, and off it in the end, unless somebody has closed the terminal."""
    bar.start()
    try:
        yield bar
    finally:
        with suppress(OSError):
            bar.stop()


def _print(screen: Console, text: str, style: Style | str = "") -> None:
    """A line on the screen itself, where it comes to stand above a bar that moves."""
    from rich.text import Text

    screen.print(Text(text, style=style), soft_wrap=True)


def _console(stream: TextIO, *, is_terminal: bool) -> Console:
    from rich.console import Console

    return Console(
        file=stream,
        force_terminal=is_terminal,
        color_system="auto" if is_terminal else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
