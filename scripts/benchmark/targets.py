"""Figures, how people read them, and what is aimed at."""

import math
from collections.abc import Mapping

import attrs

from scripts.benchmark.pictures import MIB

# Column of the table, and what it is called there.
COLUMNS = {
    "plain": "httpx by hand",
    "generated": "generated client",
    "official": "official SDK",
    "facade": "friendli_facade",
}
# By column, the medians of a row.
Figures = Mapping[str, Mapping[str, float]]


@attrs.frozen
class Measure:
    """A figure of a sample: its name there, and how people read it."""

    key: str
    name: str
    unit: str
    scale: float = 1
    digits: int = 0
    more_is_better: bool = False

    def text(self, value: float) -> str:
        """The figure with its unit."""
        return f"{value * self.scale:,.{self.digits}f} {self.unit}".strip()


TOTAL = Measure("seconds", "time", "ms", 1000, 1)
CALL = Measure("seconds", "time of a call", "ms", 1000, 2)
NET = Measure("net", "time without Python's start", "ms", 1000, 1)
MODULES = Measure("modules", "modules", "")
RATE = Measure("rate", "rate", "calls/s", more_is_better=True)
PEAK = Measure("peak", "memory over idle", "MiB", 1 / MIB, 1)
CHECK = Measure("seconds", "time", "µs", 1e6, 1)


@attrs.frozen
class Target:
    """A bound on our figure, or on how it compares with that of another column.

    Compared, it is the most that ours may be of the other; with `times_better`, the least that
    ours must be better by.
    """

    measure: Measure
    bound: float
    against: str | None = None
    times_better: bool = False

    def value(self, figures: Figures) -> float:
        """What is bounded."""
        ours = figures["facade"][self.measure.key]
        if self.against is None:
            return ours
        theirs = figures[self.against][self.measure.key]
        if self.times_better and not self.measure.more_is_better:
            ours, theirs = theirs, ours
        return ours / theirs if theirs else math.inf

    def is_met(self, figures: Figures) -> bool:
        """Whether our figure keeps to the bound."""
        value = self.value(figures)
        at_least = self.times_better or self.measure.more_is_better
        return value >= self.bound if at_least else value <= self.bound

    def shown(self, value: float) -> str:
        """A value as this target reads it."""
        return self.measure.text(value) if self.against is None else f"{value:.2f}"

    def text(self, plain: str) -> str:
        """The target in words; `plain` is what the first column has."""
        if self.against is None:
            words = "at least" if self.measure.more_is_better else "at most"
            return f"{self.measure.name} {words} {self.measure.text(self.bound)}"
        other = plain if self.against == "plain" else f"the {COLUMNS[self.against]}"
        if self.times_better:
            return f"at least {self.bound:g} times as fast as {other}"
        return f"{self.measure.name} at most {self.bound:g} of {other}"
