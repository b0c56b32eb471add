"""Files of pictures: into which a document can be put, how, and what is in them."""

from collections.abc import Sequence
from typing import BinaryIO, Protocol

from friendli_facade._provenance import jpeg, png, webp
from friendli_facade._provenance.documents import Document
from friendli_facade._provenance.splices import Splice


class _Kind(Protocol):
    """A kind of picture that has a place for a document."""

    def embedding(self, file: BinaryIO, document: Document) -> Sequence[Splice]: ...

    def removal(self, file: BinaryIO) -> Sequence[Splice]: ...

    def found(self, file: BinaryIO) -> bytes | None: ...


def _kind(file: BinaryIO) -> _Kind | None:
    file.seek(0)
    head = file.read(12)
    if head.startswith(png.SIGNATURE):
        return png
    if head.startswith(jpeg.SIGNATURE):
        return jpeg
    return webp if head[:4] == b"RIFF" and head[8:] == b"WEBP" else None


def embedding(file: BinaryIO, document: Document) -> Sequence[Splice] | None:
    """What puts a document into a picture; None for a kind that has no place for it.

    Raises UnreadableError where this one picture has none.
    """
    kind = _kind(file)
    return None if kind is None else kind.embedding(file, document)


def removal(file: BinaryIO) -> Sequence[Splice]:
    """What takes out of a picture what was put into it; raises UnreadableError."""
    kind = _kind(file)
    return [] if kind is None else kind.removal(file)


def found(file: BinaryIO) -> bytes | None:
    """The document in a picture; None where there is none; raises UnreadableError."""
    kind = _kind(file)
    return None if kind is None else kind.found(file)
