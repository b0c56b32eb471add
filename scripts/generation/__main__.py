"""Writes `generated/`, the methods of the clients and the reference; or says what is stale."""

import argparse
import sys

from scripts.contract.documents import ContractError
from scripts.contract.plain_text import error_line
from scripts.generation import reference, resources
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
            reference.write()
            return 0
        different = [*differences(), *resources.differences(), *reference.differences()]
    except (ContractError, OSError) as error:
        print(f"{COMMAND}: {error_line(error)}", file=sys.stderr)
        return 2
    for name in different:
        print(f"{name}: does not match its sources; run {COMMAND}", file=sys.stderr)
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
