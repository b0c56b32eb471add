"""Files that are broken, or made to harm whoever reads them."""

import io
import json
import os
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendli_facade import Provenance, ProvenanceError
from friendli_facade._provenance import jpeg, png
from friendli_facade._provenance.documents import MOST, NAMESPACE
from tests.provenance.pictures import KINDS, document, with_document
from tests.samples import chunk

pytestmark = pytest.mark.slow

PNG = KINDS["PNG"]()
JPEG = KINDS["JPEG"]()
WEBP = KINDS["WebP, lossy"]()
MANY = 100 * 1024 * 1024
RIGHT = json.loads(document().json())


def with_chunk(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    """A PNG with a chunk behind its header."""
    return PNG[:33] + chunk(kind, content, size) + PNG[33:]


def with_text(text: bytes, keyword: str = png.KEYWORD, *, packed: bool = False) -> bytes:
    """A PNG with a text."""
    flag = b"\1\0" if packed else b"\0\0"
    text = zlib.compress(text) if packed else text
    return with_chunk(b"iTXt", keyword.encode() + b"\0" + flag + b"\0\0" + text)


def with_segment(content: bytes, size: int | None = None) -> bytes:
    """A JPEG with an APP1 segment."""
    size = len(content) + 2 if size is None else size
    return JPEG[:2] + b"\xff\xe1" + struct.pack(">H", size) + content + JPEG[2:]


def with_packet(packet: bytes) -> bytes:
    """A WebP with XMP, whose header nobody looks at here."""
    body = WEBP[8:] + b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def other(**members: Any) -> bytes:
    """A document with other members."""
    return json.dumps({**RIGHT, **members}).encode()


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + f"]><x xmlns:f='{NAMESPACE}'><f:provenance>&i;</f:provenance></x>"
).encode()
EXTERNAL = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    f"<x xmlns:f='{NAMESPACE}'><f:provenance>&a;</f:provenance></x>"
).encode()
DEEP = f"<x xmlns='{NAMESPACE}'>".encode() + b"<x>" * 1_000_000
EXTENDED = (
    f"<x xmlns:f='{NAMESPACE}' xmlns:n='http://ns.adobe.com/xmp/note/'>"
    "<n:HasExtendedXMP>A</n:HasExtendedXMP></x>"
).encode()
PART = b"\xff\xe1\xff\xffhttp://ns.adobe.com/xmp/extension/\0" + b"A" * 36 + b"%b" + b"A" * 65458


def _parts() -> bytes:
    return b"".join(PART % struct.pack(">I", offset) for offset in range(1600))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb in zTXt": (
        lambda: with_chunk(b"zTXt", png.KEYWORD.encode() + b"\0\0" + zlib.compress(bytes(MANY))),
        f"more than {MOST} bytes, unpacked",
    ),
    "a bomb in iTXt": (
        lambda: with_text(b'{"a":"' + b"a" * MANY + b'"}', packed=True),
        f"more than {MOST} bytes, unpacked",
    ),
    "a bomb of XMP": (
        lambda: with_text(b" " * MANY, png.XMP, packed=True),
        f"more than {6 * MOST} bytes, unpacked",
    ),
    "a hundred megabytes of JSON": (
        lambda: with_text(b'{"a":"' + b"a" * MANY + b'"}'),
        f"more than {MOST}",
    ),
    "many values": (lambda: with_text(b'{"a":[' + b"[]," * 1_000_000 + b"0]}"), "values"),
    "many members": (
        lambda: with_text(other(body={str(n): 1 for n in range(20_000)})),
        "10000 val",
    ),
    "JSON nested deeply": (lambda: with_text(b"[" * 90_000), "nested too deeply"),
    "JSON nested": (lambda: with_text(b'{"a":' * 900 + b"1" + b"}" * 900), "50 levels deep"),
    "quotes that nothing closes": (lambda: with_text(b'"' + b'\\"' * 2_000_000), "not JSON"),
    "a number of many digits": (
        lambda: with_text(other(seed=0)[:-1] + b',"a":' + b"9" * 5000 + b"}"),
        "JSON",
    ),
    "infinity": (lambda: with_text(b'{"a":Infinity}'), "Infinity, which JSON has not"),
    "no object": (lambda: with_text(b"[]"), "no JSON object"),
    "bytes": (lambda: with_text(b"\xff\xfe\xfd"), "not JSON"),
    "packed bytes that are none": (
        lambda: with_chunk(b"zTXt", png.KEYWORD.encode() + b"\0\0nothing"),
        "cannot be unpacked",
    ),
    "packed bytes that break off": (
        lambda: with_chunk(b"zTXt", png.KEYWORD.encode() + b"\0\0" + zlib.compress(other())[:-9]),
        "ends too early",
    ),
    "a text without its parts": (
        lambda: with_chunk(b"iTXt", png.KEYWORD.encode() + b"\0\0"),
        "no international text",
    ),
    "a checksum": (
        lambda: with_document(PNG, document()).replace(b"A kite", b"A kitf"),
        "checksum of XML:com.adobe.xmp is wrong",
    ),
    "another version": (lambda: with_text(other(version=2)), "of version 2"),
    "a version of words": (lambda: with_text(other(version="1")), "its version is missing"),
    "a version that is true": (lambda: with_text(other(version=True)), "its version is missing"),
    "another namespace": (lambda: with_text(other(namespace="a")), "namespace is another"),
    "a seed of words": (lambda: with_text(other(seed="a")), "its seed is missing, or not"),
    "a time of words": (lambda: with_text(other(created="soon")), "no time of ISO 8601"),
    "a time out of range": (
        lambda: with_text(other(created="0001-01-01T00:00:00+23:59")),
        "no time",
    ),
    "billions of laughs": (lambda: with_packet(LAUGHS), "declares a document type"),
    "a file of the reader's": (lambda: with_packet(EXTERNAL), "declares a document type"),
    "XML nested deeply": (lambda: with_packet(DEEP), "more than 100000 elements"),
    "XML that is none": (lambda: with_packet(NAMESPACE.encode()), "XMP is not XML"),
    "a packet too large": (
        lambda: with_packet(NAMESPACE.encode() + b" " * (7 * MOST)),
        f"more than {6 * MOST}",
    ),
    "a document too large": (
        lambda: with_packet(
            f"<x xmlns='{NAMESPACE}'><provenance>{'a' * (MOST + 1)}</provenance></x>".encode()
        ),
        f"it has {MOST + 1} bytes, more than {MOST}",
    ),
    "an extension too large": (
        lambda: with_segment(jpeg.XMP + EXTENDED)[: -len(JPEG) + 2] + _parts() + JPEG[2:],
        f"more than {6 * MOST} bytes",
    ),
    "an extension that is not there": (
        lambda: with_segment(jpeg.XMP + EXTENDED),
        "extended XMP is not whole",
    ),
    "a chunk longer than the file": (lambda: with_chunk(b"iTXt", b"", 2**31 - 1), "ends within a"),
    "a chunk longer than any": (lambda: with_chunk(b"iTXt", b"", 2**32 - 1), "ends within a"),
    "more chunks than any": (
        lambda: PNG[:33] + chunk(b"tEXt", b"a\0") * 100_001 + PNG[33:],
        "more than 100000 chunks",
    ),
    "a PNG that breaks off": (lambda: PNG[:-12], "ends too early"),
    "a JPEG that breaks off": (lambda: JPEG[:30], "ends too early"),
    "a segment without length": (lambda: with_segment(b"", 1), "has no length"),
    "no segment": (lambda: JPEG[:2] + b"\xff\xe0\0\2abc", "where a segment should begin"),
    "more segments than any": (
        lambda: JPEG[:2] + b"\xff\xfe\0\2" * 10_001 + JPEG[2:],
        "more than 10000 segments",
    ),
    "a WebP that breaks off": (lambda: WEBP[:-2], "and says that it has"),
    "a WebP whose chunk is too long": (
        lambda: WEBP[:16] + struct.pack("<I", 2**32 - 1) + WEBP[20:],
        "ends within a chunk",
    ),
    "more chunks than a WebP has": (
        lambda: b"RIFF" + struct.pack("<I", 4 + 8 * 100_001) + b"WEBP" + b"abcd\0\0\0\0" * 100_001,
        "more than 100000 chunks",
    ),
}


@pytest.mark.parametrize(("make", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_an_error_in_words(
    make: Callable[[], bytes], words: str, tmp_path: Path
) -> None:
    """As bytes and as a file: what is wrong, in one line, and which file it is."""
    content = make()
    with pytest.raises(ProvenanceError, match=words) as failed:
        Provenance.of(content)
    assert str(failed.value).startswith("what the picture tells of itself cannot be read: ")
    path = tmp_path / "picture"
    path.write_bytes(content)
    with pytest.raises(ProvenanceError, match=words) as failed:
        Provenance.of(path)
    assert str(path) in str(failed.value)
    assert len(str(failed.value)) < 400


@pytest.mark.parametrize("name", [name for name in HOSTILE if "number" not in name])
def test_the_memory_that_reading_takes_is_bounded(name: str, tmp_path: Path) -> None:
    """Whatever is in a file, and however large it is: less than 80 MiB."""
    path = tmp_path / "picture"
    path.write_bytes(HOSTILE[name][0]())
    tracemalloc.start()
    try:
        with pytest.raises(ProvenanceError):
            Provenance.of(path)
        assert tracemalloc.get_traced_memory()[1] < 80 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_hostile_file_beside_a_picture_is_an_error_in_words(tmp_path: Path) -> None:
    """It is named, and no more of it is read than there may be."""
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    sidecar = tmp_path / "a.gif.json"
    sidecar.write_bytes(b'{"namespace":"' + NAMESPACE.encode() + b'","a":"' + b"a" * MANY)
    tracemalloc.start()
    try:
        with pytest.raises(ProvenanceError, match=f"{sidecar} tells .*, more than {MOST}"):
            Provenance.of(tmp_path / "a.gif")
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    finally:
        tracemalloc.stop()


@given(data=st.data(), name=st.sampled_from(sorted(KINDS)))
def test_what_is_damaged_is_read_or_refused(data: st.DataObject, name: str) -> None:
    """A cut or a changed byte is an error of ours, or does no harm; nothing else is raised."""
    content = bytearray(with_document(KINDS[name](), document()))
    end = data.draw(st.integers(0, len(content)))
    place = data.draw(st.integers(0, max(0, min(end, 3000) - 1)))
    changed = content[:end]
    if changed:
        changed[place] = data.draw(st.integers(0, 255))
    for read in (Provenance.of, Provenance.removed_from):
        with suppress(ProvenanceError):
            read(bytes(changed))


@given(content=st.binary(max_size=200))
@pytest.mark.parametrize("head", [b"", PNG[:33], JPEG[:2], b"RIFF\x10\0\0\0WEBP"])
def test_whatever_the_bytes_are(head: bytes, content: bytes) -> None:
    """Nothing but a ProvenanceError."""
    with suppress(ProvenanceError):
        assert Provenance.of(head + content) is None


def test_foreign_xmp_is_nobodys_business() -> None:
    """Packets and texts of others are not looked into, be they broken or not."""
    for content in (
        with_packet(b"<x"),
        with_packet(LAUGHS.replace(NAMESPACE.encode(), b"urn:a")),
        with_segment(jpeg.XMP + b"<x"),
        with_text(b"{", "Comment"),
        with_text(b"Steps: 1", "parameters"),
        with_chunk(b"tEXt", b"\xff\xfe\0a"),
    ):
        assert Provenance.of(content) is None
        assert Provenance.removed_from(content) == content


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt"])
def test_a_text_that_was_written_anew_is_read(kind: bytes) -> None:
    """Programs that keep texts, but not their form, keep what we wrote."""
    text = other()
    if kind == b"tEXt":
        content = with_chunk(kind, png.KEYWORD.encode() + b"\0" + text)
    elif kind == b"zTXt":
        content = with_chunk(kind, png.KEYWORD.encode() + b"\0\0" + zlib.compress(text))
    else:
        content = with_text(text, packed=True)
    found = Provenance.of(content)
    assert found is not None
    assert found.request == document().request


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    """A pipe is not waited for; what is missing or of another type is the usual error."""
    os.mkfifo(tmp_path / "pipe.png")
    for place in (tmp_path / "pipe.png", tmp_path, tmp_path / "missing.png"):
        with pytest.raises(OSError, match=str(place)):
            Provenance.of(place)
    with pytest.raises(TypeError, match="must be a path, bytes or a PIL image, not int"):
        Provenance.of(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="not BytesIO"):
        Provenance.removed_from(io.BytesIO(PNG))  # type: ignore[arg-type]  # pyright: ignore
