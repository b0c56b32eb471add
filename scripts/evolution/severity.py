"""A change of the contract: where, what, and what it means for callers and for the facade."""

from collections.abc import Sequence
from enum import Enum

import attrs


class Direction(Enum):
    """Who writes the values that a schema describes: callers, or the server."""

    REQUESTS = "requests"
    RESPONSES = "responses"


class Effect(Enum):
    """What a change does to the values that are allowed."""

    NARROWER = "fewer values are allowed"
    WIDER = "more values are allowed"
    OTHER = "other values are allowed"
    OFFERED = "there is something new, which may be left out or ignored"
    NONE = "the same values are allowed"


STEPS = ("patch", "minor", "major")


@attrs.frozen
class Change:
    """One change. `step` is the part of the version that it raises."""

    place: str
    words: str
    meaning: str
    step: str
    facade: str
    operations: tuple[str, ...]


def judge(
    place: str,
    words: str,
    effect: Effect,
    direction: Direction,
    *,
    operation: str,
    facade: str,
) -> Change:
    """The change with its meaning: callers break on stricter requests and on freer responses."""
    requests = direction is Direction.REQUESTS
    breaking = effect in {Effect.OTHER, Effect.NARROWER if requests else Effect.WIDER}
    meaning = f"breaking for {direction.value}" if breaking else "compatible"
    if breaking:
        step = "major"
    elif effect is Effect.OFFERED or (requests and effect is Effect.WIDER):
        step = "minor"
    else:
        step = "patch"
    return Change(place, words, meaning, step, facade, (operation,))


def version_step(changes: Sequence[Change]) -> str:
    """The part of the version that all changes together raise."""
    return max((change.step for change in changes), key=STEPS.index, default="patch")


def gathered(changes: list[Change]) -> list[Change]:
    """Changes of schemas that several operations share, once, with all those operations."""
    found: dict[Change, list[str]] = {}
    for change in changes:
        key = attrs.evolve(change, operations=())
        found.setdefault(key, []).extend(change.operations)
    return [
        attrs.evolve(change, operations=tuple(dict.fromkeys(names)))
        for change, names in found.items()
    ]
