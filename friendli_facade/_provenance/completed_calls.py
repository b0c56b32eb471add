"""A call that was answered: what was asked for, and how it went."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import attrs

from friendli_facade._provenance.requests import Request

if TYPE_CHECKING:
    import httpx


@attrs.define(eq=False, repr=False)
class CompletedCall:
    """How a picture came about. It holds no token, no cookie and no header that was sent."""

    _request: Request | Callable[[], Request]

    request_id: str | None
    """What the server calls the request, by the answer's headers; None where it does not say."""

    headers: "httpx.Headers"
    """The answer's headers, without cookies and credentials."""

    attempts: int
    """How often the request was made."""

    elapsed: float
    """Seconds from the beginning of the first attempt to the end of the answer, pauses included."""

    completed: datetime
    """When the answer was there, in UTC."""

    @property
    def request(self) -> Request:
        """What was asked for.

        Digests of uploads are computed when this is first read, or when the picture is saved with
        its metadata: for 50 MiB that takes 30 ms or more. Until then a file that was uploaded must
        stay as it is, and bytes stay in memory.
        """
        if not isinstance(self._request, Request):
            self._request = self._request()
        return self._request

    @property
    def model(self) -> str | None:
        """The model that was asked for; None where that was left to the server."""
        model = self.request.body.get("model")
        return model if isinstance(model, str) else None

    def __repr__(self) -> str:
        told = f"attempts={self.attempts}, elapsed={self.elapsed:.3f}"
        return f"CompletedCall(request_id={self.request_id!r}, {told})"

    def __reduce__(self) -> tuple[type["CompletedCall"], tuple[Any, ...]]:
        # Neither a file's path nor what was uploaded is pickled.
        return CompletedCall, (self.request, *attrs.astuple(self, filter=_is_public, recurse=False))

    def __deepcopy__(self, _: object) -> Self:
        return self


def _is_public(attribute: "attrs.Attribute[Any]", _: object) -> bool:
    return not attribute.name.startswith("_")
