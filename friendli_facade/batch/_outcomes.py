"""What comes of a job, and of all of them so far."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import attrs

from friendli_facade.errors import FriendliError

Result = TypeVar("Result")


class AmbiguousJobError(FriendliError):
    """A job was being sent when its process ended, or failed so that it may be paid for."""

    ambiguous = True


@attrs.frozen(eq=False)
class Outcome(Generic[Result]):
    """What came of a job."""

    key: str
    """The job's own key, or a hash of what it asks for; of a bad job its number, from 1."""

    state: Literal["done", "failed", "ambiguous"]
    """`ambiguous` is what failed, now or earlier, and may have been drawn and paid for."""

    job: Mapping[str, Any] = attrs.field(repr=False)
    """The job, as it was given."""

    result: Result | None = attrs.field(default=None, repr=False)
    """What the call gave; None if it failed, or was done earlier."""

    error: Exception | None = None
    """Why there is no result, or no file of it: a FriendliError or an OSError."""

    paths: tuple[Path, ...] = ()
    """Where the pictures are; those that came before a failure too."""

    seed: int | None = None
    """The seed that the first picture was drawn with."""

    sha256: str | None = None
    """Of the first picture's file."""

    attempts: int = 0
    """How often it was sent, in this batch."""

    seconds: float = 0
    """How long it took, from its first turn to its file."""

    is_earlier: bool = False
    """Whether the ledger knows it from an earlier batch, and nothing was sent now."""

    @property
    def path(self) -> Path | None:
        """Where the first picture is."""
        return self.paths[0] if self.paths else None


@attrs.define
class Progress:
    """How far a batch has come."""

    done: int = 0
    """Jobs that are done, those of earlier batches among them."""

    earlier: int = 0
    """Those of them that an earlier batch, or another process, has done."""

    failed: int = 0
    """Jobs that failed, and were not paid for."""

    ambiguous: int = 0
    """Jobs that may be paid for, and have no picture."""

    elsewhere: int = 0
    """Jobs that another process has in its hands; what comes of them is in the ledger."""

    skipped: int = 0
    """Jobs that are ambiguous from an earlier batch, where these are skipped."""

    images: int = 0
    """Pictures saved by this batch."""

    cost: float | None = None
    """What this batch's pictures cost, ambiguous ones too, by `price_per_image`."""

    in_flight: int = 0
    """Requests under way."""

    at_once: int = 0
    """How many may be under way now: it adapts to what the server takes."""

    held: float = 0
    """Seconds for which the server asked to send nothing."""

    seconds: float = 0
    """Since the batch began."""

    stopped: str | None = None
    """Why no further job is begun, if it is not that all were."""

    @property
    def jobs(self) -> int:
        """Jobs that came to an end."""
        return self.done + self.failed + self.ambiguous + self.elsewhere + self.skipped
