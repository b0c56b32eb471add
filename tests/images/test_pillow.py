"""Pillow opens pictures of the kinds that are known here, and nothing else."""

import re
import subprocess
import sys
from typing import Any, NoReturn

import pytest
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from friendli_facade import DownloadError, InvalidResponseError
from friendli_facade._images import media_types
from friendli_facade._images.media_types import KINDS
from tests.images.wires import Origin, drawn, item, origins
from tests.samples import PNG, picture

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
# The header with which an EPS has a preview: bytes of no kind that is known here.
EPS_WITH_PREVIEW = b"\xc5\xd0\xd3\xc6\x1e\x00\x00\x00" + bytes(22) + EPS
WRITTEN = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "JPEG2000", "AVIF"]


@pytest.fixture(autouse=True)
def _no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*arguments: Any, **_: Any) -> NoReturn:
        raise AssertionError(f"a program was started: {arguments}")

    monkeypatch.setattr(subprocess.Popen, "__init__", start)


@origins
def test_postscript_starts_nothing(origin: Origin) -> None:
    """Pillow would call Ghostscript on what a server sent."""
    image = origin.of(EPS_WITH_PREVIEW)
    words = re.escape(f"begins with {EPS_WITH_PREVIEW[:8]!r} is of no kind that Pillow is asked to")
    with pytest.raises(UnidentifiedImageError, match=words):
        image.to_pil()
    assert (image.media_type, image.read()) == (None, EPS_WITH_PREVIEW)


def test_what_is_text_is_no_picture() -> None:
    """Base64 is looked at as a download is: an EPS, a page or JSON is told, and kept."""
    for text in (EPS, b"<html><title>Sign in</title>", b'{"error":"busy"}', b"\xff\xfeb\x00"):
        with pytest.raises(InvalidResponseError, match="a picture is none, but text") as failed:
            drawn(item(text))
        assert b"b64_json" in failed.value.body
        (image,) = drawn(item(), stored=text)
        with pytest.raises(DownloadError, match="no picture came, but no content type"):
            image.read()


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_kind_that_pillow_writes_is_opened(kind: str) -> None:
    """The kinds are told by their bytes, and Pillow is asked for that one alone."""
    (image,) = drawn(item(picture(kind, (16, 12))))
    assert image.to_pil().size == (16, 12)
    assert image.media_type in {"image/jp2", f"image/{kind.lower()}"}


def test_a_picture_that_is_cut_is_told_at_once() -> None:
    """All pixels are read: what is handed over needs no file any more."""
    (image,) = drawn(item(picture("PNG", (160, 120))[:-40]))
    with pytest.raises(OSError, match="truncated"):
        image.to_pil()


@pytest.mark.parametrize(("length", "is_picture"), [(1444, True), (1445, False)])
def test_as_much_is_looked_at_as_browsers_do(length: int, is_picture: bool) -> None:
    """Of what came along and of what was fetched: what is text so far is no picture."""
    content = b"a" * length + b"\x01"
    (fetched,) = drawn(item(), stored=content)
    if is_picture:
        assert drawn(item(content))[0].read() == fetched.read() == content
        return
    with pytest.raises(InvalidResponseError, match="a picture is none, but text"):
        drawn(item(content))
    with pytest.raises(DownloadError, match="no picture came"):
        fetched.read()


def test_pillows_names_are_right() -> None:
    """Each kind that this Pillow knows is one that it opens under this name."""
    PillowImage.init()
    assert {kind.pillow for kind in KINDS} - set(PillowImage.OPEN) <= {"HEIF", "JXL"}
    assert len({kind.pillow for kind in KINDS}) == len(KINDS)


def test_a_kind_that_pillow_lacks_is_named() -> None:
    """HEIC and JPEG XL need plugins; the bytes are there all the same."""
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(32)
    (image,) = drawn(item(heic))
    with pytest.raises(UnidentifiedImageError, match="this Pillow does not read image/heic"):
        image.to_pil()
    assert image.read() == heic


def test_a_missing_pillow_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    (image,) = drawn(item(PNG))
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r"needs Pillow: pip install 'friendli-facade\[images\]'"):
        image.to_pil()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", False),
        (b"plain", False),
        (b"\xef\xbb\xbf<svg>\x00", False),
        (b"\x1b$B\x1b(B", False),
        (b"P6 4 3 255\n\x00", True),
        (b"\xff\xd8\xff", True),
        (b"a" * 1444 + b"\x01", True),
    ],
)
def test_what_may_be_a_picture(head: bytes, expected: bool) -> None:
    """A kind that we know, or bytes that are no text by the rules of browsers."""
    assert media_types.may_be_picture(head) is expected
