"""The command line of `scripts/bench`: the whole benchmark, or one of its subcommands."""

import sys
from importlib import import_module

_SUBCOMMANDS = {"soak": "scripts.soak"}


def main() -> None:
    """Hands the rest of the command line to a subcommand; without one, to the benchmark."""
    subcommand = sys.argv[1] if len(sys.argv) > 1 else ""
    if subcommand in _SUBCOMMANDS:
        del sys.argv[1]
    import_module(_SUBCOMMANDS.get(subcommand, "scripts.benchmark.command")).main()


if __name__ == "__main__":
    main()
