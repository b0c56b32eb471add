"""What a batch is told, checked before anything else is done."""

import os
import sys
from collections.abc import AsyncIterable, Callable, Iterable
from pathlib import Path
from typing import Any, cast

from friendli_facade._rules.json_types import is_number
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.batch._engine import Ambiguous, OnProgress, Plan
from friendli_facade.batch._jobs import Method
from friendli_facade.batch._limits.budget import affordable
from friendli_facade.batch._places import Folder, Naming
from friendli_facade.batch._source import is_source
from friendli_facade.errors import ValidationError

_MOST_AT_ONCE = 256  # as many connections as an event loop has


def plan(
    method: Callable[..., Any],
    jobs: Iterable[Any] | AsyncIterable[Any],
    *,
    is_async: bool,
    directory: str | os.PathLike[str],
    name: Naming | None,
    metadata: bool,
    concurrency: int,
    rate: float | None,
    max_images: int | None,
    max_failures: int | None,
    max_cost: float | None,
    price_per_image: float | None,
    ambiguous: Ambiguous,
    on_progress: OnProgress | None,
) -> Plan:
    """The plan of a batch; raises ValidationError with all that is wrong."""
    found: list[Violation] = []

    def check(argument: str, rule: str, value: object, *, is_kept: bool) -> None:
        if not is_kept:
            found.append(Violation(argument, f"must be {rule}", shortened(value)))

    counts = {"max_images": max_images, "max_failures": max_failures}
    amounts = {"rate": rate, "max_cost": max_cost, "price_per_image": price_per_image}
    for argument, count in counts.items():
        is_kept = count is None or _is_count(count)
        check(argument, "an integer of at least 1, or None", count, is_kept=is_kept)
    for argument, amount in amounts.items():
        is_kept = amount is None or (is_number(amount) and 0 < amount <= sys.float_info.max)
        check(argument, "a finite number above 0, or None", amount, is_kept=is_kept)
    is_kept = _is_count(concurrency) and concurrency <= _MOST_AT_ONCE
    rule = f"an integer from 1 to {_MOST_AT_ONCE}"
    check("concurrency", rule, concurrency, is_kept=is_kept)
    is_kept = is_source(jobs) and (is_async or not isinstance(jobs, AsyncIterable))
    kinds = "an iterable, or async iterable, of jobs" if is_async else "an iterable of jobs"
    check("jobs", kinds, jobs, is_kept=is_kept)
    is_kept = ambiguous in {"report", "retry", "skip"}
    check("ambiguous", "'report', 'retry' or 'skip'", ambiguous, is_kept=is_kept)
    for argument, function in {"name": name, "on_progress": on_progress}.items():
        is_kept = function is None or callable(function)
        check(argument, "a function, or None", function, is_kept=is_kept)
    is_kept = isinstance(cast("object", metadata), bool)
    check("metadata", "True or False", metadata, is_kept=is_kept)
    is_path = isinstance(cast("object", directory), str | os.PathLike)
    path = cast("object", os.fspath(directory)) if is_path else None
    is_kept = isinstance(path, str) and "\0" not in path
    check("directory", "a path", directory, is_kept=is_kept)
    if max_cost is not None and price_per_image is None:
        found.append(Violation("price_per_image", "is required with max_cost"))
    chosen: Method | None = None
    try:
        chosen = Method(method)
    except ValidationError as error:
        found += error.violations
    if chosen is not None and chosen.is_async != is_async:
        right = "AsyncFriendli, or use batch.run" if is_async else "SyncFriendli, or use batch.arun"
        found.append(Violation("method", f"must be one of {right}"))
    if found or chosen is None:
        raise ValidationError(found)
    return Plan(
        method=chosen,
        jobs=jobs,
        folder=Folder(Path(directory), name, metadata),
        concurrency=concurrency,
        rate=rate,
        most_images=affordable(max_images, max_cost, price_per_image),
        max_failures=max_failures,
        price_per_image=price_per_image,
        ambiguous=ambiguous,
        on_progress=on_progress,
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
