"""Knows a client's calls in flight, so that closing it loses none of them.

There is no lock: a thread that is interrupted, or a process that is forked, cannot leave one held.
"""

from collections.abc import Generator
from contextlib import contextmanager

from friendli_facade.errors import ClientClosedError


class Lifetime:
    """Whether a client is closed, and which of its calls and downloads are still under way.

    Args:
        name: What errors call the client.
    """

    def __init__(self, name: str) -> None:
        self.is_closed = False
        self._name = name
        self._in_flight: set[object] = set()

    @contextmanager
    def call(self) -> Generator[None]:
        """Counts a call, or a download, to its end; raises ClientClosedError if it is too late."""
        call = object()
        try:
            # Counted before it looks, as `close` closes before it counts: one sees the other.
            self._in_flight.add(call)
            if self.is_closed:
                raise ClientClosedError(
                    f"this {self._name} is closed: make a new one, or call, and read pictures, "
                    "inside its `with` block"
                )
            yield
        finally:
            self._in_flight.discard(call)

    def close(self) -> None:
        """Lets no further call begin; raises ClientClosedError, the first time, if some go on."""
        is_first, self.is_closed = not self.is_closed, True
        in_flight = len(self._in_flight)
        if in_flight and is_first:
            raise ClientClosedError(
                f"calls in flight: {in_flight}. Wait for them before closing; they go on to their "
                "end, and close their connections"
            )

    def forked(self) -> None:
        """Forgets the calls of the parent's threads, which are not here."""
        self._in_flight = set()
