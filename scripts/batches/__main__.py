"""The command line: `python -m scripts.batches many`, `kills` or `rate`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.batches import kills, many, rate


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one of them."""
    parser = argparse.ArgumentParser(prog="scripts.batches", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("many", help="many jobs through the sandbox's transport")
    one.add_argument("--jobs", type=int, default=100_000)
    one.add_argument("--at-once", type=int, default=64)
    one.add_argument("--place", type=Path, default=Path.cwd(), help="which disk to write to")
    one = commands.add_parser("kills", help="batches that are killed, and go on")
    one.add_argument("--jobs", type=int, default=2_000)
    one.add_argument("--kills", type=int, default=50)
    one.add_argument("--at-once", type=int, default=1, help="processes on the ledger")
    one.add_argument("--seed", type=int, default=1)
    one = commands.add_parser("rate", help="a server that refuses what is too much")
    one.add_argument("--jobs", type=int, default=1_200)
    one.add_argument("--rate", type=int, default=20, help="requests that it allows in a second")
    one.add_argument("--latency", type=float, default=0.2)
    given = parser.parse_args(arguments)
    match given.command:
        case "many":
            many.run(given.jobs, given.at_once, given.place)
        case "rate":
            rate.measure(given.jobs, given.rate, given.latency)
        case _:
            figures = kills.run(given.jobs, given.kills, given.seed, at_once=given.at_once)
            print(figures.table())
            if figures.wrong:
                sys.exit("\n".join(figures.wrong[:20]))


if __name__ == "__main__":
    main()
