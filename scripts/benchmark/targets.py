"""Figures, how people read them, and what is aimed at."""

import math
from collections.abc import Mapping

import attrs

from scripts.benchmark.pictures import MIB

# Column of the table, and what it is called there.
COLUMNS = {
    "plain": "httpx by hand",
    "aiohttp": "aiohttp by hand",
    "official": "official SDK",
    "facade": "friendli_facade",
    "facade_aiohttp": "the same on aiohttp",
    "facade_spans": "the same with spans",
}
# By column, the medians of a row.
Figures = Mapping[str, Mapping[str, float]]


@attrs.frozen
class Measure:
    """A figure of a sample: its name there, and how people read it."""

    key: str
    name: str

    def text(self, value: float) -> str:
        """The figure with its unit."""
        if self is MODULES:
            return f"{value:,.0f}"
        if self is PEAK:
            return f"{value / MIB:,.1f} MiB"
        if value < 1e-4:
            return f"{value * 1e6:.1f} µs"
        milliseconds = value * 1000
        digits = max(0, 2 - math.floor(math.log10(milliseconds)))
        return f"{milliseconds:,.{digits}f} ms"


PROCESSOR = Measure("processor", "processor time")
WALL = Measure("seconds", "time that passes")
PEAK = Measure("peak", "memory over idle")
MODULES = Measure("modules", "modules")


@attrs.frozen
class Target:
    """The most that a column's figure may be; with `against`, as a part of that column's."""

    measure: Measure
    bound: float
    against: str | None = None
    column: str = "facade"

    def value(self, figures: Figures) -> float:
        """What is bounded."""
        ours = figures[self.column][self.measure.key]
        if self.against is None:
            return ours
        theirs = figures[self.against][self.measure.key]
        return ours / theirs if theirs else math.inf

    def is_met(self, figures: Figures) -> bool:
        """Whether the figure keeps to the bound."""
        return self.value(figures) <= self.bound

    def shown(self, value: float) -> str:
        """A value as this target reads it."""
        return self.measure.text(value) if self.against is None else f"{value:.2f}"

    def text(self, plain: str) -> str:
        """The target in words; `plain` is what the first column has."""
        whose = "" if self.column == "facade" else f"{COLUMNS[self.column]}: "
        if self.against is None:
            return f"{whose}{self.measure.name} at most {self.measure.text(self.bound)}"
        other = plain if self.against == "plain" else COLUMNS[self.against]
        return f"{whose}{self.measure.name} at most {self.bound:g} of {other}"
