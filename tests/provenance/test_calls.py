"""Results, pictures and errors that know their call, and none of its secrets."""

import base64
import copy
import gc
import hashlib
import io
import json
import pickle
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image as PillowImage

from friendli_facade import (
    APIConnectionError,
    InvalidResponseError,
    RateLimitError,
    models,
)
from friendli_facade.utils import RetryConfig
from tests.conftest import Clock
from tests.images.wires import item
from tests.samples import PNG, PNG_BASE64, answer
from tests.transports import Wire, always, right

SECRET = "s3cret-that-is-nowhere"
SHA256 = hashlib.sha256(PNG).hexdigest()
UPLOADED = {"media_type": "image/png", "size": len(PNG), "sha256": SHA256}


def edited(image: Any, **others: Any) -> models.DedicatedImageGenerateSuccess:
    """The result of an edit."""
    friendli = Wire(right).sync()
    return friendli.dedicated.image.edit(image=image, prompt="p", model="m", **others)


def test_a_result_and_its_pictures_know_their_call(clock: Clock) -> None:
    """Operation, body, model, headers, request id, attempts and seconds; a picture has them too."""
    busy = [httpx.Response(503, headers={"Retry-After": "2"})]
    headers = {"X-Request-Id": "req-1", "X-Own": "a"}
    wire = Wire(
        lambda request: (
            busy.pop()
            if busy
            else httpx.Response(200, headers=headers, json=answer(request.url.path))
        )
    )
    result = wire.sync(retries=RetryConfig()).dedicated.image.generate(
        model="m", prompt="A kite", seed=3, guidance_scale=None
    )
    body = {"model": "m", "prompt": "A kite", "seed": 3, "guidance_scale": None}
    assert result.request == models.Request("dedicatedImagesGenerate", body)
    assert (result.model, result.request_id, result.attempts) == ("m", "req-1", 2)
    assert result.headers["x-own"] == "a"
    assert result.elapsed == sum(clock.sleeps) > 0
    assert [image.call for image in result.images] == [result.call]


def test_a_container_result_knows_what_was_left_out() -> None:
    """What nobody asked for is not made up."""
    result = Wire(right).sync().container.image.generate(prompt="p")
    assert result.request == models.Request("containerImagesGenerate", {"prompt": "p"})
    assert (result.model, result.request_id, result.attempts) == (None, None, 1)
    assert (result.request.is_edit, result.request.pictures) == (False, ())


@pytest.mark.parametrize("name", ["X-Request-ID", "request-id", "x-correlation-id"])
def test_an_error_has_the_request_id_of_its_answer(name: str) -> None:
    """For those whom the server's owner is asked; an error without an answer has none."""
    with pytest.raises(RateLimitError) as failed:
        Wire(always(429, headers={name: "req-7"})).sync().container.image.generate(prompt="p")
    assert failed.value.request_id == "req-7"
    assert pickle.loads(pickle.dumps(failed.value)).request_id == "req-7"
    with pytest.raises(RateLimitError) as failed:
        Wire(always(429, headers={name: ""})).sync().container.image.generate(prompt="p")
    assert failed.value.request_id is None
    assert APIConnectionError("GET", "http://a", "no").request_id is None


def test_pictures_that_came_before_a_failure_know_their_call() -> None:
    """What is rescued can be told apart, too."""
    items = [item(PNG), {"seed": 8}]
    broken = always(200, json={"data": items}, headers={"X-Request-Id": "req-2"})
    with pytest.raises(InvalidResponseError) as failed:
        Wire(broken).sync().dedicated.image.generate(model="m", prompt="A kite")
    (image,) = failed.value.images
    assert image.call.request.body["prompt"] == "A kite"
    assert (image.call.request_id, image.call.attempts) == ("req-2", 1)


def _path(folder: Path) -> Path:
    (folder / "cat.png").write_bytes(PNG)
    return folder / "cat.png"


class OneShot(io.RawIOBase):
    """A stream that cannot seek."""

    def __init__(self) -> None:
        self._left = io.BytesIO(PNG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._left.readinto(buffer)


LOCAL: dict[str, Callable[[Path], Any]] = {
    "path": _path,
    "bytes": lambda _: PNG,
    "bytearray": lambda _: bytearray(PNG),
    "stream": lambda _: io.BytesIO(PNG),
    "stream that cannot seek": lambda _: OneShot(),
    "base64": lambda _: PNG_BASE64,
    "data URL": lambda _: f"data:image/png;base64,{PNG_BASE64}",
    "object": lambda _: {"image": PNG_BASE64},
    "ImageInput": lambda _: models.ImageInput(image=PNG_BASE64),
}


@pytest.mark.parametrize("make", LOCAL.values(), ids=LOCAL)
def test_an_upload_is_told_by_its_digest(make: Callable[[Path], Any], tmp_path: Path) -> None:
    """Media type, bytes and sha256 stand for it, however it was given."""
    result = edited([make(tmp_path), "https://example.com/a.png"])
    assert result.request.body["image"] == [
        {"image": UPLOADED},
        {"image": "https://example.com/a.png"},
    ]
    assert result.request.pictures == (
        models.RequestPicture("image[0]", "image/png", len(PNG), SHA256),
        models.RequestPicture("image[1]", url="https://example.com/a.png"),
    )
    assert result.request.arguments == {"prompt": "p", "model": "m"}
    assert result.request.is_edit


def test_a_pil_image_is_told_by_what_was_sent() -> None:
    """Its PNG is what the server saw."""
    wire = Wire(right)
    given = PillowImage.new("RGB", (3, 4), "red")
    result = wire.sync().container.image.edit(image=given, prompt="p")
    sent = base64.b64decode(json.loads(b"".join(wire.requests[0].stream))["image"]["image"])  # type: ignore[arg-type]
    (picture,) = result.request.pictures
    assert picture.argument == "image"
    assert (picture.size, picture.sha256) == (len(sent), hashlib.sha256(sent).hexdigest())


def test_what_is_no_base64_has_a_digest_of_its_text() -> None:
    """`{"image": ...}` goes through as it is, and its text is not repeated."""
    (picture,) = edited({"image": "asset 7"}).request.pictures
    digest = hashlib.sha256(b"asset 7").hexdigest()
    assert picture == models.RequestPicture("image", None, 7, digest)


@pytest.mark.parametrize("change", ["written", "gone"])
def test_a_file_that_changed_has_no_digest(change: str, tmp_path: Path) -> None:
    """It is computed when it is asked for; of another file it would be a lie."""
    path = _path(tmp_path)
    result = edited(path)
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(PNG + b"\0")
    (picture,) = result.request.pictures
    assert (picture.media_type, picture.size, picture.sha256) == ("image/png", len(PNG), None)


def test_a_digest_costs_nothing_until_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files and bytes are read a second time for it, and only once."""
    path, computed = _path(tmp_path), list[bytes]()
    plain = hashlib.sha256

    def noted(content: bytes = b"") -> Any:
        computed.append(content)
        return plain(content)

    monkeypatch.setattr(hashlib, "sha256", noted)
    result = edited([path, PNG, PNG_BASE64])
    assert computed == []
    assert result.request is result.images[0].call.request
    assert len(computed) == 3


URLS = {
    f"https://example.com/a.png?X-Signature={SECRET}": "https://example.com/a.png",
    f"https://user:{SECRET}@example.com/a.png": "https://example.com/a.png",
    f"https://{SECRET}@example.com/a.png": "https://example.com/a.png",
    f"https://example.com/a.png#{SECRET}": "https://example.com/a.png",
    f"https://{SECRET}@1.2.3.999/a.png": "an invalid URL",
    f"https://example.com\x00/{SECRET}": "an invalid URL",
}


@pytest.mark.parametrize(("url", "left"), URLS.items())
def test_a_urls_secrets_are_left_out(url: str, left: str) -> None:
    """The server needs them, and nobody who looks at the result; it is told that it was cut."""
    result = edited([url, {"image": url}])
    assert result.request.body["image"] == [{"image": {"url": left}}] * 2
    assert {(one.url, one.is_cut) for one in result.request.pictures} == {(left, True)}
    assert SECRET.encode() not in pickle.dumps(result)


def test_no_secret_is_in_a_result() -> None:
    """Neither token, cookies, the call's own headers, nor what a server repeats of them."""
    repeated = [
        ("Set-Cookie", f"session={SECRET}"),
        ("Authorization", f"Bearer {SECRET}"),
        ("X-Own", SECRET),
        ("X-Seen-Own", SECRET),
        ("X-Fine", "fine"),
    ]
    wire = Wire(
        lambda request: httpx.Response(200, headers=repeated, json=answer(request.url.path))
    )
    result = wire.sync(token=SECRET).dedicated.image.generate(
        model="m",
        prompt="p",
        http_headers={"x-own": SECRET, "Cookie": f"a={SECRET}"},
        x_friendli_team=SECRET,
    )
    assert "X-Fine" in result.headers
    shown = f"{result!r} {result.call!r} {result.headers!r} {result.request!r}"
    assert SECRET not in shown
    assert SECRET.encode() not in pickle.dumps(result)
    assert SECRET not in str(result.headers.raw)


@pytest.mark.parametrize(("own", "is_told"), [("a" * 15, True), ("a" * 16, False)])
def test_only_a_long_word_is_no_chance(own: str, is_told: bool) -> None:
    """What was sent and comes back under another name is left out, unless it is short."""
    headers = {"X-Seen": f"<{own}>", "X-Fine": "fine"}
    wire = Wire(lambda request: httpx.Response(200, headers=headers, json=answer(request.url.path)))
    result = wire.sync().container.image.generate(prompt="p", http_headers={"X-Own": f"Key {own}"})
    assert ("x-seen" in result.headers, result.headers["x-fine"]) == (is_told, "fine")


@pytest.mark.parametrize("image", ["path", "stream"])
def test_a_call_is_pickled_and_copied(image: str, tmp_path: Path) -> None:
    """With its digests, and without paths and pictures that were uploaded."""
    marker = PNG + SECRET.encode()
    (tmp_path / "cat.png").write_bytes(marker)
    given = tmp_path / "cat.png" if image == "path" else marker
    result = edited(given)
    result.headers["X-Further"] = "a"
    content = pickle.dumps(result)
    assert SECRET.encode() not in content
    assert str(tmp_path).encode() not in content
    for there in (pickle.loads(content), copy.deepcopy(result), copy.copy(result)):
        assert there.request == result.request
        assert there.images[0].call.request == result.request
        assert there.headers["x-further"] == "a"
        assert (there.elapsed, there.attempts) == (result.elapsed, result.attempts)
        assert there.call.completed == result.call.completed
    (picture,) = result.request.pictures
    assert picture.sha256 == hashlib.sha256(marker).hexdigest()


def test_a_headers_bytes_need_not_be_ascii() -> None:
    """What a server puts there is no reason to lose its picture."""
    headers = [(b"X-Odd", b"\x80\xff"), (b"X-Request-Id", b"\xe4")]
    wire = Wire(lambda request: httpx.Response(200, headers=headers, json=answer(request.url.path)))
    result = wire.sync().container.image.generate(prompt="p")
    assert result.request_id == "ä"
    assert pickle.loads(pickle.dumps(result)).headers.raw == result.headers.raw


def test_a_picture_that_nobody_has_is_gone_at_once() -> None:
    """A picture leads to its call, and not to the result that leads to it: no circle keeps it."""
    gc.disable()
    try:
        result = edited(io.BytesIO(PNG))
        left = weakref.ref(result.images[0])
        del result
        assert left() is None
    finally:
        gc.enable()
