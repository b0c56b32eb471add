"""What is measured: the rows of the benchmark."""

from collections.abc import Mapping
from typing import Any

import attrs

from scripts.benchmark.pictures import MIB
from scripts.benchmark.server import UPLOADS
from scripts.benchmark.targets import COLUMNS, MODULES, PEAK, PROCESSOR, WALL, Measure, Target


@attrs.frozen
class Row:
    """One comparison: which module, or code, stands in which column, and what it is to do."""

    name: str
    title: str
    scenario: str
    contenders: Mapping[str, str]
    targets: tuple[Target, ...] = ()
    measures: tuple[Measure, ...] = (PROCESSOR, WALL, PEAK)
    options: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    quick: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    path: str = "plain"
    # Of a first round that is not counted: big pictures are looked into.
    first_path: str | None = None
    rounds: int = 5
    plain: str = COLUMNS["plain"]


_SYNC = {"plain": "plain", "official": "official", "facade": "facade"}
_ON_AIOHTTP = {"aiohttp": "plain_aiohttp", "facade_aiohttp": "facade_aiohttp"}
_ASYNC = {**_SYNC, **_ON_AIOHTTP}

_IMPORTS = (
    Row(
        "import",
        "import SyncFriendli",
        "import",
        {
            "plain": "import httpx, attrs",
            "official": "from friendli import SyncFriendli",
            "facade": "from friendli_facade import SyncFriendli",
        },
        (Target(PROCESSOR, 1.08, "plain"), Target(PROCESSOR, 0.6, "official")),
        measures=(PROCESSOR, WALL, PEAK, MODULES),
        rounds=15,
        plain="httpx and attrs",
    ),
    Row(
        "import-package",
        "import friendli_facade alone",
        "import",
        {"plain": "import httpx, attrs", "facade": "import friendli_facade"},
        (Target(PROCESSOR, 0.02, "plain"),),
        measures=(PROCESSOR, WALL, PEAK, MODULES),
        rounds=15,
        plain="httpx and attrs",
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
        measures=(PROCESSOR, WALL, PEAK, MODULES),
        rounds=15,
    ),
)

_SMALL_CALLS = (
    Row(
        "small",
        "small call",
        "small",
        {**_SYNC, "facade_spans": "facade_spans"},
        (
            *(Target(PROCESSOR, 1.1, "plain"), Target(PROCESSOR, 0.3, "official")),
            Target(PROCESSOR, 1.1, "facade", "facade_spans"),
        ),
        options={"calls": 500},
        quick={"calls": 50},
        rounds=7,
    ),
    Row(
        "small-async",
        "small call, async",
        "small_async",
        _ASYNC,
        (Target(PROCESSOR, 1.05, "plain"), Target(PROCESSOR, 0.3, "official")),
        options={"calls": 500},
        quick={"calls": 50},
        rounds=7,
    ),
)


def _in_flight(at_a_time: int, *targets: Target, seconds: float = 1.5) -> Row:
    # With a thousand in flight the official SDK takes minutes until the first calls end.
    contenders = {k: v for k, v in _ASYNC.items() if at_a_time < 1000 or k != "official"}
    return Row(
        f"in-flight-{at_a_time}",
        f"a call of {at_a_time:,} in flight",
        "in_flight",
        contenders,
        targets,
        options={"at_a_time": at_a_time, "seconds": seconds, "longest_warming_up": 3},
        path="wait-0.2",
        rounds=3,
    )


_LIMITS = (
    Target(PROCESSOR, 5, "aiohttp"),
    Target(PROCESSOR, 0.5, "plain"),
    Target(PROCESSOR, 2.5, "aiohttp", "facade_aiohttp"),
)
_WAITING = (Target(WALL, 1.15, "aiohttp"), Target(WALL, 1.15, "aiohttp", "facade_aiohttp"))

_IN_FLIGHT = (
    _in_flight(1, *_WAITING),
    _in_flight(8, *_WAITING),
    _in_flight(64, *_LIMITS, *_WAITING),
    _in_flight(256, *_LIMITS, Target(WALL, 0.2, "plain")),
    # Those by hand end few calls a second.
    _in_flight(1000, *_LIMITS, Target(WALL, 0.1, "plain"), seconds=2.5),
)


_OF_EDITS = {
    50: (
        *(Target(PROCESSOR, 0.22, "plain"), Target(PROCESSOR, 0.125, "official")),
        Target(PEAK, 2 * MIB),
    )
}


def _edit(sizes: tuple[int, ...]) -> Row:
    size, files = sum(sizes), f"{len(sizes)} files" if len(sizes) > 1 else "a file"
    return Row(
        f"edit-{size}",
        f"edit of {files}, {size} MiB",
        "edit",
        _SYNC,
        _OF_EDITS.get(size, ()),
        options={"mebibytes": sizes},
        first_path="checked",
        rounds=5 if size < 100 else 2,
    )


_EDITS = (
    *map(_edit, UPLOADS),
    Row(
        "edit-bytes",
        "edit of 50 MiB given as bytes",
        "edit",
        {"plain": "plain", "facade": "facade_bytes"},
        options={"mebibytes": (50,)},
        first_path="checked",
    ),
    Row(
        "edits-async",
        "64 edits of 8 MiB files at once",
        "edits_async",
        {k: v for k, v in _ASYNC.items() if k != "official"},
        (Target(PEAK, 64 * MIB),),
        options={"mebibytes": (8,), "at_a_time": 64},
        quick={"at_a_time": 8},
        rounds=3,
    ),
)


def _save(size: int, *targets: Target) -> Row:
    return Row(
        f"save-{size}",
        f"base64 answer of {size} MiB to a file",
        "save",
        _SYNC,
        targets,
        options={"mebibytes": (size,), "answers": 1},
        path=f"base64-{size}",
        rounds=5 if size < 100 else 3,
    )


def _save_url(size: int, *targets: Target) -> Row:
    return Row(
        f"save-url-{size}",
        f"answer with a URL of {size} MiB to a file",
        "save_url",
        {"plain": "plain", "facade": "facade"},
        targets,
        options={"mebibytes": (size,), "answers": 1},
        path=f"url-{size}",
        rounds=5 if size < 100 else 3,
    )


_ANSWERS = (
    _save(1),
    _save(8, Target(PROCESSOR, 0.65, "plain"), Target(PEAK, 9 * MIB)),
    attrs.evolve(
        _save(8, Target(PEAK, 9 * MIB)),
        name="save-8-five-times",
        title="one of five base64 answers of 8 MiB",
        options={"mebibytes": (8,), "answers": 5},
    ),
    _save(50),
    _save(200),
    *(_save_url(size) for size in (1, 8, 50)),
    _save_url(200, Target(PEAK, 2 * MIB)),
)

_ROOMS = (
    Row(
        "check",
        "checking a call with every argument",
        "checking",
        {"plain": "plain", "facade": "facade_rooms"},
        options={"calls": 10_000},
        quick={"calls": 500},
        plain="httpx's build_request",
    ),
    Row(
        "prepare",
        "making a request with every argument",
        "preparing",
        {"plain": "plain", "facade": "facade_rooms"},
        options={"calls": 10_000},
        quick={"calls": 500},
        plain="httpx's build_request",
    ),
)

ROWS = (*_IMPORTS, *_SMALL_CALLS, *_IN_FLIGHT, *_EDITS, *_ANSWERS, *_ROOMS)
