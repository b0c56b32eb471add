"""Results: what can be done with a picture."""

import base64
import io
from pathlib import Path

import httpx
import pytest
from PIL import Image as PillowImage

from friendli_facade import DownloadError, InvalidResponseError, models
from tests.samples import PNG, PNG_BASE64
from tests.transports import Wire, always, right

URL = "https://storage.example.com/cat.png?signature=secret"
URL_ITEM = {"seed": 7, "response_format": "url", "url": URL}
PNG_ITEM = {"seed": 8, "response_format": "png", "b64_json": PNG_BASE64}


def with_items(*items: object) -> Wire:
    """A wire on which Friendli answers with the items, and the storage host with a PNG."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, content=PNG)
        return httpx.Response(200, json={"data": items})

    return Wire(handler)


def generate(wire: Wire) -> models.DedicatedImageGenerateSuccess:
    """The wire's result."""
    return wire.sync().dedicated.image.generate(model="m", prompt="p")


def test_a_dedicated_result_has_the_documented_shape() -> None:
    """`data` and `images` are the same pictures, of URLs and base64 alike."""
    result = generate(with_items(URL_ITEM, PNG_ITEM))
    first, second = result.images
    assert result.data is result.images
    assert (first.seed, first.response_format, first.url, first.b64_json) == (7, "url", URL, None)
    assert (second.seed, second.response_format, second.url) == (8, "png", None)
    assert second.b64_json == PNG_BASE64
    assert second.media_type == "image/png"


def test_an_answer_without_a_picture_is_no_result() -> None:
    """It may be paid for, and whoever takes the first picture is told what came."""
    with pytest.raises(InvalidResponseError, match="it has no picture") as failed:
        generate(with_items())
    assert (failed.value.ambiguous, failed.value.body) == (True, b'{"data":[]}')


def test_a_container_result_has_the_documented_shape() -> None:
    """`image` is the base64 text; seed and format are those that were asked for."""
    result = Wire(right).sync().container.image.generate(prompt="p", seed=0, response_format="raw")
    assert result.image == PNG_BASE64
    assert result.to_dict() == {"image": PNG_BASE64}
    (image,) = result.images
    assert (image.seed, image.response_format, image.read()) == (0, "raw", PNG)


def test_a_result_is_told_in_the_shape_of_the_wire() -> None:
    """Of a picture at a URL its URL, of another its base64; each has the class of its kind."""
    result = generate(with_items(URL_ITEM, PNG_ITEM))
    assert result.to_dict() == {"data": [URL_ITEM, PNG_ITEM]}
    assert [type(image) for image in result.images] == [models.URLImageItem, models.B64ImageItem]
    container = Wire(right).sync().container.image.generate(prompt="p")
    assert container.to_dict() == {"image": PNG_BASE64}
    assert repr(container) == (
        "ContainerImageGenerateSuccess(images=(Image(seed=None, response_format=None, "
        f"<image/png, {len(PNG)} bytes>),))"
    )


def test_nulls_beside_the_picture_do_not_hide_it() -> None:
    """An item whose `url` is null is read by its base64."""
    (image,) = generate(with_items({**PNG_ITEM, "url": None})).images
    assert image.read() == PNG


def test_unknown_formats_and_further_fields_are_no_error() -> None:
    """An answer that is newer than the contract is still a result."""
    item = {**PNG_ITEM, "response_format": "avif", "nsfw": False}
    (image,) = generate(with_items(item)).images
    assert image.response_format == "avif"


def test_a_url_is_downloaded_once_and_without_the_token() -> None:
    """`read` fetches the picture by a plain GET, and keeps it."""
    wire = with_items(URL_ITEM)
    (image,) = generate(wire).images
    assert (image.media_type, image.read(), image.read()) == (None, PNG, PNG)
    assert image.media_type == "image/png"
    _, download = wire.requests
    assert (download.method, str(download.url)) == ("GET", URL)
    assert "authorization" not in download.headers


async def test_an_async_picture_is_awaited() -> None:
    """Pictures of AsyncFriendli have `aread`, `asave` and `ato_pil`."""
    wire = with_items(URL_ITEM)
    result = await wire.asynchronous().dedicated.image.generate(model="m", prompt="p")
    (image,) = result.images
    with pytest.raises(DownloadError, match="await its aread"):
        image.read()
    assert await image.aread() == PNG
    assert image.read() == PNG


async def test_async_pictures_are_saved_and_opened(tmp_path: Path) -> None:
    """`asave` and `ato_pil` do what `save` and `to_pil` do."""
    wire = with_items(PNG_ITEM)
    result = await wire.asynchronous().dedicated.image.generate(model="m", prompt="p")
    (image,) = result.images
    assert await image.asave(tmp_path / "cat") == tmp_path / "cat.png"
    assert (tmp_path / "cat.png").read_bytes() == PNG
    with pytest.raises(FileExistsError, match="pass overwrite=True"):
        await image.asave(tmp_path / "cat")
    assert (await image.ato_pil()).size == (4, 3)


def test_a_failed_download_says_what_came() -> None:
    """A status other than 200 is a DownloadError; the signature in the URL is not shown."""

    def handler(request: httpx.Request) -> httpx.Response:
        gone = request.method == "GET"
        return httpx.Response(403) if gone else httpx.Response(200, json={"data": [URL_ITEM]})

    with pytest.raises(DownloadError) as failed:
        generate(Wire(handler)).images[0].read()
    assert str(failed.value) == (
        "the picture at https://storage.example.com/cat.png could not be fetched: the storage host "
        "answered 403 Forbidden; the URL may have expired"
    )


def test_save_names_a_picture_in_a_directory_by_its_seed(tmp_path: Path) -> None:
    """A directory is where the picture goes, not its name."""
    (image,) = generate(with_items(PNG_ITEM)).images
    assert image.save(str(tmp_path)) == tmp_path / "image-8.png"


def test_save_overwrites_only_when_told(tmp_path: Path) -> None:
    """An existing file is an error, unless `overwrite`; nothing else is left behind."""
    (image,) = generate(with_items(PNG_ITEM)).images
    path = tmp_path / "cat.png"
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError, match="pass overwrite=True"):
        image.save(path)
    assert path.read_bytes() == b"precious"
    assert image.save(path, overwrite=True).read_bytes() == PNG
    assert list(tmp_path.iterdir()) == [path]


def test_to_pil_gives_a_loaded_image() -> None:
    """`to_pil` is a Pillow image of the picture."""
    (image,) = generate(with_items(PNG_ITEM)).images
    assert image.to_pil().size == PillowImage.open(io.BytesIO(PNG)).size


def test_a_repr_is_short() -> None:
    """Printing a result tells what it holds, without the picture's bytes."""
    assert repr(generate(with_items(PNG_ITEM))) == (
        "DedicatedImageGenerateSuccess(images=(Image(seed=8, response_format='png', "
        f"<image/png, {len(PNG)} bytes>),))"
    )


def test_base64_with_line_breaks_or_as_a_data_url_is_understood() -> None:
    """Base64 in the forms that servers use is decoded."""
    broken = base64.encodebytes(PNG).decode()
    items = [{**PNG_ITEM, "b64_json": text} for text in (broken, "data:image/png;base64," + broken)]
    assert [image.read() for image in generate(with_items(*items)).images] == [PNG, PNG]


BROKEN = {
    "no base64": "?",
    "nothing": "",
    "missing padding": "abc",
    "garbage within": PNG_BASE64[:40] + "!" + PNG_BASE64[40:],
    "garbage between lines": PNG_BASE64[:40] + "\n*\n" + PNG_BASE64[40:],
    "garbage behind": PNG_BASE64 + "#",
    "padding within": "QQ==" + PNG_BASE64,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_base64_that_is_none_is_an_error_that_keeps_the_body(text: str) -> None:
    """A picture that cannot be decoded is reported, with the whole answer."""
    with pytest.raises(InvalidResponseError, match="a picture is not base64") as failed:
        generate(with_items({**PNG_ITEM, "b64_json": text}))
    assert b"b64_json" in failed.value.body


@pytest.mark.parametrize(
    "answer",
    [
        always(200, content=b"<html>"),
        always(200, content=b""),
        always(200, content=b"\xff\xfe"),
        always(200, json=[]),
        always(200, json={"data": {}}),
        always(200, json={"data": [{"seed": 1}]}),
        always(200, json={"data": [{"response_format": "png", "b64_json": "aGk="}]}),
        always(200, content=b"[" * 100_000),
    ],
)
def test_an_answer_of_another_shape_is_an_error_that_keeps_the_body(answer: object) -> None:
    """A 200 that is not the contract's is an InvalidResponseError."""
    wire = Wire(answer)  # type: ignore[arg-type]
    with pytest.raises(InvalidResponseError) as failed:
        generate(wire)
    assert failed.value.body == wire.handler(wire.requests[0]).content
    assert failed.value.status_code == 200
    assert len(str(failed.value)) < 700


def test_a_repr_hides_what_a_url_may_be_signed_with() -> None:
    """Neither a query nor a password is shown; `url` has them, and a notebook's `<img>`."""
    url = "https://user:hunter2@storage.example.com/cat.png?signature=s3cret#s3cret"
    result = generate(with_items({**URL_ITEM, "url": url}))
    shown = "Image(seed=7, response_format='url', url='https://storage.example.com/cat.png')"
    assert repr(result) == f"DedicatedImageGenerateSuccess(images=({shown},))"
    assert result.images[0].url == url
    odd = generate(with_items({**URL_ITEM, "url": "http://[::1/cat.png?signature=s3cret"})).images[
        0
    ]
    assert "s3cret" not in repr(odd)


@pytest.mark.parametrize(
    ("commas", "words"),
    [(100_000, "the body is not as the contract has it: "), (100_001, "more than 100000 values")],
)
def test_a_body_of_many_values_is_refused_before_it_is_parsed(commas: int, words: str) -> None:
    """A hundred megabytes of small values would take gigabytes."""
    body = b'{"data":[' + b"0," * commas + b"0]}"
    with pytest.raises(InvalidResponseError, match=words) as failed:
        generate(Wire(always(200, content=body)))
    assert failed.value.body == body


def test_an_answer_that_breaks_many_rules_is_told_by_the_first() -> None:
    """The others are in its body."""
    body = {"data": [{**PNG_ITEM, "seed": "x"}, {**PNG_ITEM, "b64_json": 7}]}
    with pytest.raises(InvalidResponseError, match=r"contract has it: data\[0\]\.seed") as failed:
        generate(Wire(always(200, json=body)))
    assert "data[1]" not in failed.value.reason
