"""What a batch would do: all rows checked against the rules and the ledger, and none sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack, aclosing
from decimal import Decimal
from typing import Any

import httpx

from friendli_facade.batch._checks import check as checks
from friendli_facade.batch._ledger.ledger import NAME
from friendli_facade.batch._places import Folder
from friendli_facade.cli import _failures
from friendli_facade.cli._batches import ledgers, progress
from friendli_facade.cli._batches.asked import Asked
from friendli_facade.cli._batches.jobs import BadRow, Job
from friendli_facade.cli._terminal import Terminal


def name_of(asked: Asked, key: str, job: Mapping[str, Any]) -> str:
    """What the pictures of a job are called, by the template; raises ValidationError."""
    if asked.names is None or not isinstance(job, Job):
        return key
    return asked.names.filled({**job.cells, "key": key})


async def check(terminal: Terminal, params: Mapping[str, Any], asked: Asked) -> int:
    """Tells what is wrong with each row, how many are sent, and the price; the exit status."""
    folder = Folder(asked.directory, lambda key, job: name_of(asked, key, job))
    counts: Counter[str] = Counter()
    first: Exception | None = None
    with ExitStack() as stack:
        is_there = (asked.directory / NAME).is_file()
        ledger = stack.enter_context(ledgers.opened(asked.directory)) if is_there else None
        async with (
            httpx.AsyncClient() as http,  # nothing is sent
            asked.connection.client(http) as friendli,
            aclosing(checks(method(friendli, asked), asked.jobs, folder, ledger)) as found,
        ):
            row = 0
            async for one in found:
                row += 1
                error = one.job.error if isinstance(one.job, BadRow) else one.error
                is_repeated = one.verdict == "ambiguous" and params["ambiguous"] == "retry"
                if error is None or is_repeated:
                    counts["send" if is_repeated else one.verdict] += 1
                    continue
                first = first or error
                counts["wrong" if one.verdict != "ambiguous" else "ambiguous"] += 1
                told = "; ".join(_failures.words(error))
                if params["as_json"]:
                    terminal.record({"row": row, "error": told})
                else:
                    terminal.line(f"row {row}: {told}")
    _summary(terminal, params, counts, row)
    return 0 if first is None else _failures.status(first)


def method(friendli: Any, asked: Asked) -> Any:
    """The client's method that makes the calls."""
    return getattr(getattr(friendli, asked.surface).image, asked.method)


def _summary(
    terminal: Terminal, params: Mapping[str, Any], counts: Counter[str], rows: int
) -> None:
    price = params["price_per_image"]
    sent = counts["send"]
    cost = None if price is None else float(Decimal(str(price)) * sent)
    if params["as_json"]:
        names = {"sent": sent, "done": counts["done"], "wrong": counts["wrong"]}
        names |= {"ambiguous": counts["ambiguous"], "elsewhere": counts["elsewhere"]}
        terminal.record({"rows": rows, **names, "cost": cost})
        return
    parts = [f"{rows:,} rows: {sent:,} would be sent"]
    if cost is not None:
        parts[0] += f", for {progress.money(cost)} where each has one picture"
    told = {"done": "done already", "wrong": "wrong", "ambiguous": "ambiguous"}
    told["elsewhere"] = "in the hands of another process"
    parts += [f"{counts[name]:,} {words}" for name, words in told.items() if counts[name]]
    terminal.line(", ".join(parts))
