"""Writes what became of the mutants, by module."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from scripts.mutation.running import Outcome

_FORM = "{:<56} {:>6} {:>8} {:>9} {:>10} {:>6}"


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each module, and one for all."""
    yield _FORM.format("module", "killed", "survived", "timed out", "equivalent", "score")
    files = dict.fromkeys(outcome.mutant.file for outcome in outcomes)
    for file in files:
        yield _row(file, Counter(o.verdict for o in outcomes if o.mutant.file == file))
    yield _row("all", Counter(outcome.verdict for outcome in outcomes))


def _row(name: str, counts: Mapping[str, int]) -> str:
    numbers = [counts[verdict] for verdict in ("killed", "survived", "timed out", "equivalent")]
    return _FORM.format(name, *numbers, f"{score(counts):.0%}")


def score(counts: Mapping[str, int]) -> float:
    """The part of the mutants that was noticed, of those that can be; 1 where there are none."""
    noticed = counts["killed"] + counts["timed out"]
    tried = noticed + counts["survived"]
    return noticed / tried if tried else 1.0


def survivor(outcome: Outcome) -> Iterator[str]:
    """A change that no test notices, as lines of a diff; nothing for one that is noticed."""
    if outcome.verdict != "survived":
        return
    mutant = outcome.mutant
    yield f"{mutant.file}:{mutant.first}" + (f" ({outcome.by})" if outcome.by else "")
    yield from (f"  - {line}" for line in mutant.before.splitlines())
    yield from (f"  + {line}" for line in mutant.after.splitlines())
