"""JPEG: segments, of which APP1 has XMP (XMP specification, part 3, section 1.1.3)."""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import attrs

from friendli_facade._provenance import packets
from friendli_facade._provenance.documents import Document, UnreadableError, is_ours
from friendli_facade._provenance.splices import Splice, exactly

SIGNATURE = b"\xff\xd8\xff"
XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_EXIF = b"Exif\0"
_LONGEST = 65533  # bytes of a segment's content
_LONGEST_PART = 65400  # of an extended packet, as Adobe's programs cut it
_HEAD = len(_EXTENSION) + 40
_MOST_SEGMENTS = 10_000
_APP0, _APP1, _APP11, _SCAN, _END = 0xE0, 0xE1, 0xEB, 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


@attrs.frozen
class _Segment:
    offset: int
    marker: int
    size: int  # of its content
    head: bytes

    @property
    def end(self) -> int:
        return self.offset + 4 + self.size


def embedding(file: BinaryIO, document: Document) -> Sequence[Splice]:
    """What puts a document into a JPEG; raises UnreadableError where it has no place for it."""
    segments = list(_segments(file))
    offset, is_leading = 2, True
    for segment in segments:
        if segment.marker == _APP1 and segment.head.startswith((XMP, _EXTENSION)):
            raise UnreadableError("it has XMP of its own")
        if segment.marker == _APP11 and segment.head.startswith(b"JP"):
            raise UnreadableError("it is signed (C2PA), and a change would break that")
        is_exif = segment.marker == _APP1 and segment.head.startswith(_EXIF)
        is_leading = is_leading and (segment.marker == _APP0 or is_exif)
        offset = segment.end if is_leading else offset
    text = document.json()
    packet = XMP + packets.packet(document, text)
    if len(packet) <= _LONGEST:
        return [Splice(offset, 0, _segment(packet))]
    extension = packets.extension(text)
    guid = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper()
    added = [_segment(XMP + packets.packet(document, None, extension=guid))]
    for start in range(0, len(extension), _LONGEST_PART):
        head = _EXTENSION + guid.encode() + struct.pack(">II", len(extension), start)
        added.append(_segment(head + extension[start : start + _LONGEST_PART]))
    return [Splice(offset, 0, b"".join(added))]


def removal(file: BinaryIO) -> Sequence[Splice]:
    """What takes out of a JPEG what was put into it; raises UnreadableError."""
    segments = [one for one in _segments(file) if one.marker == _APP1]
    ours: list[_Segment] = []
    guids: set[bytes] = set()
    for segment in segments:
        if segment.head.startswith(XMP) and is_ours(packet := _content(file, segment)):
            ours.append(segment)
            guids.add(packets.properties(packet[len(XMP) :]).get("extension", "").encode())
    ours += [
        one
        for one in segments
        if one.head.startswith(_EXTENSION) and one.head[len(_EXTENSION) :][:32] in guids
    ]
    ours.sort(key=lambda segment: segment.offset)
    return [Splice(segment.offset, segment.end - segment.offset) for segment in ours]


def found(file: BinaryIO) -> bytes | None:
    """The document in a JPEG; None where there is none; raises UnreadableError."""
    segments = (one for one in _segments(file) if one.marker == _APP1)
    xmp = (one for one in segments if one.head.startswith((XMP, _EXTENSION)))
    return of_contents(_content(file, segment) for segment in xmp)


def of_contents(contents: Iterable[bytes]) -> bytes | None:
    """The document in the contents of a JPEG's APP1 segments; raises UnreadableError."""
    known: dict[str, str] = {}
    parts: dict[str, dict[int, bytes]] = {}
    room = packets.MOST_OF_A_PACKET
    for content in contents:
        if content.startswith(XMP) and is_ours(content):
            known = packets.properties(content[len(XMP) :])
        elif content.startswith(_EXTENSION) and len(content) > _HEAD and room > 0:
            room -= len(content)
            guid = content[len(_EXTENSION) :][:32].decode(errors="replace")
            _, offset = struct.unpack_from(">II", content, _HEAD - 8)
            parts.setdefault(guid, {})[offset] = content[_HEAD:]
    if "provenance" not in known and "extension" in known:
        if room < 0:
            raise UnreadableError(f"its XMP has more than {packets.MOST_OF_A_PACKET} bytes")
        known = _extended(known["extension"], parts.get(known["extension"], {}))
    return known["provenance"].encode() if "provenance" in known else None


def _extended(guid: str, parts: dict[int, bytes]) -> dict[str, str]:
    content = b"".join(part for _, part in sorted(parts.items()))
    if hashlib.md5(content, usedforsecurity=False).hexdigest().upper() != guid.upper():
        raise UnreadableError("its extended XMP is not whole")
    return packets.properties(content)


def _segment(content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, _APP1, len(content) + 2) + content


def _segments(file: BinaryIO) -> Iterator[_Segment]:
    """The segments before the first scan."""
    offset = 2
    for _ in range(_MOST_SEGMENTS):
        file.seek(offset)
        lead, marker = exactly(file, 2)
        if lead != 0xFF:
            raise UnreadableError("something else stands where a segment should begin")
        if marker == 0xFF:
            offset += 1
            continue
        if marker in {_SCAN, _END}:
            return
        if marker in _ALONE:
            offset += 2
            continue
        (size,) = struct.unpack(">H", exactly(file, 2))
        if size < 2:
            raise UnreadableError("a segment of it has no length")
        segment = _Segment(offset, marker, size - 2, file.read(min(size - 2, _HEAD)))
        yield segment
        offset = segment.end
    raise UnreadableError(f"it has more than {_MOST_SEGMENTS} segments")


def _content(file: BinaryIO, segment: _Segment) -> bytes:
    file.seek(segment.offset + 4)
    return exactly(file, segment.size)
