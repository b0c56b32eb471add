"""What is written into pictures, and what becomes of the pictures."""

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageSequence, PngImagePlugin

from friendli_facade import Provenance, ProvenanceError, models
from friendli_facade._provenance import packets, png, webp
from friendli_facade._provenance.documents import NAMESPACE, Document, UnreadableError
from tests.provenance.pictures import (
    KINDS,
    PROMPTS,
    document,
    edit,
    encoded,
    with_document,
)

pytestmark = pytest.mark.slow

kinds = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


def pixels(content: bytes) -> list[tuple[str, bytes, Any]]:
    """Mode, pixels and duration of each frame, as Pillow has them."""
    with Image.open(io.BytesIO(content)) as image:
        return [
            (frame.mode, frame.tobytes(), frame.info.get("duration"))
            for frame in ImageSequence.Iterator(image)
        ]


@kinds
@given(prompt=PROMPTS)
@example(prompt="x" * 100_000)
@example(prompt="&\x01漢🎈" * 25_000)
def test_a_picture_is_the_same_with_metadata_and_without(
    make: Callable[[], bytes], prompt: str
) -> None:
    """Its pixels with it, and its bytes once that is taken out; the request comes back whole."""
    prompt = json.loads(json.dumps(prompt))  # two halves of a surrogate pair are one character
    content, written = make(), document(prompt)
    carrying = with_document(content, written)
    assert pixels(carrying) == pixels(content)
    assert Provenance.removed_from(carrying) == content
    found = Provenance.of(carrying)
    assert found is not None
    assert found == Provenance(**attrs.asdict(written, recurse=False))
    assert found.request.body["prompt"] == prompt
    with Image.open(io.BytesIO(carrying)) as image:
        assert Provenance.of(image) == found


@kinds
def test_a_picture_that_says_nothing_says_nothing(make: Callable[[], bytes]) -> None:
    """There is nothing in it, and nothing to take out."""
    content = make()
    assert Provenance.of(content) is None
    assert Provenance.of(bytearray(content)) is None
    assert Provenance.of(memoryview(content)) is None
    assert Provenance.removed_from(content) == content
    with Image.open(io.BytesIO(content)) as image:
        assert Provenance.of(image) is None


@given(trailing=st.binary(max_size=40))
def test_what_stands_after_a_picture_stays_there(trailing: bytes) -> None:
    """Of a PNG or a JPEG, where that may be."""
    for make in (KINDS["PNG"], KINDS["JPEG"]):
        content = make() + trailing
        carrying = with_document(content, document())
        assert carrying.endswith(trailing)
        assert Provenance.removed_from(carrying) == content


@pytest.mark.parametrize("size", [(1, 1), (16383, 1), (1, 16383), (300, 257)])
@pytest.mark.parametrize("options", [{}, {"lossless": True}], ids=["lossy", "lossless"])
def test_a_webp_that_is_extended_keeps_its_size(
    size: tuple[int, int], options: dict[str, Any]
) -> None:
    """The canvas of the header that is added is the picture."""
    content = encoded(Image.new("RGB", size, "red"), "WEBP", **options)
    with Image.open(io.BytesIO(with_document(content, document()))) as image:
        assert image.size == size
        image.load()


@pytest.mark.parametrize("name", ["JPEG", "JPEG with EXIF"])
def test_what_must_come_first_in_a_jpeg_does(name: str) -> None:
    """JFIF and EXIF before XMP, as their specifications ask."""
    with Image.open(io.BytesIO(with_document(KINDS[name](), document()))) as image:
        segments: Any = getattr(image, "applist", ())
    first = [content.partition(b"\0")[0] for _, content in segments]
    assert first[0] == b"JFIF"
    assert first[-1] == b"http://ns.adobe.com/xap/1.0/"
    assert len(first) == 2 + (name == "JPEG with EXIF")


def test_the_text_for_viewers_reads_as_theirs() -> None:
    """The prompt, and a last line of names and values, by the expression that the web UI has."""
    asked = document("A kite,\nred: and blue", seed=9)
    asked = attrs.evolve(
        asked, request=attrs.evolve(asked.request, body={**asked.request.body, "model": "a, b"})
    )
    with Image.open(io.BytesIO(with_document(KINDS["PNG"](), asked))) as image:
        text = image.info["parameters"]
    *prompt, last = text.split("\n")
    assert "\n".join(prompt) == "A kite,\nred: and blue"
    found = re.findall(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)', last)
    assert dict(found) == {
        "Steps": "28",
        "CFG scale": "3.5",
        "Seed": "9",
        "Size": "13x9",
        "Model": '"a, b"',
        "Version": "friendli-facade 0",
        "Operation": "dedicatedImagesGenerate",
    }


def _run(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _written(folder: Path, asked: Document, beginning: str = "") -> dict[str, str]:
    """The files of pictures of each kind that carry a document."""
    for number, make in enumerate(KINDS.values()):
        (folder / str(number)).write_bytes(with_document(make(), asked))
    paths = {name: str(folder / str(number)) for number, name in enumerate(KINDS)}
    return {name: path for name, path in paths.items() if name.startswith(beginning)}


@pytest.mark.parametrize("prompt", ["A kite", "&\x01漢🎈" * 25_000], ids=["short", "long"])
@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("PNG", ("pngcheck", "-q")),
        ("JPEG", ("jpeginfo", "-c")),
        ("WebP", ("webpinfo", "-quiet")),
    ],
)
def test_other_programs_find_the_files_valid(
    kind: str, command: tuple[str, ...], prompt: str, tmp_path: Path
) -> None:
    """pngcheck, jpeginfo and webpinfo, where they are installed."""
    told = _run(*command, *_written(tmp_path, document(prompt), kind).values()).lower()
    assert "warning" not in told
    assert "error" not in told.replace("no error", "")


@pytest.mark.parametrize("is_edit", [False, True], ids=["generate", "edit"])
def test_exiftool_reads_what_is_written(is_edit: bool, tmp_path: Path) -> None:
    """IPTC's source type, the tool, the time and the request; it has nothing to warn of."""
    asked = document("漢 <b> & \x01 'x'")
    if is_edit:
        asked = attrs.evolve(asked, request=edit("漢 <b> & \x01 'x'"))
    kind = "compositeWithTrained" if is_edit else "trained"
    paths = _written(tmp_path, asked)
    listed = json.loads(_run("exiftool", "-json", "-G1", "-b", "-struct", *paths.values()))
    assert len(listed) == len(KINDS)
    for told in listed:
        name = f"http://cv.iptc.org/newscodes/digitalsourcetype/{kind}AlgorithmicMedia"
        assert told["XMP-iptcExt:DigitalSourceType"] == name
        assert told["XMP-xmp:CreatorTool"] == "friendli-facade 0"
        assert told["XMP-xmp:CreateDate"] == "2026:08:02 12:30:00Z"
        there = told["XMP-friendliFacade:Provenance"]
        there = json.loads(there) if isinstance(there, str) else there
        assert there["body"] == asked.request.body
        assert [name for name in told if "Warning" in name or "Error" in name] == []


def test_exiftool_may_add_to_it(tmp_path: Path) -> None:
    """Another program that writes the packet anew keeps what we wrote."""
    paths = _written(tmp_path, document("a" * 300))
    _run("exiftool", "-q", "-overwrite_original", "-XMP-xmp:Rating=5", *paths.values())
    for path in paths.values():
        found = Provenance.of(path)
        assert found == Provenance(**attrs.asdict(document("a" * 300), recurse=False))


def test_attributes_are_read_as_elements_are() -> None:
    """RDF may be written either way."""
    content = with_document(KINDS["WebP, lossless"](), document("'"))
    start, end = b"<friendliFacade:provenance>", b"</friendliFacade:provenance>"
    _, _, rest = content.partition(start)
    text, _, _ = rest.partition(end)
    attribute = b' friendliFacade:provenance="' + text.replace(b'"', b"&quot;") + b'"'
    packet = content.replace(start + text + end, b"").replace(
        b'rdf:about=""', b'rdf:about=""' + attribute
    )
    offset = packet.index(b"XMP ")
    body = packet[offset + 8 :].rstrip(b"\0")
    rebuilt = packet[:offset] + b"XMP " + len(body).to_bytes(4, "little") + body
    rebuilt += b"\0" * (len(body) % 2)
    whole = rebuilt[:4] + (len(rebuilt) - 8).to_bytes(4, "little") + rebuilt[8:]
    found = Provenance.of(whole)
    assert found is not None
    assert found.request.body["prompt"] == "'"


def test_padding_of_a_jpeg_is_passed_over() -> None:
    """Fill bytes and markers without content (ITU T.81, B.1.1.2) may stand between segments."""
    carrying = with_document(KINDS["JPEG"](), document())
    padded = carrying[:2] + b"\xff\xff" + b"\xff\x01" + carrying[2:]
    found = Provenance.of(padded)
    assert found is not None
    assert found == Provenance.of(carrying)


def test_foreign_xmp_does_not_hide_a_text_behind_it() -> None:
    """What stands in a PNG under our keyword is read, whatever the packet before it says."""
    content = KINDS["PNG"]()
    with Image.open(io.BytesIO(content)) as image:
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt(png.XMP, "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
        texts.add_itxt(png.KEYWORD, document().json().decode())
        written = encoded(image, "PNG", pnginfo=texts)
    found = Provenance.of(written)
    assert found is not None
    assert found.request == document().request
    with Image.open(io.BytesIO(written)) as image:
        image.load()
        assert Provenance.of(image) == found


def test_a_packet_is_read_up_to_its_bound() -> None:
    """The one that Pillow found in a file, too; its size is told."""
    with Image.open(io.BytesIO(KINDS["PNG"]())) as image:
        image.info["XML:com.adobe.xmp"] = NAMESPACE + " " * packets.MOST_OF_A_PACKET
        with pytest.raises(ProvenanceError, match=f"more than {packets.MOST_OF_A_PACKET}"):
            Provenance.of(image)


def test_a_webp_is_no_larger_than_its_format_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is 32 bits; what would not fit is not written."""
    monkeypatch.setattr(webp, "_LARGEST", 1000)
    file = io.BytesIO(KINDS["WebP, lossy"]())
    with pytest.raises(UnreadableError, match="larger than a WebP can be"):
        webp.embedding(file, document())


def test_pictures_of_a_request_are_those_that_are_known() -> None:
    """What a file of somebody else has among them is passed over."""
    body = {"prompt": "p", "control_images": [7, {"image": "https://e/x.png"}, "text"]}
    (picture,) = models.Request("dedicatedImagesGenerate", body).pictures
    assert (picture.argument, picture.url) == ("control_images[1]", "https://e/x.png")
