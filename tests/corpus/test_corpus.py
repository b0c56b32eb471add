"""Real files in every form: bytes arrive as they are, and PIL images as they look."""

import base64
import io
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps

from friendli_facade import SyncFriendli, UnprocessableEntityError
from friendli_facade.sandbox import Sandbox
from friendli_facade.sandbox._pictures.decoding import decoded
from tests.corpus.pictures import TURNED, corpus, drawing, file, truncated, turned
from tests.inputs.sending import refusal, sent
from tests.inputs.test_every_form import FORMS
from tests.transports import Wire, right

ANY_SIZE = 1 << 30


def viewed(content: bytes) -> Image.Image:
    """What a viewer shows of a file: upright, in eight bits a channel, with what is clear clear."""
    with Image.open(io.BytesIO(content)) as stored:
        image = ImageOps.exif_transpose(stored)
    if image.mode.startswith("I;16"):
        shades = struct.unpack(f"<{image.width * image.height}H", image.tobytes())
        gray = Image.frombytes("L", image.size, bytes(round(shade / 257) for shade in shades))
        return gray.convert("RGBA")
    if image.mode == "CMYK":
        image = image.convert("RGB")
    return image.convert("RGBA")


def difference(one: Image.Image, other: Image.Image) -> int:
    """The most by which a channel of what can be seen differs; 256 where the sizes do."""
    if one.size != other.size:
        return 256
    most = 0
    for ground in ((0, 0, 0, 255), (255, 255, 255, 255)):
        pair = [Image.alpha_composite(Image.new("RGBA", x.size, ground), x) for x in (one, other)]
        extrema: Any = ImageChops.difference(*pair).getextrema()
        most = max(most, *(high for _, high in extrema))
    return most


@pytest.mark.parametrize("name", corpus())
def test_a_file_is_sent_as_it_is(name: str, tmp_path: Path) -> None:
    """In every form that holds its bytes, those bytes arrive, and no other."""
    content, wire = corpus()[name], Wire(right)
    with wire.sync() as friendli:
        for form in FORMS.values():
            given = form(content, tmp_path)
            friendli.container.image.edit(image=given, prompt="p")
            if isinstance(given, io.IOBase):
                given.close()
    lists: list[list[dict[str, str]]] = [
        body["image"] if name == "a list" else [body["image"]]
        for name, body in zip(FORMS, wire.bodies, strict=True)
    ]
    texts = [image["image"] for images in lists for image in images]
    assert len(texts) == len(FORMS)
    assert {base64.b64decode(text.split(",")[-1], validate=True) for text in texts} == {content}


@pytest.mark.parametrize("name", corpus())
def test_a_pil_image_is_sent_as_it_looks(name: str) -> None:
    """The server sees what a viewer shows of the file."""
    content = corpus()[name]
    with Image.open(io.BytesIO(content)) as image:
        arrived = sent(image)
    assert difference(viewed(arrived), viewed(content)) <= 1


@pytest.mark.parametrize("name", corpus())
def test_the_sandbox_sees_what_a_viewer_shows(name: str) -> None:
    """Of the file itself, and of the PIL image that was opened from it, over the wire."""
    content, expected = corpus()[name], viewed(corpus()[name])
    expected.thumbnail((2048, 2048))  # the longest that it draws
    with Image.open(io.BytesIO(content)) as image:
        arrived = sent(image)
    for given in (content, arrived):
        seen, _ = decoded(given, ANY_SIZE)
        if max(viewed(content).size) > 2048:
            assert seen.size == expected.size
        else:
            assert difference(seen.convert("RGBA"), expected) <= 2


@pytest.mark.parametrize("kind", TURNED)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_drawing_arrives_as_its_orientation_says(kind: str, orientation: int) -> None:
    """One drawing, stored alike, arrives in each of eight positions (Exif, 4.6.4 A)."""
    turns: dict[int, Image.Transpose] = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    expected = drawing().transpose(turns[orientation]) if orientation > 1 else drawing()
    with Image.open(io.BytesIO(turned(kind, orientation))) as image:
        arrived = viewed(sent(image))
    assert difference(arrived, expected.convert("RGBA")) <= (8 if kind == "JPEG" else 0)


@pytest.mark.parametrize("name", truncated())
def test_half_a_file_is_refused(name: str) -> None:
    """As bytes, which nobody here looks into so far, by the server; as a PIL image, at once."""
    content = truncated()[name]
    assert sent(content) == content
    with (
        Sandbox().http_client() as http,
        SyncFriendli(http_client=http) as friendli,
        pytest.raises(UnprocessableEntityError, match="not a picture that can be decoded"),
    ):
        friendli.container.image.edit(image=content, prompt="p")
    try:
        image = Image.open(io.BytesIO(content))
    except OSError:
        return  # as far as it did not get with Pillow
    with image:
        assert "must be a picture that Pillow can read and write as PNG" in refusal(image)


def test_a_bare_stream_of_jpeg_2000_is_a_pil_image_or_text() -> None:
    """As bytes it is refused, as what no JP2 file begins with."""
    content = file(drawing(), "JPEG2000", no_jp2=True)
    assert "must be a picture (PNG, JPEG, " in refusal(content)
    assert sent({"image": base64.b64encode(content).decode()}) == content
    with Image.open(io.BytesIO(content)) as image:
        assert difference(viewed(sent(image)), drawing().convert("RGBA")) <= 1
