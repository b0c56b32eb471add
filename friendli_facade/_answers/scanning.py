"""Reads an answer while it comes: its pictures are decoded at once, and never held as text.

A JSON string that grows long and is base64 so far is decoded piece by piece; in what is left of
the JSON, a name stands for it. Whatever else a long string is, an escape in it or a line break,
it is put back as it came. So the JSON that is parsed in the end is small, and the answer as it
came can still be told, byte for byte.
"""

import io
import re
import secrets
from binascii import a2b_base64, b2a_base64

import attrs

_LONG = 4096  # bytes of a string that may be a picture
_MOST_ROOM = 16 * 1024 * 1024  # bytes that are set aside for what is only announced
_END = re.compile(rb'["\\]')
_SHORT = 256  # bytes
_PADDING, _QUOTE = b'="'
# No server can guess it, so a string that begins so is ours.
_NAME = secrets.token_hex(16).encode()


@attrs.define
class _Base64:
    """A long string that is base64 so far."""

    content: io.BytesIO = attrs.field(factory=io.BytesIO)
    # At least the last four characters, of which some may be padding.
    rest: bytes = b""

    @classmethod
    def of(cls, length: int) -> "_Base64":
        """One with room for so many bytes: to grow later takes twice the room."""
        long = cls()
        if room := min(length, _MOST_ROOM):
            long.content.seek(room - 1)
            long.content.write(b"\0")
            long.content.seek(0)
        return long

    def add(self, text: bytes) -> bool:
        """Whether it is base64 still."""
        text = self.rest + text
        whole = (len(text) - 1) // 4 * 4
        # Padding belongs to the end of the string, and this is not it.
        if whole and text[whole - 1] == _PADDING:
            self.rest = text
            return False
        try:
            self.content.write(a2b_base64(memoryview(text)[:whole], strict_mode=True))
        except ValueError:
            self.rest = text
            return False
        self.rest = text[whole:]
        return True

    def finish(self) -> bool:
        """Whether it is base64 to its end, and the one way to write these bytes."""
        try:
            last = a2b_base64(self.rest, strict_mode=True)
        except ValueError:
            return False
        if b2a_base64(last, newline=False) != self.rest:
            return False
        self.content.write(last)
        self.content.truncate()
        return True

    def text(self) -> bytes:
        """The string as it came."""
        came = self.content.getbuffer()[: self.content.tell()]
        return b2a_base64(came, newline=False) + self.rest


class Scanner:
    """An answer's body: JSON without its long base64 strings, and their bytes apart."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.restart()

    def restart(self) -> None:
        """Forgets what came before."""
        self.size, self.is_cut, self.announced = 0, False, 0
        self._json = bytearray()
        self._pictures: dict[bytes, bytes] = {}
        self._long: _Base64 | None = None
        # Where the string that is being read begins in the JSON; -1 outside of strings.
        self._start = -1
        self._is_escaped = False

    def add(self, piece: bytes) -> bool:
        """Whether there is room for more after this piece, of which no more is kept than fits."""
        room = self.limit - self.size
        self.is_cut = self.is_cut or len(piece) > room
        piece = piece[:room] if self.is_cut else piece
        self.size += len(piece)
        place = 0
        while place < len(piece):
            if self._long is not None:
                place = self._in_long(self._long, piece, place)
            elif self._start >= 0:
                place = self._in_string(piece, place)
            else:
                place = self._outside(piece, place)
        return not self.is_cut

    async def aadd(self, piece: bytes) -> bool:
        """The same as `add`: it takes no longer than receiving the piece did."""
        return self.add(piece)

    def json(self) -> bytes:
        """The JSON that is left, with a name for each picture."""
        if self._long is not None:
            self._put_back(self._long)
        return bytes(self._json)

    def content(self) -> bytes:
        """The body as it came."""
        text = self.json()
        if not self._pictures:
            return text
        parts = re.split(rb"(%s-\d+)" % _NAME, text)
        return b"".join(
            b2a_base64(self._pictures[part], newline=False) if part in self._pictures else part
            for part in parts
        )

    def pictures(self) -> dict[str, bytes]:
        """The bytes that each name stands for."""
        return {name.decode(): content for name, content in self._pictures.items()}

    def _outside(self, piece: bytes, place: int) -> int:
        quote = piece.find(b'"', place)
        end = len(piece) if quote < 0 else quote + 1
        self._json += piece[place:end]
        if quote >= 0:
            self._start, self._may_be_base64 = len(self._json), True
        return end

    def _in_string(self, piece: bytes, place: int) -> int:
        if self._is_escaped:
            self._json += piece[place : place + 1]
            self._is_escaped = False
            return place + 1
        end = _end(piece, place)
        self._json += piece[place : end + 1]
        if end == len(piece):
            if self._may_be_base64 and len(self._json) - self._start >= _LONG:
                self._become_long()
            return end
        if piece[end] == _QUOTE:
            self._start = -1
        else:
            self._is_escaped, self._may_be_base64 = True, False
        return end + 1

    def _become_long(self) -> None:
        text = bytes(self._json[self._start :])
        del self._json[self._start :]
        long = _Base64.of(min(self.announced, self.limit) // 4 * 3)
        if long.add(text):
            self._long = long
        else:
            self._put_back(long)

    def _in_long(self, long: _Base64, piece: bytes, place: int) -> int:
        quote = piece.find(b'"', place)
        end = len(piece) if quote < 0 else quote
        if not long.add(piece[place:end]) or (quote >= 0 and not long.finish()):
            self._put_back(long)
        elif quote >= 0:
            name = b"%s-%d" % (_NAME, len(self._pictures))
            self._pictures[name] = long.content.getvalue()
            self._json += name
            self._long = None
        return end

    def _put_back(self, long: _Base64) -> None:
        text = long.text()
        self._json += text
        self._long, self._may_be_base64 = None, False
        self._is_escaped = (len(text) - len(text.rstrip(b"\\"))) % 2 == 1


def _end(piece: bytes, place: int) -> int:
    """Where a string, or the part of it before an escape, ends; the piece's end if nowhere."""
    # Most strings are short. A long one is a picture, for which a pattern takes a hundred times
    # as long as `find`, which would look through the whole piece for each of many short ones.
    if found := _END.search(piece, place, place + _SHORT):
        return found.start()
    quote = piece.find(b'"', place + _SHORT)
    end = len(piece) if quote < 0 else quote
    escape = piece.find(b"\\", place + _SHORT, end)
    return end if escape < 0 else escape
