"""The command line: `python -m scripts.batches many`, `kills` or `rate`."""

import argparse
from pathlib import Path

from scripts.batches import many


def main() -> None:
    """Runs one of them."""
    parser = argparse.ArgumentParser(prog="scripts.batches", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("many", help="many jobs through the sandbox's transport")
    one.add_argument("--jobs", type=int, default=100_000)
    one.add_argument("--at-once", type=int, default=64)
    one.add_argument("--place", type=Path, default=Path.cwd(), help="which disk to write to")
    arguments = parser.parse_args()
    if arguments.command == "many":
        many.run(arguments.jobs, arguments.at_once, arguments.place)


if __name__ == "__main__":
    main()
