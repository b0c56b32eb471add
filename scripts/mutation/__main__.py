"""Mutation testing: `scripts/mutate [ROOM ...] [--sample N] [--seed S]`."""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import timedelta

from scripts.mutation.choosing import (
    EQUIVALENT,
    equivalents,
    is_equivalent,
    sample,
    tests_of,
)
from scripts.mutation.mutants import Change, changes
from scripts.mutation.reaching import kept
from scripts.mutation.report import survivor, table
from scripts.mutation.rooms import ROOMS, ROOT, Room
from scripts.mutation.running import Outcome, outcome, preload


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 where a change went unnoticed that is not written down as equivalent."""
    options = _options(arguments)
    preload()
    survived = False
    for name in options.rooms or ROOMS:
        room = ROOMS[name]
        drawn = [
            change
            for file in room.files
            if not options.files or any(part in file for part in options.files)
            for change in changes(file, (ROOT / file).read_text(encoding="utf-8"))
        ]
        chosen = sample(drawn, options.sample, options.seed)
        print(f"{name}: {len(chosen)} of {len(drawn)} changes", flush=True)
        began = time.monotonic()
        outcomes = _tried(room, chosen, options.seconds)
        took = time.monotonic() - began
        print(*table(outcomes), sep="\n")
        whole = timedelta(seconds=round(took / max(1, len(chosen)) * len(drawn)))
        print(f"{timedelta(seconds=round(took))}; a whole run takes about {whole}\n", flush=True)
        survived |= any(outcome.verdict == "survived" for outcome in outcomes)
    return int(survived)


def _tried(room: Room, chosen: Sequence[Change], seconds: float) -> list[Outcome]:
    known = equivalents()
    found = kept(room)
    for name in found.failed:
        print(f"fails without a change, and is left out: {name}", flush=True)
    print(f"{len(found.tests)} tests take {sum(t.seconds for t in found.tests.values()):.0f} s")
    outcomes: list[Outcome] = []
    for number, change in enumerate(chosen, 1):
        mutant = change.mutant()
        if mutant is None:
            continue
        if is_equivalent(mutant, known):
            outcomes.append(Outcome(mutant, "equivalent", f"see {EQUIVALENT.name}", 0.0))
            continue
        outcomes.append(outcome(mutant, tests_of(mutant, found, seconds)))
        for line in survivor(outcomes[-1]):
            print(line, flush=True)
        if sys.stderr.isatty():
            print(f"\r{number} of {len(chosen)}", end="", file=sys.stderr, flush=True)
    return outcomes


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"all, or of {', '.join(ROOMS)}")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants of each room")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="which N (0)")
    parser.add_argument(
        "--files", nargs="+", metavar="PART", help="only files with this in their path"
    )
    parser.add_argument(
        "--seconds", type=float, default=20, help="of tests for each mutant, at most (20)"
    )
    options = parser.parse_args(arguments)
    for room in options.rooms:
        if room not in ROOMS:
            parser.error(f"{room} is no room; they are {', '.join(ROOMS)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
