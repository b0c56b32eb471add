"""Figures as tables: on the terminal, and as the page in docs/."""

import os
import platform
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from scripts.benchmark.rows import Row
from scripts.benchmark.targets import COLUMNS, Figures

# Figures by the name of the row.
Measured = Mapping[str, Figures]

_PAGE = """# Performance

What `scripts/bench` measured: this client beside httpx and aiohttp by hand and Friendli's own SDK,
all against the same local server. Every contender is where a user would have it, in an environment
of its own with the dependencies that it needs to run.

![Processor time and memory, as parts of what httpx by hand takes](performance.png)

{about}.
Every figure is a median of runs in fresh processes, contenders in turn. Processor time is that of
the client alone, user and system; the time that passes also depends on the server, and on what
else the machine does.

{figures}

What is aimed at:

{targets}

- *httpx by hand* is `httpx.Client().post(url, json=...).json()` on a kept-alive connection; for
  files, with `base64.b64encode` before and `json.loads` with `base64.b64decode` after. It has
  httpx's own limit of 100 connections.
- *httpx by hand* is `import httpx, attrs` in the two rows of imports alone, and
  `httpx.Client.build_request`, which checks nothing, in the last two.
- *aiohttp by hand* is `ClientSession(connector=TCPConnector(limit=0)).post(url, json=...)`: as
  little as an async call can cost.
- *The same on aiohttp* is `AsyncFriendli(http_client=httpx_aiohttp.HttpxAiohttpClient(...))`, with
  `limits=httpx.Limits(max_connections=4000)`.
- *The same with spans* tells each call to OpenTelemetry's SDK, whose exporter throws it away.
- Calls in flight are answered after 0.2 s. Their figures are for one call: calls a second are
  1,000 ms by the time that passes.
- *Memory over idle* is the highest resident memory, less that after a first small call; for calls
  in flight, less that before the first.
- The official SDK is given a timeout of ten minutes; by itself it stops reading after five
  seconds. With 1,000 calls in flight its first answers take minutes: it is not measured there.
"""


def lines(rows: Iterable[Row], measured: Measured) -> tuple[list[list[str]], list[list[str]]]:
    """The cells of both tables, headings first: the figures, and the targets."""
    figures = [["", "", *COLUMNS.values()]]
    targets = [["", "target", "measured", ""]]
    for row in rows:
        of_row = measured[row.name]
        for number, measure in enumerate(row.measures):
            cells = [
                measure.text(of_row[column][measure.key]) if column in of_row else ""
                for column in COLUMNS
            ]
            figures.append(["" if number else row.title, measure.name, *cells])
        for number, target in enumerate(row.targets):
            shown = target.shown(target.value(of_row))
            met = "met" if target.is_met(of_row) else "missed"
            targets.append(["" if number else row.title, target.text(row.plain), shown, met])
    return figures, targets


def text(table: list[list[str]]) -> str:
    """A table for the terminal."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def markdown(table: list[list[str]]) -> str:
    """A table for a page."""
    heading, *rest = [f"| {' | '.join(row)} |" for row in table]
    return "\n".join([heading, "| --- " * len(table[0]) + "|", *rest])


def page(rows: Iterable[Row], measured: Measured, about: str) -> str:
    """The whole of docs/performance.md; `about` is where it was measured, and what."""
    figures, targets = lines(rows, measured)
    return _PAGE.format(about=about, figures=markdown(figures), targets=markdown(targets))


def machine() -> str:
    """The machine, and the Python on it."""
    information = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    # Some processors have no name there.
    names = re.findall(r"^model name\s*: (.+)$", information, re.MULTILINE)[:1]
    python = f"Python {platform.python_version()}"
    return ", ".join([*names, f"{os.cpu_count()} cores", platform.system(), python])
