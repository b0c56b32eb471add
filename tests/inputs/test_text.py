"""Pictures as text, and what is said of text that is none."""

import base64
from pathlib import Path

import pytest

from tests.inputs.sending import refusal, sent_text
from tests.samples import PNG, PNG_BASE64, picture

LARGE = picture("PNG", (300, 300))
TAKEN = "PNG, JPEG, WEBP, GIF, AVIF, HEIF, BMP, TIFF, JXL, JPEG2000"


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/cat.png?x=1",
        "HTTP://EXAMPLE.com",
        PNG_BASE64,
        f"data:image/png;base64,{PNG_BASE64}",
        f"data:image/svg+xml;name=a;base64,{PNG_BASE64}",
    ],
)
def test_urls_and_base64_texts_are_sent_as_they_are(text: str) -> None:
    """URLs, base64 and data URLs go through unchanged."""
    assert sent_text(text) == text


@pytest.mark.parametrize("text", ["cat.png", "./cat", "/tmp/cat.png", "C:\\cat.png", "~/cat.jpeg"])
def test_a_string_is_never_opened_and_a_path_gets_a_hint(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A string that looks like a path is refused, even where such a file exists."""
    monkeypatch.chdir(tmp_path)
    Path("cat.png").write_bytes(PNG)
    said = refusal(text)
    assert "image must be an http(s) URL, base64" in said
    assert "pass pathlib.Path(...)" in said
    assert repr(text) in said


@pytest.mark.parametrize("length", [1023, 1024])
def test_a_long_text_gets_no_hint_of_a_path(length: int) -> None:
    """No path has 1024 characters, line breaks included, where a shorter text may be one."""
    said = refusal("my\npictures/cat".ljust(length, "!"))
    assert ("pass pathlib.Path(...)" in said) == (length < 1024)


@pytest.mark.parametrize("text", ["", "cat", "Zm9v", "not base64!", "ftp://example.com/cat.png"])
def test_a_string_that_is_no_picture_is_refused(text: str) -> None:
    """Text that is neither URL, data URL nor base64 of a picture is refused."""
    assert "must be an http(s) URL, base64 of a picture or a data URL" in refusal(text)


@pytest.mark.parametrize(
    "text", ["https://", "http:///cat.png", "https://exa mple.com/cat.png", "https://["]
)
def test_a_url_without_a_host_is_refused(text: str) -> None:
    """A URL needs a host, and no white space."""
    assert "must be a URL with a host" in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cat",
        "Zm9v",
        "a cat on a mat.",
        "ftp://example.com/cat.png",
        "a" * 1100 + ".png",
        "2.0.1",
    ],
)
def test_a_text_that_is_no_path_gets_no_hint_at_one(text: str) -> None:
    """Only what looks like a path is told how to upload a file."""
    assert "pathlib" not in refusal(text)


SPACED = "has white space or line breaks"
URL = "has - and _, which the URL alphabet has for + and /"
UNPADDED = "is not padded with = to a multiple of four"


def of_length(rest: int) -> bytes:
    """A picture whose base64 needs padding, or not, and has both of the two odd characters."""
    content = PNG + b"\xfb\xff\xfe\xff\xef" * 3
    return content + b"\x00" * ((rest - len(content)) % 3)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (base64.encodebytes(LARGE).decode(), SPACED),
        (" " + base64.b64encode(of_length(0)).decode(), SPACED),
        (base64.b64encode(of_length(0)).decode() + "\n", SPACED),
        (base64.urlsafe_b64encode(of_length(0)).decode(), URL),
        (base64.b64encode(of_length(1)).decode().rstrip("="), UNPADDED),
        (base64.b64encode(of_length(2)).decode() + "=", UNPADDED),
        (base64.urlsafe_b64encode(of_length(2)).decode().rstrip("="), f"{URL} and {UNPADDED}"),
        ("\t" + base64.urlsafe_b64encode(of_length(1)).decode(), f"{SPACED} and {URL}"),
    ],
)
@pytest.mark.parametrize("start", ["", "data:image/png;base64,"])
def test_base64_that_is_not_standard_is_told_what_it_is(text: str, faults: str, start: str) -> None:
    """White space, the URL alphabet and missing padding are told where mending them suffices."""
    said = refusal(start + text)
    assert f"image must be base64 in its standard form: this {faults}, not " in said
    assert len(said) < 400


@pytest.mark.parametrize("text", [PNG_BASE64[:40] + "?" + PNG_BASE64[41:], "Zm9v YmFy", "a-b_"])
def test_text_that_cannot_be_mended_is_told_what_is_taken(text: str) -> None:
    """Where more is wrong than the form of base64, no fault of the form is told."""
    assert "must be an http(s) URL, base64 of a picture or a data URL" in refusal(text)


OTHERS = {
    b"<svg xmlns='http://www.w3.org/2000/svg'/>": "this is an SVG",
    b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>": "this is an SVG",
    b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN'>": "this is an SVG",
    b"<!-- drawn by hand --><svg>": "this is an SVG",
    b"\x00\x00\x01\x00\x01\x00\x10\x10": "this is an ICO",
    b"P6 2 2 255\n" + bytes(12): "this is a PPM, PGM or PBM",
    b"%PDF-1.7": "this is a PDF",
    b"8BPS\x00\x01": "this is a PSD",
    b"<!doctype HTML><title>Sign in</title>": "this is an HTML page",
    b"\x00\x00\x00\x20ftypisom": "this is a film",
}


@pytest.mark.parametrize(("content", "words"), OTHERS.items())
def test_what_is_no_picture_is_told_by_its_kind(content: bytes, words: str, tmp_path: Path) -> None:
    """A file, bytes or base64 of something else says what it is, and which kinds are taken."""
    path = tmp_path / "cat.png"
    path.write_bytes(content)
    for form in (path, content, base64.b64encode(content).decode()):
        assert f"({TAKEN}; {words})" in refusal(form)


def test_an_empty_picture_is_told_as_such(tmp_path: Path) -> None:
    """Nothing is no picture."""
    path = tmp_path / "cat.png"
    path.touch()
    for form in (path, b"", bytearray()):
        assert f"image must be a picture ({TAKEN}; this is empty); to send" in refusal(form)
    assert "data URL of a picture" not in refusal("data:image/png;base64,")


@pytest.mark.parametrize("content", [b"no picture", b"<xml/>", b"\x00" * 50])
def test_what_is_of_no_known_kind_is_told_which_are_taken(content: bytes) -> None:
    """Where it cannot be told what something is, only the kinds that are taken are."""
    assert f"image must be a picture ({TAKEN}); to send it all the same" in refusal(content)
