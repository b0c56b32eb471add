"""Counts a client's calls in flight, so that closing it loses none of them."""

from threading import Lock

from friendli_facade.errors import ClientClosedError


class Lifetime:
    """Whether a client is closed, and how many of its calls are still under way."""

    def __init__(self) -> None:
        self.is_closed = False
        self._in_flight = 0
        self._lock = Lock()

    def begin(self) -> None:
        """Counts a call that begins; raises ClientClosedError if it comes too late."""
        with self._lock:
            # Asked under the lock: another thread may have closed the client since it was checked.
            if self.is_closed:
                raise ClientClosedError("the client was closed before the call: make a new one")
            self._in_flight += 1

    def end(self) -> bool:
        """Whether the call that ends is the last of a client that was closed meanwhile."""
        with self._lock:
            self._in_flight -= 1
            return self.is_closed and not self._in_flight

    def close(self) -> bool:
        """Whether the connections can be closed now; no further call begins from here on.

        Raises ClientClosedError, the first time, if calls are in flight.
        """
        with self._lock:
            is_first, self.is_closed = not self.is_closed, True
            if self._in_flight and is_first:
                raise ClientClosedError(
                    f"calls in flight: {self._in_flight}. Wait for them before closing; they go "
                    "on, and the last of them closes the connections"
                )
            return not self._in_flight
