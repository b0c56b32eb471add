"""Request bodies: JSON in which local pictures stand as base64, made piece by piece.

The JSON around the pictures is encoded once; the pictures are spliced in while the body is sent,
so it has an exact length, can be sent again, and is never in memory as a whole.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import httpx

from friendli_facade._inputs.pictures import Picture


@attrs.frozen
class Content(httpx.SyncByteStream):
    """A body in parts: bytes as they are, and pictures."""

    parts: Sequence[bytes | Picture] = attrs.field(repr=False)

    @property
    def length(self) -> int:
        """How many bytes the whole body has."""
        return sum(len(part) if isinstance(part, bytes) else part.length for part in self.parts)

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
            else:
                yield from part.pieces()


@attrs.frozen
class AsyncContent(httpx.AsyncByteStream):
    """The same body for an async client: files are read in a thread."""

    content: Content

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _AsyncPieces(self.content.parts)


@attrs.frozen
class Whole(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that is there already, for clients of both kinds."""

    content: bytes = attrs.field(repr=False)

    def __iter__(self) -> Iterator[bytes]:
        return iter((self.content,))

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _AsyncPieces((self.content,))


class _AsyncPieces(AsyncIterator[bytes]):
    """No async generator: of one that is left before its end, trio warns."""

    def __init__(self, parts: Sequence[bytes | Picture]) -> None:
        self._parts = iter(parts)
        self._next: Callable[[], Awaitable[bytes]] | None = None

    async def __anext__(self) -> bytes:
        while True:
            if self._next is not None and (piece := await self._next()):
                return piece
            part = next(self._parts, None)
            if part is None:
                raise StopAsyncIteration
            if isinstance(part, bytes):
                self._next = None
                return part
            self._next = _pieces(part)


def _pieces(picture: Picture) -> Callable[[], Awaitable[bytes]]:
    """A function that gives a picture's pieces, one after the other, and then nothing."""
    if picture.source.is_held:
        held = picture.pieces()

        async def following() -> bytes:
            return next(held, b"")

        return following
    from friendli_facade._inputs.threads import Reading

    return Reading(picture.pieces()).next


def encoded(body: Mapping[str, Any], pictures: Mapping[str, Picture]) -> bytes | Content:
    """A body as JSON, in which each key of `pictures`, as a string, stands for a picture."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if not pictures:
        return text.encode()
    # Split at names in a group, the text between them alternates with them.
    parts = re.split(f"({'|'.join(pictures)})", text)
    return Content([pictures[part] if part in pictures else part.encode() for part in parts])
