"""Pictures that the sandbox refuses, and what it says of them."""

import base64

import pytest
from PIL import Image

from friendli_facade.sandbox import Sandbox
from tests.sandbox.asking import CONTAINER_EDIT, details, encoded, post


@pytest.mark.parametrize(
    "image",
    [
        "",
        "cat.png",
        "@/path/cat.png",
        "é",
        base64.b64encode(b"not a picture").decode(),
        "data:image/png;base64,",
        "data:image/png,abc",
        "data:text/plain;base64,YWJj",
        "http://[",
        encoded(Image.effect_noise((64, 64), 90))[:400],
    ],
)
def test_text_that_is_no_picture(sandbox: Sandbox, image: str) -> None:
    """A text that stands for no picture is a violation at its place."""
    (found,) = details(sandbox, CONTAINER_EDIT, {"prompt": "p", "image": {"image": image}})
    assert (found["type"], found["loc"]) == ("value_error", ["body", "image", "image"])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(100), "image/heic"),
        (b"\xff\x0a" + bytes(100), "image/jxl"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100), "image/jxl"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<svg />", "image/svg+xml"),
        (b"\0\0\1\0\1\0" + bytes(100), "image/x-icon"),
        (b"P6\n1 1\n255\n\0\0\0", "image/x-portable-anymap"),
        (b"8BPS\0\1" + bytes(100), "image/vnd.adobe.photoshop"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "application/postscript"),
    ],
)
def test_a_format_that_is_not_read_is_named(sandbox: Sandbox, content: bytes, kind: str) -> None:
    """A picture in a format that the sandbox cannot draw is told by its media type."""
    image = {"image": base64.b64encode(content).decode()}
    (found,) = details(sandbox, CONTAINER_EDIT, {"prompt": "p", "image": image})
    assert found["msg"] == f"Value error, the sandbox does not read {kind}"


@pytest.mark.parametrize("kind", ["PNG", "AVIF", "JPEG2000"])
def test_a_picture_that_is_cut(sandbox: Sandbox, kind: str) -> None:
    """The beginning of a picture is none, whatever its format."""
    text = encoded(Image.effect_noise((64, 64), 90).convert("RGB"), kind)
    image = {"image": text[: len(text) // 8 * 4]}
    (found,) = details(sandbox, CONTAINER_EDIT, {"prompt": "p", "image": image})
    assert found["msg"] == "Value error, not a picture that can be decoded"


def test_edit_of_nothing(sandbox: Sandbox) -> None:
    """An empty list of pictures leaves nothing to edit."""
    (found,) = details(sandbox, CONTAINER_EDIT, {"prompt": "p", "image": []})
    assert (found["type"], found["loc"]) == ("too_short", ["body", "image"])


def test_image_over_50_mib(sandbox: Sandbox) -> None:
    """A picture of more than 50 MiB is a 413."""
    image = "A" * (70 * 1024 * 1024)
    response = post(sandbox, CONTAINER_EDIT, {"prompt": "p", "image": {"image": image}})
    assert response.status_code == 413
