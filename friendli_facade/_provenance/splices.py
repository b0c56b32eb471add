"""Changes of a file that leave the rest of it as it is, byte for byte."""

import hashlib
from collections.abc import Generator, Sequence
from typing import BinaryIO

import attrs

from friendli_facade._provenance.documents import UnreadableError

_PIECE = 1024 * 1024


@attrs.frozen
class Splice:
    """At `offset`, `removed` bytes give way to others."""

    offset: int
    removed: int
    inserted: bytes = b""


def pieces(file: BinaryIO, splices: Sequence[Splice]) -> Generator[bytes]:
    """A file with splices, which follow each other."""
    file.seek(0)
    for splice in splices:
        yield from _until(file, splice.offset)
        yield splice.inserted
        file.seek(splice.removed, 1)
    while piece := file.read(_PIECE):
        yield piece


def _until(file: BinaryIO, end: int) -> Generator[bytes]:
    while (left := end - file.tell()) > 0 and (piece := file.read(min(left, _PIECE))):
        yield piece


def digest(file: BinaryIO) -> str:
    """The sha256 of a whole file, in hexadecimal digits."""
    found = hashlib.sha256()
    for piece in pieces(file, ()):
        found.update(piece)
    return found.hexdigest()


def exactly(file: BinaryIO, size: int) -> bytes:
    """The next bytes of a file; raises UnreadableError where it ends before."""
    content = file.read(size)
    if len(content) < size:
        raise UnreadableError("it ends too early")
    return content
