"""Measures the client: `scripts/bench soak` is how it stands thousands of calls that fail."""

import argparse
import sys

from scripts.soak import soak


def main() -> None:
    """The command line of `scripts/bench`."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    soaked = commands.add_parser("soak", help="call a server that fails at random")
    soaked.add_argument("--calls", type=int, default=10_000)
    soaked.add_argument("--at-once", type=int, default=64)
    soaked.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    figures = soak(arguments.calls, arguments.at_once, arguments.seed)
    print(figures.table())
    if figures.wrong:
        sys.exit("\n".join(figures.wrong[:20]))


if __name__ == "__main__":
    main()
