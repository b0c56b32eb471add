"""Requests in memory, the oldest given up for the newest."""

from collections import deque
from collections.abc import Iterator, Sequence
from sys import getsizeof
from threading import Lock
from typing import overload

from friendli_facade.sandbox._messages import Request


class Received(Sequence[Request]):
    """The requests that came in, oldest first; safe to use from several threads.

    It holds at most `limit` bytes of them, but always the newest, and compares as a list does.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._requests: deque[Request] = deque()
        self._size = 0
        self._lock = Lock()

    def append(self, request: Request) -> None:
        """Keeps a request without its token, and lets go of the oldest if there is no room."""
        request = request.without_token()
        with self._lock:
            self._requests.append(request)
            self._size += _size(request)
            while self._size > self._limit and len(self._requests) > 1:
                self._size -= _size(self._requests.popleft())

    def clear(self) -> None:
        """Forgets all requests."""
        with self._lock:
            self._requests.clear()
            self._size = 0

    @overload
    def __getitem__(self, index: int) -> Request: ...
    @overload
    def __getitem__(self, index: slice) -> list[Request]: ...
    def __getitem__(self, index: int | slice) -> Request | list[Request]:
        return self._list()[index]

    def __len__(self) -> int:
        return len(self._requests)

    def __iter__(self) -> Iterator[Request]:
        return iter(self._list())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._list() == list(other)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def __repr__(self) -> str:
        return repr(self._list())

    def _list(self) -> list[Request]:
        with self._lock:
            return list(self._requests)


def _size(request: Request) -> int:
    """The bytes of memory that a request holds."""
    headers = request.headers
    parts = (request, request.url, request.body, headers, *headers, *headers.values())
    return sum(map(getsizeof, parts))
