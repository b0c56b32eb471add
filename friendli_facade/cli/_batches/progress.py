"""How far a batch has come, in words: on a bar, or in a line now and then."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from friendli_facade.cli._terminal import Terminal, moving

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from friendli_facade.batch import Progress

_EVERY = 10.0  # seconds between two lines


def words(progress: Progress, total: int | None) -> str:
    """Done, failed, rate, time left and money."""
    of = "" if total is None else f" of {total:,}"
    parts = [f"{progress.done:,}{of} done"]
    if progress.earlier:
        parts[0] += f" ({progress.earlier:,} earlier)"
    parts += [f"{number:,} {name}" for name, number in counts(progress).items() if number]
    ended = progress.jobs - progress.earlier
    if ended and progress.seconds > 0:
        rate = ended / progress.seconds
        parts.append(f"{rate:.1f}/s" if rate >= 1 else f"{1 / rate:.1f} s each")
        if total is not None and total > progress.jobs:
            parts.append(f"{timedelta(seconds=round((total - progress.jobs) / rate))} left")
    if progress.cost is not None:
        parts.append(f"cost {money(progress.cost)}")
    return ", ".join(parts)


def counts(progress: Progress) -> dict[str, int]:
    """What came to an end, and is not done."""
    return {
        "failed": progress.failed,
        "ambiguous": progress.ambiguous,
        "skipped": progress.skipped,
        "in other hands": progress.elsewhere,
    }


def money(amount: float) -> str:
    """An amount of whatever money the price is in."""
    return f"{amount:,.2f}" if round(amount, 2) == round(amount, 6) else f"{amount:,.6g}"


class Watch:
    """Tells how far a batch has come: on the screen, or line by line."""

    def __init__(self, terminal: Terminal, total: int | None, bar: Bar | None = None) -> None:
        self._terminal = terminal
        self._total = total
        self._bar = bar
        self._task: TaskID | None = bar.add_task("", total=total) if bar else None
        self._told = monotonic()

    def update(self, progress: Progress) -> None:
        """Tells it, if it is time to."""
        if self._bar is not None and self._task is not None:
            told = words(progress, self._total)
            self._bar.update(self._task, completed=progress.jobs, description=told)
        elif monotonic() - self._told >= _EVERY:
            self._told = monotonic()
            self._terminal.note(words(progress, self._total))


@contextmanager
def watching(terminal: Terminal, total: int | None) -> Generator[Watch]:
    """A watch over a batch, which leaves nothing on the screen."""
    if terminal.screen is None:
        yield Watch(terminal, total)
        return
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        BarColumn(bar_width=20),
        TextColumn("{task.description}", markup=False),
        console=terminal.screen,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with moving(bar):
        yield Watch(terminal, total, bar)
