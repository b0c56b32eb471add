"""Measures the client beside others; `soak`: calls that fail, `stall`: a server that is slow."""

import argparse
import sys
from collections.abc import Sequence

from scripts.benchmark import command, stall
from scripts.faults.disturbances import disturb
from scripts.faults.soak import soak


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of `scripts/bench`."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    command.add_arguments(parser)
    commands = parser.add_subparsers(dest="command")
    soaked = commands.add_parser("soak", help="call a server that fails at random")
    soaked.add_argument("--calls", type=int, default=10_000)
    soaked.add_argument("--at-once", type=int, default=64)
    soaked.add_argument("--seed", type=int, default=1)
    soaked.add_argument("--aiohttp", action="store_true", help="the async calls on aiohttp")
    stalled = commands.add_parser("stall", help="call a server that is slow to answer")
    stalled.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args(arguments)
    if given.command is None:
        command.run(given.rows, quick=given.quick)
        return
    if given.command == "stall":
        stall.run(given.seconds)
        return
    figures = soak(given.calls, given.at_once, given.seed, on_aiohttp=given.aiohttp)
    print(figures.table())
    disturbances = disturb(given.calls // 5, given.seed)
    print(disturbances.table())
    if wrong := figures.wrong + disturbances.wrong:
        sys.exit("\n".join(wrong[:20]))


if __name__ == "__main__":
    main()
