"""What is measured: the rows of the benchmark."""

from collections.abc import Mapping
from typing import Any

import attrs

from scripts.benchmark.pictures import MIB
from scripts.benchmark.targets import (
    CALL,
    CHECK,
    COLUMNS,
    MODULES,
    NET,
    PEAK,
    RATE,
    TOTAL,
    Measure,
    Target,
)


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
    rounds: int = 5
    plain: str = COLUMNS["plain"]


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
        plain="httpx and attrs",
    ),
    Row(
        "import-package",
        "import friendli_facade, beside Python alone",
        "import",
        {"plain": "pass", "facade": "import friendli_facade"},
        (TOTAL, NET, MODULES),
        (Target(TOTAL, 1.3, "plain"),),
        rounds=15,
        plain="Python alone",
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
        rounds=3,
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
        rounds=3,
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
        "edit of 50 MiB given as bytes",
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
