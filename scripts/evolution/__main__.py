"""Brings the contract up to upstream's document, and says what that means for callers."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from scripts.contract import slices
from scripts.contract.documents import ContractError
from scripts.contract.fetching import FRIENDLI, fetch
from scripts.contract.loading import ROOT
from scripts.contract.plain_text import error_line
from scripts.evolution.update import prepare
from scripts.generation import command_line, installation, reference, resources

COMMAND = "scripts/sync"


def main(arguments: list[str] | None = None) -> int:
    """The command line of `scripts/sync`: 0, 1 where the contract is behind, 2 where it failed."""
    options = _parser().parse_args(arguments)
    root: Path = options.output.resolve() if options.output else ROOT
    tags: Sequence[str] | None = None if options.all_tags else options.tags or slices.IMAGES
    try:
        if tags != slices.IMAGES and root == ROOT:
            raise ContractError("say --output DIR: the contract here has the image operations")
        installation.recover(root)
        update = prepare(fetch(options.source, options.commit), root, tags)
    except (ContractError, OSError) as error:
        return _refused(error)
    report, missing = update.report, "nothing was written"
    try:
        if report.behind and not (options.check or options.dry_run or report.obstacles):
            update.write()
            missing = "contract and package are written, what follows from them is not"
            if root == ROOT:
                resources.write()
                command_line.write()
                reference.write()
    except (ContractError, OSError) as error:
        report = attrs.evolve(report, obstacles=[error_line(error)])
    reconfigure: Callable[..., None] | None = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        # A terminal of few letters shows the others as numbers.
        reconfigure(errors="backslashreplace")
    print(report.json() if options.json else report.markdown(), end="")
    code = int(options.check and report.behind)
    if report.obstacles:
        _refused(f"{missing}: {'; '.join(report.obstacles)}")
        return code or 2
    return code


def _refused(reason: object) -> int:
    print(f"{COMMAND}: {error_line(reason)}", file=sys.stderr)
    return 2


def _commit(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{40}", text):
        raise argparse.ArgumentTypeError("must be 40 hexadecimal digits")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument(
        "source", nargs="?", default=FRIENDLI, help=f"path or URL of the document: {FRIENDLI}"
    )
    parser.add_argument(
        "--commit", metavar="SHA", type=_commit, help="the commit that the document is of"
    )
    parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 where the contract is behind, 2 where that cannot be told",
    )
    parser.add_argument("--json", action="store_true", help="report as JSON")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--tags", nargs="+", metavar="TAG", help="other operations than the images'")
    which.add_argument("--all-tags", action="store_true", help="all operations")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="a tree of its own, with openapi/ and generated/"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
