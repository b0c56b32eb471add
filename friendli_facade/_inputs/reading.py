"""Where the bytes of a local picture come from, each time that they are sent.

A picture is never held for the client's own sake: paths and seekable files are read piece by
piece, and again for a retry. What cannot be read twice is read once and kept.
"""

import io
import os
import stat
from collections.abc import Callable, Generator
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import attrs

# Bytes of a piece: a multiple of 3, so that base64 needs no padding between pieces. 64 uploads
# at once hold a few of these each.
PIECE = 96 * 1024

_Read = Callable[[int], bytes]


class ChangedError(Exception):
    """A file is not any more what was checked."""


class Source(Protocol):
    """The bytes of a picture, readable as often as it takes."""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        ...

    @property
    def is_held(self) -> bool:
        """Whether the bytes are in memory, so that reading them never waits."""
        ...

    def pieces(self) -> Generator[bytes]:
        """The bytes, in pieces of PIECE but for the last; raises ChangedError, OSError."""
        ...


@attrs.frozen
class Held:
    """Bytes in memory."""

    content: bytes = attrs.field(repr=False)
    is_held: bool = True

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.content)

    def pieces(self) -> Generator[bytes]:
        """Slices of them."""
        for start in range(0, len(self.content), PIECE):
            yield self.content[start : start + PIECE]


@attrs.frozen
class File:
    """A regular file, opened anew each time; it must stay as it was when it was checked."""

    path: Path
    size: int
    modified: int
    inode: int
    is_held: bool = False

    @classmethod
    def of(cls, path: Path) -> "File":
        """The file at `path` as it is now; raises OSError, and ValueError for a name of none."""
        information = path.stat()
        if stat.S_ISDIR(information.st_mode):
            raise IsADirectoryError(str(path))
        if not stat.S_ISREG(information.st_mode):
            raise ValueError("it is no regular file")
        return cls(path, information.st_size, information.st_mtime_ns, information.st_ino)

    def pieces(self) -> Generator[bytes]:
        """Its content; raises ChangedError where it is another file or another size by now."""
        with self.path.open("rb", buffering=0) as file:
            now = os.fstat(file.fileno())
            if (now.st_size, now.st_mtime_ns, now.st_ino) != (
                *(self.size, self.modified, self.inode),
            ):
                raise ChangedError
            yield from _pieces(file.read, self.size)


@attrs.frozen
class Stream:
    """A seekable binary file object of the caller's, from where it stood."""

    file: Any
    start: int
    size: int
    lock: Lock = attrs.field(factory=Lock, repr=False)
    is_held: bool = False

    def pieces(self) -> Generator[bytes]:
        """What it holds from there on; raises ChangedError where that has become less."""
        place = self.start

        def read(size: int) -> bytes:
            nonlocal place
            with self.lock:
                self.file.seek(place)
                piece: bytes = self.file.read(size)
            place += len(piece)
            return piece

        yield from _pieces(read, self.size)


def of_stream(file: Any, most: int) -> Source:
    """The rest of a binary file object, which is then read to its end.

    At most a byte more than `most` is taken of one that cannot be read twice. Raises OSError and
    ValueError where it cannot be read, TypeError where it gives text.
    """
    if isinstance(file, io.BytesIO):
        return Held(_rest(file, most + 1))
    try:
        start: int = file.tell()
        end: int = file.seek(0, os.SEEK_END)
    except (AttributeError, OSError, TypeError):
        return Held(_rest(file, most + 1))
    file.seek(start)
    _bytes(file.read(1))
    file.seek(end)
    return Stream(file, start, max(0, end - start))


def _rest(file: Any, most: int) -> bytes:
    """What is left to read, up to `most` bytes; a raw file or a pipe gives it in pieces."""
    rest = _bytes(file.read(most))
    while len(rest) < most and (more := _bytes(file.read(most - len(rest)))):
        rest += more
    return rest


def _bytes(piece: object) -> bytes:
    if not isinstance(piece, bytes):
        raise TypeError("no bytes")
    return piece


def _pieces(read: _Read, size: int) -> Generator[bytes]:
    while size:
        wanted = min(PIECE, size)
        piece = read(wanted)
        # A raw file may give less than it is asked for.
        while 0 < len(piece) < wanted and (more := read(wanted - len(piece))):
            piece += more
        if len(piece) < wanted:
            raise ChangedError
        yield piece
        size -= wanted
