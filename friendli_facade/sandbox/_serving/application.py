"""What a way in needs of what it leads to."""

from typing import Protocol

from friendli_facade.sandbox._faults import Fault
from friendli_facade.sandbox._messages import Request, Response
from friendli_facade.sandbox._received import Received


class Application(Protocol):
    """Answers requests: asked for the fault first, then given the request to record and handle."""

    @property
    def requests(self) -> Received:
        """Where a request is recorded."""
        ...

    def next_fault(self, method: str, url: str) -> Fault:
        """What goes wrong with a request that begins to come in."""
        ...

    def handle(self, request: Request) -> Response:
        """The response to a request that has come in whole."""
        ...
