"""Chooses which tests a mutant meets, and which mutants are tried."""

import random
import tomllib
from collections.abc import Iterable, Iterator, Sequence

import attrs

from scripts.mutation.mutants import Change, Mutant
from scripts.mutation.rooms import ROOT
from scripts.mutation.running import Reached, Test

EQUIVALENT = ROOT / "tests" / "mutation" / "equivalent.toml"


@attrs.frozen
class Equivalent:
    """A change that no test can notice, and why."""

    file: str
    before: str
    after: str
    reason: str


def equivalents() -> list[Equivalent]:
    """Those that are written down."""
    return [Equivalent(**entry) for entry in tomllib.loads(EQUIVALENT.read_text())["equivalent"]]


def is_equivalent(mutant: Mutant, known: Sequence[Equivalent]) -> bool:
    """Whether a mutant is one of those that are written down."""
    return any(
        (mutant.file, mutant.before, mutant.after) == (one.file, one.before, one.after)
        for one in known
    )


def sample(drawn: Sequence[Change], number: int | None, seed: int) -> list[Change]:
    """`number` of the changes, by line; the same for the same seed; all for None."""
    if number is not None and number < len(drawn):
        drawn = random.Random(seed).sample(drawn, number)  # noqa: S311 - no secret
    return sorted(drawn, key=lambda change: (change.file, change.span))


def tests_of(mutant: Mutant, reached: Reached, seconds: float) -> list[Test]:
    """The tests that a mutant meets: those that run its lines, in `seconds` of them, quick first.

    After them, in a quarter of that time, come others of its module: what is done once and kept
    (an import, a cache) is noted for the first test alone. Where none is seen to run the lines,
    as of a child process none is, those have all of the time.
    """
    lines = reached.lines[mutant.file]
    span = range(mutant.first, mutant.last + 1)
    near = {name for line in span for name in lines.get(line, ())}
    others = {name for names in lines.values() for name in names} - near
    left = seconds / 4 if near else seconds
    return [*_quick(near, reached, seconds), *_quick(others, reached, left)]


def _quick(names: Iterable[str], reached: Reached, seconds: float) -> Iterator[Test]:
    for test in sorted((reached.tests[name] for name in names), key=lambda test: test.seconds):
        seconds -= test.seconds
        if seconds < 0:
            return
        yield test
