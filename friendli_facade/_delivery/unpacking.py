"""Unpacks a body that comes in pieces, within bounded memory."""

import zlib
from collections.abc import Generator
from typing import Any

_PIECE = 64 * 1024  # bytes that are unpacked at a time
# What zlib calls the frame of each: RFC 1952, and RFC 1950.
CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_NO_FRAME = -15  # RFC 1951 alone, which some servers call deflate


class Unpacker:
    """Unpacks one coding of HTTP; what follows its end is left out."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._stream: Any = None

    @property
    def is_done(self) -> bool:
        """Whether its end was reached."""
        return self._stream is not None and self._stream.eof

    def pieces(self, packed: bytes) -> Generator[bytes]:
        """What follows, unpacked, in pieces; raises zlib.error."""
        stream: Any = self._stream
        if stream is None:
            is_framed = self._coding != "deflate" or packed[0] & 15 == zlib.DEFLATED
            stream = zlib.decompressobj(CODINGS[self._coding] if is_framed else _NO_FRAME)
            self._stream = stream
        is_more = True
        while is_more and not stream.eof:
            piece: bytes = stream.decompress(packed, _PIECE)
            yield piece
            packed = stream.unconsumed_tail
            # zlib may hold back what did not fit into the piece.
            is_more = bool(packed) or len(piece) == _PIECE
