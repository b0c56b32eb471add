"""Everything that a caller may call a picture."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest

from friendli_facade import SyncFriendli, ValidationError, models
from friendli_facade._inputs.sizes import MAX_IMAGE_BYTES
from tests.inputs.sending import refusal, sent, sent_text
from tests.samples import JPEG, PNG, PNG_BASE64, picture
from tests.transports import Wire, right


def test_a_path_is_read_and_sent_as_base64(tmp_path: Path) -> None:
    """A `pathlib.Path` is the file's content."""
    path = tmp_path / "cat.jpg"
    path.write_bytes(JPEG)
    assert sent(path) == JPEG


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_sent_as_base64(kind: Any) -> None:
    """Bytes of any kind are the picture itself."""
    assert sent(kind(PNG)) == PNG


@pytest.mark.parametrize("image", [{"image": "@/any/text"}, models.ImageInput(image="@/any/text")])
def test_an_image_input_goes_through_as_it_is(image: Any) -> None:
    """`{"image": ...}` and `ImageInput` are the caller's own words to the server."""
    assert sent_text(image) == "@/any/text"


def test_an_edit_takes_a_list_of_any_of_them(tmp_path: Path) -> None:
    """A list, or a tuple, mixes every kind, and keeps its order."""
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)
    images: tuple[models.ImageSource, ...]
    images = (path, PNG, io.BytesIO(PNG), PNG_BASE64, {"image": PNG_BASE64})
    wire = Wire(right)
    wire.sync().container.image.edit(image=images, prompt="p")
    assert wire.bodies[0]["image"] == [{"image": PNG_BASE64}] * 5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000"])
def test_every_usual_kind_of_picture_is_known(kind: str) -> None:
    """The content decides what a picture is, not a name."""
    content = picture(kind, (16, 16))
    assert sent(content) == content


@pytest.mark.parametrize("past", [0, 1])
def test_fifty_mebibytes_are_the_most(past: int, tmp_path: Path) -> None:
    """Exactly 50 MiB are sent; a byte more is refused, in every form that can be measured."""
    content = PNG + bytes(MAX_IMAGE_BYTES - len(PNG) + past)
    text = base64.b64encode(content).decode()
    path = tmp_path / "large.png"
    path.write_bytes(content)
    forms: list[Any] = [path, content, io.BytesIO(content), text, f"data:image/png;base64,{text}"]
    forms += [{"image": text}, models.ImageInput(image=text)]
    for form in forms:
        if past:
            said = refusal(form)
            assert "must hold at most 50 MiB (52428800 bytes)" in said
            assert len(said) < 500
        else:
            assert sent_text(form).endswith(text)


def test_an_empty_list_of_pictures_is_refused() -> None:
    """An edit of no picture is refused."""
    assert refusal([]) == "image must hold at least one picture, not []"


def test_a_refused_value_is_shortened() -> None:
    """No error shows a whole image."""
    assert len(refusal("A" * 10_000_000)) < 300
    assert "<1000000 bytes>" in refusal(bytes(1_000_000))


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
