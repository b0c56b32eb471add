"""The benchmark from its arguments to its tables."""

import argparse
import json

from scripts.benchmark import plot, table
from scripts.benchmark.rows import ROWS
from scripts.benchmark.running import FOLDER, REQUIREMENTS, Runner, installed
from scripts.benchmark.server import serving
from scripts.benchmark.targets import Figures
from scripts.contract.loading import ROOT

_NAMES = [row.name for row in ROWS]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the benchmark can be told."""
    parser.add_argument("--rows", nargs="+", choices=_NAMES, metavar="NAME", help=", ".join(_NAMES))
    parser.add_argument("--quick", action="store_true", help="one short round; says little")


def run(names: list[str] | None, *, quick: bool) -> None:
    """Measures, prints the tables, and after a whole run writes docs/performance.*."""
    rows = [row for row in ROWS if row.name in (names or _NAMES)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    pythons = {name: installed(name) for name in REQUIREMENTS}
    measured: dict[str, Figures] = {}
    with serving() as url:
        runner = Runner(url, pythons, FOLDER, quick)
        for row in rows:
            print(f"{row.name} ...", flush=True)
            measured[row.name] = runner.figures(row)
            (FOLDER / "figures.json").write_text(json.dumps(measured, indent=1), encoding="utf-8")
    print(f"\n{table.machine()}\n")
    for cells in table.lines(rows, measured):
        print(table.text(cells), end="\n\n")
    if not quick and not names:
        page = ROOT / "docs" / "performance.md"
        page.write_text(table.page(rows, measured), encoding="utf-8")
        plot.draw(plot.bars(rows, measured), page.with_suffix(".png"))
        print(f"{page}\n{page.with_suffix('.png')}")
