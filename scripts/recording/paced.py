"""A sandbox whose pictures wait until the screen was looked at, however long that takes."""

import math
from threading import Condition

from friendli_facade.sandbox import Request, Response, Sandbox


class Paced(Sandbox):
    """Draws as a sandbox does; after `hold`, so many pictures alone until it is to `go_on`."""

    _left = math.inf

    def __init__(self, *, endpoints: list[str]) -> None:
        super().__init__(endpoints=endpoints)
        self._changed = Condition()

    def hold(self, after: int) -> None:
        """Draws so many pictures, and no other."""
        with self._changed:
            self._left = after

    def go_on(self) -> None:
        """Draws those that wait, and all that come."""
        with self._changed:
            self._left = math.inf
            self._changed.notify_all()

    def handle(self, request: Request) -> Response:
        """The response, once it may be given."""
        if request.method == "POST":
            with self._changed:
                self._changed.wait_for(lambda: self._left > 0)
                self._left -= 1
        return super().handle(request)
