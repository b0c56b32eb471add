"""PNG: chunks, of which iTXt has text (Portable Network Graphics, third edition)."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO

import attrs

from friendli_facade._provenance import packets
from friendli_facade._provenance.documents import MOST, Document, UnreadableError, is_ours
from friendli_facade._provenance.parameters import parameters
from friendli_facade._provenance.splices import Splice, exactly

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = "friendli-facade:provenance"
XMP = "XML:com.adobe.xmp"
_PARAMETERS = "parameters"
_TEXTS = (b"iTXt", b"tEXt", b"zTXt")
_LONGEST_KEYWORD = 79
_AFTER_HEADER = len(SIGNATURE) + 25
_MOST_CHUNKS = 100_000


@attrs.frozen
class _Chunk:
    offset: int
    kind: bytes
    size: int
    keyword: str = ""

    @property
    def end(self) -> int:
        return self.offset + 12 + self.size


def embedding(file: BinaryIO, document: Document) -> Sequence[Splice]:
    """What puts a document into a PNG; raises UnreadableError where it has no place for it."""
    chunks = list(_chunks(file))
    if chunks[0].kind != b"IHDR" or chunks[0].size != 13:
        raise UnreadableError("it does not begin with a header")
    keywords = {chunk.keyword for chunk in chunks}
    if keywords & {XMP, KEYWORD, "Raw profile type xmp"}:
        raise UnreadableError("it has XMP of its own")
    if any(chunk.kind == b"caBX" for chunk in chunks):
        raise UnreadableError("it is signed (C2PA), and a change would break that")
    file.seek(len(SIGNATURE) + 8)
    size = struct.unpack(">II", exactly(file, 8))
    text = document.json()
    packet, ours = _text(XMP, packets.packet(document, text)), _text(KEYWORD, text)
    if _PARAMETERS in keywords:
        # Those are the picture's own: directly after `ours` they would be taken for ours.
        return [Splice(_AFTER_HEADER, 0, ours + packet)]
    added = _text(_PARAMETERS, parameters(document, *size).encode())
    return [Splice(_AFTER_HEADER, 0, packet + ours + added)]


def removal(file: BinaryIO) -> Sequence[Splice]:
    """What takes out of a PNG what was put into it; raises UnreadableError."""
    splices: list[Splice] = []
    before = ""
    for chunk in _chunks(file):
        goes = chunk.keyword == KEYWORD or (chunk.keyword == _PARAMETERS and before == KEYWORD)
        if chunk.keyword == XMP:
            goes = is_ours(_content(file, chunk, packets.MOST_OF_A_PACKET))
        if goes:
            splices.append(Splice(chunk.offset, chunk.end - chunk.offset))
        before = chunk.keyword if goes else ""
    return splices


def found(file: BinaryIO) -> bytes | None:
    """The document in a PNG; None where there is none; raises UnreadableError."""
    for chunk in _chunks(file):
        if chunk.keyword == KEYWORD:
            return _content(file, chunk, MOST)
        if chunk.keyword == XMP:
            text = packets.provenance(_content(file, chunk, packets.MOST_OF_A_PACKET))
            if text is not None:
                return text
    return None


def of_texts(texts: dict[str, bytes]) -> bytes | None:
    """The document among the texts of a PNG, by their keywords; raises UnreadableError."""
    if KEYWORD in texts:
        return texts[KEYWORD]
    return packets.provenance(texts.get(XMP, b""))


def _text(keyword: str, content: bytes) -> bytes:
    """A chunk of text, not compressed."""
    data = b"iTXt" + keyword.encode() + b"\0\0\0\0\0" + content
    return struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))


def _chunks(file: BinaryIO) -> Iterator[_Chunk]:
    file.seek(0, 2)
    end = file.tell()
    offset = len(SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        file.seek(offset)
        size, kind = struct.unpack(">I4s", exactly(file, 8))
        keyword = ""
        if kind in _TEXTS:
            head, _, _ = file.read(min(size, _LONGEST_KEYWORD + 1)).partition(b"\0")
            with suppress(UnicodeDecodeError):
                keyword = head.decode()
        chunk = _Chunk(offset, kind, size, keyword)
        if chunk.end > end:
            raise UnreadableError(f"it ends within a chunk of {size} bytes")
        yield chunk
        if kind == b"IEND":
            return
        offset = chunk.end
    raise UnreadableError(f"it has more than {_MOST_CHUNKS} chunks")


def _content(file: BinaryIO, chunk: _Chunk, most: int) -> bytes:
    """The text of a chunk, unpacked; raises UnreadableError."""
    if chunk.size > most + 1024:
        raise UnreadableError(f"a text of it has {chunk.size} bytes, more than {most}")
    file.seek(chunk.offset + 4)
    data = exactly(file, chunk.size + 4)
    if zlib.crc32(data) != struct.unpack(">I", exactly(file, 4))[0]:
        raise UnreadableError(f"the checksum of {chunk.keyword} is wrong")
    _, _, rest = data[4:].partition(b"\0")
    is_packed = chunk.kind == b"zTXt"
    if chunk.kind == b"zTXt":
        rest = rest[1:]
    elif chunk.kind == b"iTXt":
        is_packed, parts = rest[:1] != b"\0", rest[2:].split(b"\0", 2)
        if len(parts) < 3:
            raise UnreadableError(f"{chunk.keyword} is no international text")
        rest = parts[2]
    return _unpacked(rest, most) if is_packed else rest


def _unpacked(content: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(content, most + 1)
    except zlib.error as error:
        raise UnreadableError(f"a text of it cannot be unpacked ({error})") from None
    if len(text) > most:
        raise UnreadableError(f"a text of it has more than {most} bytes, unpacked")
    if not unpacker.eof:
        raise UnreadableError("a text of it ends too early")
    return text
