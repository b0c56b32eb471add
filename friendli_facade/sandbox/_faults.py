"""What goes wrong next: faults that wait for the requests that they are for."""

import math
from collections import deque
from collections.abc import Mapping
from typing import Any, Literal

import h11
from attrs import frozen

from friendli_facade.sandbox._messages import Response, json_response, phrase

Kind = Literal["operations", "downloads"]

_PAGE = b"<!doctype html><title>Sandbox</title><p>A page where none was asked for.</p>"
_FRAMING = frozenset({"content-length", "transfer-encoding"})


@frozen
class Fault:
    """What goes wrong with one request. With all defaults, nothing does."""

    # Instead of the sandbox's own.
    response: Response | None = None
    # Seconds until the answer.
    delay: float = 0.0
    # Where the connection ends: before the request is read, after that, or within the answer.
    ends: Literal["unread", "unanswered", "unfinished"] | None = None


class Faults:
    """Faults for requests to come, each met by one request, in the order of their queueing.

    Every method queues a fault for the next request, or, with `times`, for the next ones. They
    are met by POSTs to operations; with `of="downloads"`, by GETs of the pictures that answers
    point to.
    """

    def __init__(self) -> None:
        self._queues: Mapping[str, deque[Fault]] = {"operations": deque(), "downloads": deque()}

    def fail_next(
        self,
        status_code: int,
        *,
        detail: Any = None,
        retry_after: float | str | None = None,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        of: Kind = "operations",
    ) -> None:
        """Queues an answer with a status from 300 to 599.

        Args:
            status_code: The status, be it registered or not.
            detail: The value of `detail` in the JSON body; without it, the status's own phrase.
            retry_after: The header Retry-After, in seconds or as it is written.
            headers: Further headers.
            times: How many requests get the answer.
            of: Which requests.
        """
        if not 300 <= status_code <= 599:
            raise ValueError(f"status_code must be from 300 to 599, not {status_code}")
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if framing := sorted(_FRAMING & sent.keys()):
            raise ValueError(f"{framing[0]} is for the sandbox to send; see truncate_next()")
        if retry_after is not None:
            sent["retry-after"] = str(retry_after)
        try:
            h11.Response(status_code=status_code, headers=list(sent.items()))
        except (h11.LocalProtocolError, UnicodeEncodeError) as error:
            raise ValueError(f"no server could send these headers: {error}") from None
        said = phrase(status_code) if detail is None else detail
        response = json_response(status_code, {"detail": said})
        # Not Modified is the one of these that has no body, by HTTP's own rule.
        content = b"" if status_code == 304 else response.content
        self._queue(Fault(Response(status_code, {**response.headers, **sent}, content)), times, of)

    def disconnect_next(
        self, *, after_request: bool = True, times: int = 1, of: Kind = "operations"
    ) -> None:
        """Queues a connection that ends without an answer.

        With `after_request=False` it ends before the request is read, so that the request is
        not in `requests` either.
        """
        self._queue(Fault(ends="unanswered" if after_request else "unread"), times, of)

    def delay_next(self, seconds: float, *, times: int = 1, of: Kind = "operations") -> None:
        """Queues an answer that is late.

        A server waits. In process nobody does: the answer is there at once, or, if the read
        timeout is shorter than the delay, the timeout is.
        """
        if not 0 <= seconds < math.inf:
            raise ValueError(f"seconds must be 0 or more, and finite, not {seconds}")
        self._queue(Fault(delay=seconds), times, of)

    def truncate_next(self, *, times: int = 1, of: Kind = "operations") -> None:
        """Queues an answer that breaks off in the middle of its body."""
        self._queue(Fault(ends="unfinished"), times, of)

    def garble_next(self, *, times: int = 1, of: Kind = "operations") -> None:
        """Queues a 200 that is a page of HTML: neither JSON nor a picture."""
        self._queue(Fault(Response(200, {"content-type": "text/html"}, _PAGE)), times, of)

    def misshape_next(self, *, times: int = 1) -> None:
        """Queues a 200 whose body is JSON, but not of the contract's shape."""
        self._queue(Fault(json_response(200, {"pictures": []})), times, "operations")

    def _queue(self, fault: Fault, times: int, of: Kind) -> None:
        if times < 1:
            raise ValueError(f"times must be at least 1, not {times}")
        if of not in self._queues:
            raise ValueError(f"of must be 'operations' or 'downloads', not {of!r}")
        self._queues[of].extend([fault] * times)

    def _take(self, of: Kind) -> Fault:
        try:
            return self._queues[of].popleft()
        except IndexError:
            return Fault()
