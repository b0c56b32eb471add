"""WebP: RIFF chunks, of which "XMP " has XMP (WebP container specification)."""

import struct
from collections.abc import Sequence
from typing import BinaryIO

import attrs

from friendli_facade._provenance import packets
from friendli_facade._provenance.documents import Document, UnreadableError, is_ours
from friendli_facade._provenance.splices import Splice, exactly

_XMP = b"XMP "
_HAS_XMP, _HAS_ALPHA = 0x04, 0x10
_FIRST = 12  # where the first chunk begins
_MOST_CHUNKS = 100_000
_LARGEST = 2**32 - 10
_KEY_FRAME = b"\x9d\x01\x2a"


@attrs.frozen
class _Chunk:
    offset: int
    kind: bytes
    size: int

    @property
    def end(self) -> int:
        return self.offset + 8 + self.size + self.size % 2


def embedding(file: BinaryIO, document: Document) -> Sequence[Splice]:
    """What puts a document into a WebP; raises UnreadableError where it has no place for it."""
    chunks = _chunks(file)
    if any(chunk.kind == b"C2PA" for chunk in chunks):
        raise UnreadableError("it is signed (C2PA), and a change would break that")
    first, end, text = chunks[0], chunks[-1].end, document.json()
    if first.kind == b"VP8X":
        flags = _flags(file, first)
        if flags & _HAS_XMP or any(chunk.kind == _XMP for chunk in chunks):
            raise UnreadableError("it has XMP of its own")
        packet = packets.packet(document, text)
        before = Splice(first.offset + 8, 1, bytes([flags | _HAS_XMP]))
    else:
        packet = packets.packet(document, text, added="VP8X")
        header = struct.pack("<4sI", b"VP8X", 10) + _extended(file, first)
        before = Splice(_FIRST, 0, header)
    after = Splice(end, 0, _chunk(_XMP, packet))
    size = end + len(before.inserted) - before.removed + len(after.inserted) - 8
    if size > _LARGEST:
        raise UnreadableError("it would be larger than a WebP can be")
    return [Splice(4, 4, struct.pack("<I", size)), before, after]


def removal(file: BinaryIO) -> Sequence[Splice]:
    """What takes out of a WebP what was put into it; raises UnreadableError."""
    chunks = _chunks(file)
    xmp = next((chunk for chunk in chunks if chunk.kind == _XMP), None)
    if xmp is None or not is_ours(packet := _content(file, xmp)):
        return []
    first = chunks[0]
    if packets.properties(packet).get("added") == "VP8X":
        before = Splice(first.offset, first.end - first.offset)
    else:
        before = Splice(first.offset + 8, 1, bytes([_flags(file, first) & ~_HAS_XMP]))
    after = Splice(xmp.offset, xmp.end - xmp.offset)
    removed = before.removed - len(before.inserted) + after.removed
    return [Splice(4, 4, struct.pack("<I", chunks[-1].end - removed - 8)), before, after]


def found(file: BinaryIO) -> bytes | None:
    """The document in a WebP; None where there is none; raises UnreadableError."""
    for chunk in _chunks(file):
        if chunk.kind == _XMP:
            return packets.provenance(_content(file, chunk))
    return None


def _chunks(file: BinaryIO) -> list[_Chunk]:
    """The chunks of a file that is a WebP to its last byte; raises UnreadableError."""
    file.seek(0, 2)
    end = file.tell()
    file.seek(4)
    (size,) = struct.unpack("<I", exactly(file, 4))
    if size + 8 != end:
        raise UnreadableError(f"it has {end} bytes and says that it has {size + 8}")
    chunks: list[_Chunk] = []
    offset = _FIRST
    while offset < end:
        file.seek(offset)
        kind, size = struct.unpack("<4sI", exactly(file, 8))
        chunks.append(_Chunk(offset, kind, size))
        offset = chunks[-1].end
        if len(chunks) > _MOST_CHUNKS:
            raise UnreadableError(f"it has more than {_MOST_CHUNKS} chunks")
    if offset != end or not chunks:
        raise UnreadableError("it ends within a chunk")
    return chunks


def _content(file: BinaryIO, chunk: _Chunk) -> bytes:
    if chunk.size > packets.MOST_OF_A_PACKET:
        most = packets.MOST_OF_A_PACKET
        raise UnreadableError(f"its XMP has {chunk.size} bytes, more than {most}")
    file.seek(chunk.offset + 8)
    return exactly(file, chunk.size)


def _flags(file: BinaryIO, chunk: _Chunk) -> int:
    file.seek(chunk.offset + 8)
    return exactly(file, 1)[0]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(content)) + content + b"\0" * (len(content) % 2)


def _extended(file: BinaryIO, first: _Chunk) -> bytes:
    """The content of a VP8X chunk for a picture that has none, by its one image chunk."""
    file.seek(first.offset + 8)
    head = exactly(file, 10)
    if first.kind == b"VP8L" and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        width, height = bits & 0x3FFF, bits >> 14 & 0x3FFF
        flags = _HAS_XMP | (_HAS_ALPHA if bits >> 28 & 1 else 0)
    elif first.kind == b"VP8 " and head[3:6] == _KEY_FRAME:
        width, height = (size & 0x3FFF for size in struct.unpack("<HH", head[6:]))
        width, height, flags = width - 1, height - 1, _HAS_XMP
    else:
        raise UnreadableError("it does not begin with an image")
    return bytes([flags, 0, 0, 0]) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
