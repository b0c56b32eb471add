"""What a batch asks of the ledger, and what it finds there."""

from collections.abc import Iterable
from typing import TypeAlias

import attrs

from friendli_facade.batch._ledger.rows import Row, State


@attrs.frozen
class Claim:
    """A job that is about to be sent: the row that it gets, unless another batch has it."""

    key: str
    operation: str
    arguments: str
    files: Iterable[str]  # names that no file has; the first that is no other job's is taken
    repeats: bool = False  # what may have been sent before, by a batch that is gone


@attrs.frozen
class Finish:
    """What became of a job; a state of `pending` says that it was refused, and waits."""

    key: str
    state: State
    attempts: int = 0  # besides those that claims have counted
    images: int = 0
    seed: int | None = None
    file: str | None = None
    sha256: str | None = None
    error: str | None = None


@attrs.frozen
class Adopt:
    """Pictures that stand in their places, of a job whose batch was killed just then."""

    key: str
    owner: str | None
    images: int
    file: str
    sha256: str | None


@attrs.frozen
class Note:
    """A job that failed before it was sent."""

    key: str
    operation: str
    arguments: str
    error: str


@attrs.frozen
class Look:
    """A question for the row of a key."""

    key: str


Step: TypeAlias = Look | Claim | Finish | Adopt | Note


@attrs.frozen
class Found:
    """A row, and whether the batch that it belongs to may still be sending it."""

    row: Row
    is_ours: bool
    is_alive: bool


def may_be_sent(found: Found, *, repeats: bool = False) -> bool:
    """Whether a row that is there already may be sent by a batch that asks for it."""
    if found.row.state == "pending":
        return found.is_ours or not found.is_alive
    states = {"failed", "sending", "ambiguous"} if repeats else {"failed"}
    return found.row.state in states and not found.is_alive
