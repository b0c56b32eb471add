"""What is measured, and what is aimed at."""

import math
from collections.abc import Mapping
from typing import Any

import attrs

MIB = 1024 * 1024
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

    def text(self) -> str:
        """The target in words."""
        if self.against is None:
            words = "at least" if self.measure.more_is_better else "at most"
            return f"{self.measure.name} {words} {self.measure.text(self.bound)}"
        other = COLUMNS[self.against]
        if self.times_better:
            return f"at least {self.bound:g} times as fast as {other}"
        return f"{self.measure.name} at most {self.bound:g} of {other}"


@attrs.frozen
class Row:
    """One comparison: which module, or code, stands in which column, and what it is to do."""

    name: str
    title: str
    scenario: str
    contenders: Mapping[str, str]
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...] = ()
    options: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    quick: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    path: str = "plain"
    # In the first round, which is not counted: big pictures are looked into.
    first_path: str | None = None
    rounds: int = 7


ALL = {name: name for name in COLUMNS}
NOT_GENERATED = {name: name for name in COLUMNS if name != "generated"}

ROWS = (
    Row(
        "import",
        "import SyncFriendli, beside httpx and attrs",
        "import",
        {
            "plain": "import httpx, attrs",
            "official": "from friendli import SyncFriendli",
            "facade": "from friendli_facade import SyncFriendli",
        },
        (TOTAL, NET, MODULES),
        (Target(TOTAL, 1.15, "plain"), Target(TOTAL, 0.6, "official")),
        rounds=15,
    ),
    Row(
        "import-package",
        "import friendli_facade alone, beside nothing",
        "import",
        {"plain": "pass", "facade": "import friendli_facade"},
        (TOTAL, NET, MODULES),
        (Target(TOTAL, 1.3, "plain"),),
        rounds=15,
    ),
    Row(
        "ready",
        "import, a client, and its method",
        "import",
        {
            "plain": "import httpx; httpx.Client().post",
            "official": "import friendli as f; f.SyncFriendli(token='t').container.image.generate",
            "facade": "import friendli_facade as f; f.SyncFriendli().container.image.generate",
        },
        (TOTAL, NET, MODULES),
        rounds=15,
    ),
    Row(
        "small",
        "small call",
        "small",
        ALL,
        (CALL,),
        (Target(CALL, 1.15, "plain"), Target(CALL, 3.5, "official", times_better=True)),
        options={"calls": 1000},
        quick={"calls": 100},
    ),
    Row(
        "small-async",
        "small call, async",
        "small_async",
        ALL,
        (CALL,),
        (Target(CALL, 1.15, "plain"), Target(CALL, 3.5, "official", times_better=True)),
        options={"calls": 1000},
        quick={"calls": 100},
    ),
    Row(
        "many-async",
        "1,000 small async calls, 64 at a time",
        "many_async",
        NOT_GENERATED,
        (TOTAL,),
        (Target(TOTAL, 1.15, "plain"),),
        options={"calls": 1000, "at_a_time": 64},
        quick={"calls": 192},
    ),
    Row(
        "in-flight-64",
        "answers take 0.2 s, 64 in flight",
        "rate",
        NOT_GENERATED,
        (RATE,),
        (Target(RATE, 280), Target(RATE, 3, "plain", times_better=True)),
        options={"at_a_time": 64, "seconds": 4},
        quick={"seconds": 1.5},
        path="wait-0.2",
        rounds=5,
    ),
    Row(
        "in-flight-256",
        "answers take 0.2 s, 256 in flight",
        "rate",
        NOT_GENERATED,
        (RATE,),
        (Target(RATE, 600), Target(RATE, 10, "plain", times_better=True)),
        options={"at_a_time": 256, "seconds": 4},
        quick={"seconds": 1.5},
        path="wait-0.2",
        rounds=5,
    ),
    Row(
        "edit",
        "edit of a 50 MiB file",
        "edit",
        ALL,
        (TOTAL, PEAK),
        (
            Target(TOTAL, 0.25, "plain"),
            Target(TOTAL, 8, "official", times_better=True),
            Target(PEAK, 8 * MIB),
        ),
        options={"mebibytes": 50},
        quick={"mebibytes": 8},
        first_path="checked",
    ),
    Row(
        "edit-bytes",
        "edit of 50 MiB, which we are given as bytes",
        "edit",
        {"plain": "plain", "facade": "facade_bytes"},
        (TOTAL, PEAK),
        options={"mebibytes": 50},
        quick={"mebibytes": 8},
        first_path="checked",
    ),
    Row(
        "edits-async",
        "64 edits of 8 MiB files at once",
        "edits_async",
        {"plain": "plain", "facade": "facade"},
        (TOTAL, PEAK),
        (Target(PEAK, 64 * MIB),),
        options={"mebibytes": 8, "at_a_time": 64},
        quick={"at_a_time": 8},
        rounds=3,
    ),
    Row(
        "save",
        "base64 answer of 8 MiB to a file",
        "save",
        ALL,
        (TOTAL, PEAK),
        (Target(TOTAL, 0.7, "plain"), Target(PEAK, 12 * MIB)),
        path="large",
    ),
    Row(
        "check",
        "checking a call that gives every argument",
        "checking",
        {"facade": "facade"},
        (CHECK,),
        (Target(CHECK, 40e-6),),
        options={"calls": 10_000},
        quick={"calls": 1000},
    ),
    Row(
        "prepare",
        "its whole request but for sending",
        "preparing",
        {"facade": "facade"},
        (CHECK,),
        options={"calls": 10_000},
        quick={"calls": 1000},
    ),
)
