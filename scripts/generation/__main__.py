"""Writes `generated/`, what is made of it elsewhere, and the reference; or says what is stale."""

import argparse
import sys

from scripts.contract.documents import ContractError
from scripts.contract.plain_text import error_line
from scripts.generation import command_line, reference, resources
from scripts.generation.package import COMMAND, differences, generate


def main(arguments: list[str] | None = None) -> int:
    """The command line of `scripts/generate`: 0, 1 where a file is stale, 2 where it failed."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 where a file is stale, 2 where that cannot be told",
    )
    options = parser.parse_args(arguments)
    try:
        if not options.check:
            generate()
            resources.write()
            command_line.write()
            reference.write()
            return 0
        different = [*differences(), *resources.differences(), *command_line.differences()]
        different += reference.differences()
    except (ContractError, OSError) as error:
        print(f"{COMMAND}: {error_line(error)}", file=sys.stderr)
        return 2
    for name in different:
        print(f"{name}: does not match its sources; run {COMMAND}", file=sys.stderr)
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
