"""Everything that a caller may call a picture."""

import base64
import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from friendli_facade import SyncFriendli, ValidationError, models
from friendli_facade._inputs.conversion import MAX_IMAGE_BYTES
from tests.samples import JPEG, PNG, PNG_BASE64, picture
from tests.transports import Wire, right


@pytest.fixture
def wire() -> Wire:
    return Wire(right)


def sent(wire: Wire, image: Any) -> str:
    """The text under which a picture went over the wire."""
    wire.sync().container.image.edit(image=image, prompt="p")
    text: str = wire.bodies[-1]["image"]["image"]
    return text


def refusal(wire: Wire, image: Any) -> str:
    """The words with which a picture is refused; nothing must have been sent."""
    with pytest.raises(ValidationError) as refused:
        wire.sync().container.image.edit(image=image, prompt="p")
    assert wire.requests == []
    return str(refused.value)


def test_a_path_is_read_and_sent_as_base64(wire: Wire, tmp_path: Path) -> None:
    """A `pathlib.Path` is the file's content."""
    path = tmp_path / "cat.jpg"
    path.write_bytes(JPEG)
    assert base64.b64decode(sent(wire, path)) == JPEG


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_sent_as_base64(wire: Wire, kind: Any) -> None:
    """Bytes of any kind are the picture itself."""
    assert base64.b64decode(sent(wire, kind(PNG))) == PNG


def test_a_binary_file_is_read_from_where_it_stands(wire: Wire) -> None:
    """A file object gives what is left to read of it."""
    file = io.BytesIO(b"skipped" + PNG)
    file.seek(len(b"skipped"))
    assert base64.b64decode(sent(wire, file)) == PNG


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "F", "I"])
def test_a_pillow_image_of_any_mode_is_sent_as_png(wire: Wire, mode: str) -> None:
    """A PIL image becomes a PNG of the same size."""
    content = base64.b64decode(sent(wire, Image.new(mode, (5, 2))))
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == ("PNG", (5, 2))


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
def test_urls_and_base64_texts_are_sent_as_they_are(wire: Wire, text: str) -> None:
    """URLs, base64 and data URLs go through unchanged."""
    assert sent(wire, text) == text


@pytest.mark.parametrize("image", [{"image": "@/any/text"}, models.ImageInput(image="@/any/text")])
def test_an_image_input_goes_through_as_it_is(wire: Wire, image: Any) -> None:
    """`{"image": ...}` and `ImageInput` are the caller's own words to the server."""
    assert sent(wire, image) == "@/any/text"


def test_an_edit_takes_a_list_of_any_of_them(wire: Wire, tmp_path: Path) -> None:
    """A list, or a tuple, mixes every kind, and keeps its order."""
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)
    images: tuple[models.ImageSource, ...]
    images = (path, PNG, io.BytesIO(PNG), PNG_BASE64, {"image": PNG_BASE64})
    wire.sync().container.image.edit(image=images, prompt="p")
    assert wire.bodies[0]["image"] == [{"image": PNG_BASE64}] * 5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000"])
def test_every_usual_kind_of_picture_is_known(wire: Wire, kind: str) -> None:
    """The content decides what a picture is, not a name."""
    content = picture(kind, (16, 16))
    assert base64.b64decode(sent(wire, content)) == content


@pytest.mark.parametrize("text", ["cat.png", "./cat", "/tmp/cat.png", "C:\\cat.png", "~/cat.jpeg"])
def test_a_string_is_never_opened_and_a_path_gets_a_hint(
    wire: Wire, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A string that looks like a path is refused, even where such a file exists."""
    monkeypatch.chdir(tmp_path)
    Path("cat.png").write_bytes(PNG)
    said = refusal(wire, text)
    assert "image must be an http(s) URL, base64" in said
    assert "pass pathlib.Path(...)" in said
    assert repr(text) in said


@pytest.mark.parametrize("text", ["", "cat", "Zm9v", "not base64!", "ftp://example.com/cat.png"])
def test_a_string_that_is_no_picture_is_refused(wire: Wire, text: str) -> None:
    """Text that is neither URL, data URL nor base64 of a picture is refused."""
    assert "must be an http(s) URL, base64 of a picture or a data URL" in refusal(wire, text)


@pytest.mark.parametrize("text", ["https://", "http:///cat.png", "https://exa mple.com/cat.png"])
def test_a_url_without_a_host_is_refused(wire: Wire, text: str) -> None:
    """A URL needs a host, and no white space."""
    assert "must be a URL with a host" in refusal(wire, text)


def test_files_that_cannot_be_pictures_are_refused(wire: Wire, tmp_path: Path) -> None:
    """Missing, a directory, no regular file, empty, no picture: each in its own words."""
    empty, text, pipe = tmp_path / "empty.png", tmp_path / "text.png", tmp_path / "pipe"
    empty.touch()
    text.write_text("no picture")
    os.mkfifo(pipe)
    expected = {
        tmp_path / "none.png": "image must be a file that exists",
        tmp_path: "image must be a file, and this is a directory",
        pipe: "image must be a readable file (it is no regular file)",
        empty: "image must be a picture",
        text: "image must be a picture",
    }
    assert {path: refusal(wire, path)[: len(expected[path])] for path in expected} == expected


def test_a_file_without_permission_is_refused(
    wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that may not be read is refused, with the system's reason."""
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "must be a readable file ([Errno 13] Permission denied)" in refusal(wire, path)


def test_a_text_file_and_an_exhausted_file_are_refused(wire: Wire, tmp_path: Path) -> None:
    """A file must be binary, and have something left to read."""
    path = tmp_path / "cat.txt"
    path.write_text("cat")
    with path.open() as file:
        assert 'must be a binary file: open it with "rb"' in refusal(wire, file)
    used = io.BytesIO(PNG)
    used.read()
    assert "call its seek(0) first" in refusal(wire, used)


def test_a_closed_file_is_refused(wire: Wire) -> None:
    """A file that was closed is refused, and not raised at the caller as ValueError."""
    file = io.BytesIO(PNG)
    file.close()
    assert "image must be readable" in refusal(wire, file)


@pytest.mark.parametrize("past", [0, 1])
def test_fifty_mebibytes_are_the_most(wire: Wire, past: int, tmp_path: Path) -> None:
    """Exactly 50 MiB are sent; a byte more is refused, in every form that can be measured."""
    content = PNG + bytes(MAX_IMAGE_BYTES - len(PNG) + past)
    text = base64.b64encode(content).decode()
    path = tmp_path / "large.png"
    path.write_bytes(content)
    forms: list[Any] = [path, content, io.BytesIO(content), text, f"data:image/png;base64,{text}"]
    forms += [{"image": text}, models.ImageInput(image=text)]
    for form in forms:
        if past:
            said = refusal(wire, form)
            assert "must hold at most 50 MiB (52428800 bytes)" in said
            assert len(said) < 500
        else:
            wire.requests.clear()
            wire.sync().container.image.edit(image=form, prompt="p")
            assert len(wire.requests) == 1


def test_an_empty_list_of_pictures_is_refused(wire: Wire) -> None:
    """An edit of no picture is refused."""
    assert refusal(wire, []) == "image must hold at least one picture, not []"


def test_a_refused_value_is_shortened(wire: Wire) -> None:
    """No error shows a whole image."""
    assert len(refusal(wire, "A" * 10_000_000)) < 300
    assert "<1000000 bytes>" in refusal(wire, bytes(1_000_000))


def test_pictures_are_checked_together_with_everything_else() -> None:
    """All violations come in one error, pictures among them, each with its path."""
    with pytest.raises(ValidationError) as refused:
        SyncFriendli(token="t").dedicated.image.generate(
            model="m", prompt="p", num_inference_steps=51, control_images=[PNG, "cat.png"]
        )
    assert [violation.argument for violation in refused.value.violations] == [
        "control_images[1]",
        "num_inference_steps",
    ]
