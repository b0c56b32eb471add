"""The benchmark from its arguments to its tables."""

import argparse
import json

from scripts.benchmark import environments, plot, table
from scripts.benchmark.rows import ROWS
from scripts.benchmark.running import Runner
from scripts.benchmark.server import serving
from scripts.benchmark.targets import COLUMNS, Figures
from scripts.contract.loading import ROOT

_FOLDER = ROOT / "build" / "benchmark"
_NAMES = [row.name for row in ROWS]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the benchmark can be told."""
    parser.add_argument("--rows", nargs="+", choices=_NAMES, metavar="NAME", help=", ".join(_NAMES))
    parser.add_argument("--quick", action="store_true", help="one short round; says little")


def run(names: list[str] | None, *, quick: bool) -> None:
    """Measures, prints the tables, and after a whole run writes docs/performance.*."""
    rows = [row for row in ROWS if row.name in (names or _NAMES)]
    columns = [name for name in COLUMNS if any(name in row.contenders for row in rows)]
    _FOLDER.mkdir(parents=True, exist_ok=True)
    pythons = environments.installed(_FOLDER, columns)
    measured: dict[str, Figures] = {}
    with serving() as url:
        runner = Runner(url, pythons, _FOLDER, quick)
        for row in rows:
            print(f"{row.name} ...", flush=True)
            measured[row.name] = runner.figures(row)
            (_FOLDER / "figures.json").write_text(json.dumps(measured, indent=1), encoding="utf-8")
    about = f"{table.machine()}: {environments.versions(pythons.values())}"
    print(f"\n{about}\n")
    for cells in table.lines(rows, measured):
        print(table.text(cells), end="\n\n")
    if not quick and not names:
        page = ROOT / "docs" / "performance.md"
        page.write_text(table.page(rows, measured, about), encoding="utf-8")
        plot.draw(plot.panels(rows, measured), page.with_suffix(".png"))
        print(f"{page}\n{page.with_suffix('.png')}")
