"""The benchmark's command line."""

import argparse
import json

from scripts.benchmark import plot, table
from scripts.benchmark.rows import ROWS
from scripts.benchmark.running import FOLDER, REQUIREMENTS, Runner, installed
from scripts.benchmark.server import serving
from scripts.benchmark.targets import Figures
from scripts.contract import ROOT


def main() -> None:
    """Measures, prints the tables, and after a whole run writes docs/performance.*."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    names = [row.name for row in ROWS]
    parser.add_argument("--rows", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--quick", action="store_true", help="one short round; says little")
    arguments = parser.parse_args()
    rows = [row for row in ROWS if row.name in (arguments.rows or names)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    pythons = {name: installed(name) for name in REQUIREMENTS}
    measured: dict[str, Figures] = {}
    with serving() as url:
        runner = Runner(url, pythons, FOLDER, arguments.quick)
        for row in rows:
            print(f"{row.name} ...", flush=True)
            measured[row.name] = runner.figures(row)
    (FOLDER / "figures.json").write_text(json.dumps(measured, indent=1), encoding="utf-8")
    print(f"\n{table.machine()}\n")
    for cells in table.lines(rows, measured):
        print(table.text(cells), end="\n\n")
    if not arguments.quick and not arguments.rows:
        page = ROOT / "docs" / "performance.md"
        page.write_text(table.page(rows, measured), encoding="utf-8")
        plot.draw(plot.bars(rows, measured), page.with_suffix(".png"))
        print(f"{page}\n{page.with_suffix('.png')}")


if __name__ == "__main__":
    main()
