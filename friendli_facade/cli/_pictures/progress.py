"""What a waiting person sees: the time that a picture takes, or a bar of several."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from friendli_facade.cli._terminal import Terminal, moving

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress, Task, TaskID


class Watch:
    """Counts pictures on the screen; where there is none, it does nothing."""

    def __init__(self, progress: Progress | None, total: int, work: str = "drawing") -> None:
        self._progress = progress
        self._task: TaskID | None = None
        if progress is not None:
            self._task = progress.add_task(work, total=total if total > 1 else None)

    def count(self) -> None:
        """One picture more is done with."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)

    @contextmanager
    def aside(self) -> Generator[None]:
        """Takes the bar off the screen for as long as something large is drawn there."""
        if self._progress is None:  # and no screen
            raise AssertionError
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()


@contextmanager
def watching(terminal: Terminal, total: int, work: str = "drawing") -> Generator[Watch]:
    """A watch over `total` pictures, which leaves nothing on the screen."""
    if terminal.screen is None:
        yield Watch(None, total)
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.text import Text

    class Pace(ProgressColumn):
        """How fast pictures come, and how long the others take at this pace."""

        def render(self, task: Task) -> RenderableType:
            """The average since the beginning: pictures that come side by side make none alone."""
            if not task.completed or not task.elapsed or task.total is None:
                return Text("")
            each = task.elapsed / task.completed
            rate = f"{1 / each:.1f}/s" if each <= 1 else f"{each:.1f} s each"
            left = timedelta(seconds=round(each * task.remaining)) if task.remaining else "0:00:00"
            return Text(f"{rate}, {left} left")

    name = TextColumn("{task.description}")
    one = (SpinnerColumn(), name, TimeElapsedColumn())
    several = (name, BarColumn(), MofNCompleteColumn(), Pace())
    bar = Progress(
        *(several if total > 1 else one),
        console=terminal.screen,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with moving(bar):
        yield Watch(bar, total, work)
