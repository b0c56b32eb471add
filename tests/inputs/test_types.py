"""What type checkers accept is sent: this file is checked, and run."""

import array
import base64
import collections
import gzip
import io
import mmap
import types
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image

from friendli_facade import ValidationError, models
from tests.samples import PNG, PNG_BASE64
from tests.transports import Wire, right


@contextmanager
def sources(path: Path) -> Generator[list[models.ImageSource]]:
    """Everything that `models.ImageSource` holds, each the same picture."""
    path.write_bytes(PNG)
    path.with_suffix(".gz").write_bytes(gzip.compress(PNG))
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        mapped = stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        mapped.seek(5)
        yield [
            path,
            PNG,
            bytearray(PNG),
            memoryview(PNG),
            mapped,
            file,
            stack.enter_context(path.open("rb", buffering=0)),
            stack.enter_context(gzip.open(path.with_suffix(".gz"))),
            io.BytesIO(PNG),
            PNG_BASE64,
            "data:image/png;base64," + PNG_BASE64,
            {"image": PNG_BASE64},
            models.ImageInput(image=PNG_BASE64),
            stack.enter_context(Image.open(path)),
        ]


def test_every_image_source_is_sent(tmp_path: Path) -> None:
    """Each kind of `ImageSource`, alone and in a list, is the picture that it holds."""
    wire = Wire(right)
    friendli = wire.sync()
    with sources(tmp_path / "cat.png") as each:
        for source in each:
            friendli.container.image.edit(image=source, prompt="p")
    with sources(tmp_path / "cat.png") as each:
        friendli.container.image.edit(image=each, prompt="p")
        count = len(each)
    alone = [body["image"] for body in wire.bodies[:count]]
    assert wire.bodies[count]["image"] == alone
    for sent in alone:
        text = sent["image"].removeprefix("data:image/png;base64,")
        with Image.open(io.BytesIO(base64.b64decode(text))) as image:
            assert (image.size, image.getpixel((0, 0))) == ((4, 3), (200, 30, 90))


LISTS: list[Sequence[models.ImageSource]] = [
    [PNG, PNG_BASE64],
    (PNG, PNG_BASE64),
    collections.deque([PNG, PNG_BASE64]),
    collections.UserList([PNG, PNG_BASE64]),
]


@pytest.mark.parametrize("images", LISTS, ids=lambda images: type(images).__name__)
def test_every_sequence_of_pictures_is_a_list(images: Sequence[models.ImageSource]) -> None:
    """Any sequence of pictures is sent as the list that it is."""
    wire = Wire(right)
    wire.sync().container.image.edit(image=images, prompt="p")
    wire.sync().container.image.generate(control_images=images, prompt="p")
    assert wire.bodies[0]["image"] == [{"image": PNG_BASE64}] * 2
    assert wire.bodies[1]["control_images"] == [{"image": PNG_BASE64}] * 2


WEIGHTS: list[Sequence[float]] = [
    [0, 1],
    (0, 1),
    range(2),
    collections.deque([0.0, 1.0]),
    collections.UserList([0, 1]),
    array.array("d", [0, 1]),
]


@pytest.mark.parametrize("weights", WEIGHTS, ids=lambda weights: type(weights).__name__)
def test_every_sequence_of_numbers_is_a_list(weights: Sequence[float]) -> None:
    """Any sequence of numbers is sent as the list that it is."""
    wire = Wire(right)
    wire.sync().container.image.generate(
        prompt="p", control_images=[PNG, PNG], controlnet_weights=weights
    )
    assert wire.bodies[0]["controlnet_weights"] == [0, 1]


HEADERS: list[Mapping[str, str]] = [
    {"x-trace": "1"},
    types.MappingProxyType({"x-trace": "1"}),
    collections.UserDict({"x-trace": "1"}),
    collections.ChainMap({"x-trace": "1"}),
    httpx.Headers({"x-trace": "1"}),
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: type(headers).__name__)
def test_every_mapping_of_headers_is_sent(headers: Mapping[str, str]) -> None:
    """Any mapping of strings is taken as headers."""
    wire = Wire(right)
    wire.sync().container.image.generate(prompt="p", http_headers=headers)
    assert wire.requests[0].headers["x-trace"] == "1"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({1: "x"}, "http_headers[1] must be a header name as HTTP has it"),
        ({b"Content-Length": "5"}, "http_headers[<14 bytes>] must be a header name as HTTP has it"),
        ({"x": 5}, "http_headers['x'] must be a string, not int"),
        ([("Authorization", "Bearer flp_x")], "http_headers must be a mapping of names to values"),
        ({f"x-{n}": "1" for n in range(1001)}, "http_headers must be at most 1000 headers"),
    ],
)
def test_headers_that_are_no_strings_are_refused(headers: object, said: str) -> None:
    """A name or value that is no string is refused, and none of the values is shown."""
    wire = Wire(right)
    with pytest.raises(ValidationError) as refused:
        wire.sync().container.image.generate(prompt="p", http_headers=headers)  # type: ignore[arg-type]  # pyright: ignore
    assert said in str(refused.value)
    assert "flp_x" not in str(refused.value)
    assert wire.requests == []
