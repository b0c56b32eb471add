"""Where the bytes of a local picture come from, each time that they are sent.

A picture is not held for the client's own sake: a file that has a name is opened anew, and read
piece by piece. What has none is read once, and kept.
"""

import hashlib
import inspect
import io
import os
import stat
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol, cast

import attrs

from friendli_facade._rules.violations import RefusedError

# Bytes of a piece: a multiple of 3, so that base64 needs no padding between pieces. 64 uploads
# at once hold a few of these each.
PIECE = 96 * 1024


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

    def digest(self) -> Callable[[], str | None]:
        """What gives their sha256, as long as it can; for large pictures that takes its time."""
        ...


@attrs.frozen
class Held:
    """Bytes in memory; `sha256` is their digest, if it is known already."""

    content: bytes = attrs.field(repr=False)
    is_held: bool = True
    sha256: str | None = None

    @classmethod
    def alone(cls, content: bytes) -> "Held":
        """Bytes that nobody else has: a result need not keep them for the sake of their digest."""
        return cls(content, sha256=hashlib.sha256(content).hexdigest())

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.content)

    def pieces(self) -> Generator[bytes]:
        """Slices of them."""
        for start in range(0, len(self.content), PIECE):
            yield self.content[start : start + PIECE]

    def digest(self) -> Callable[[], str | None]:
        """What gives their sha256; it has the bytes only if it needs them."""
        known, content = self.sha256, b"" if self.sha256 else self.content
        return lambda: known or hashlib.sha256(content).hexdigest()


@attrs.frozen
class _State:
    """Which file it is, and what tells that it was written to, as far as its clock can."""

    device: int
    inode: int
    size: int
    modified: int

    @classmethod
    def of(cls, status: os.stat_result) -> "_State":
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@attrs.frozen
class File:
    """A regular file, opened anew each time; it must stay as it was when it was checked."""

    path: Path
    state: _State
    start: int = 0
    is_held: bool = False

    @classmethod
    def of(cls, path: Path) -> "File":
        """The file at `path` as it is now; raises RefusedError, OSError, and ValueError."""
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise RefusedError("must be a file, and this is a directory")
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError("must be a readable file (it is no regular file)")
        return cls(path, _State.of(status))

    @property
    def size(self) -> int:
        """How many bytes there are from `start` on."""
        return max(0, self.state.size - self.start)

    def pieces(self) -> Generator[bytes]:
        """Its content; raises ChangedError where it is another file, or was written to.

        It is asked before the first piece, and before the last one is handed over: nobody
        receives the whole of a picture that was never there.
        """
        with self.path.open("rb") as file:
            if not self._is_same(file):
                raise ChangedError
            file.seek(self.start)
            left = self.size
            while left > PIECE:
                yield self._piece(file, PIECE)
                left -= PIECE
            last = self._piece(file, left)
            if not self._is_same(file):
                del last  # a traceback with local variables shows no picture
                raise ChangedError
            yield last

    def digest(self) -> Callable[[], str | None]:
        """What gives its sha256; None once it has changed or gone."""
        return self._digest

    def _digest(self) -> str | None:
        found = hashlib.sha256()
        try:
            with closing(self.pieces()) as pieces:
                for piece in pieces:
                    found.update(piece)
        except (ChangedError, OSError):
            return None
        return found.hexdigest()

    def _is_same(self, file: io.BufferedReader) -> bool:
        return _State.of(os.fstat(file.fileno())) == self.state

    @staticmethod
    def _piece(file: io.BufferedReader, size: int) -> bytes:
        piece = file.read(size)
        if len(piece) < size:
            del piece
            raise ChangedError
        return piece


def of_file(file: object, read: Callable[[int], object], most: int) -> Source:
    """The rest of a binary file object, which is then at its end.

    At most `most` bytes are taken of one that cannot be opened anew. Raises RefusedError where it
    gives no bytes, and whatever its methods raise.
    """
    return _named(file) or Held.alone(_rest(read, most))


def _named(file: Any) -> File | None:
    """The regular file behind a file object, where its name still leads to it.

    Whatever else happens to the caller's object, or wherever it is moved, does no harm then.
    """
    raw = file.raw if type(file) in {io.BufferedReader, io.BufferedRandom} else file
    if type(raw) is not io.FileIO:
        return None
    file.flush()
    try:
        path = Path(os.fsdecode(raw.name)).absolute()
        found = File.of(path)
        path.open("rb").close()
    except (OSError, RefusedError, TypeError, ValueError):
        return None
    if found.state != _State.of(os.fstat(raw.fileno())):
        return None
    start = file.tell()
    file.seek(0, os.SEEK_END)
    return attrs.evolve(found, start=start)


def _rest(read: Callable[[int], object], most: int) -> bytes:
    """What is left to read, up to `most` bytes; a raw file or a pipe gives it in pieces."""
    pieces: list[bytes] = []
    left = most
    while left > 0 and (piece := _bytes(read(left))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _bytes(piece: object) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, bytearray | memoryview):
        return bytes(cast("bytes", piece))
    if isinstance(piece, str):
        raise RefusedError('must be a binary file: open it with "rb"')
    if inspect.isawaitable(piece):
        if inspect.iscoroutine(piece):
            piece.close()
        raise RefusedError("must be read without await: await its read(), and pass the bytes")
    raise RefusedError(f"must give bytes when it is read, and gave {type(piece).__name__}")
