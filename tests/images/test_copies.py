"""Results that are pickled and copied: to other processes, and within one."""

import copy
import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import httpx
import pytest

from friendli_facade import InvalidResponseError, SyncFriendli, models
from friendli_facade._answers import downloads
from friendli_facade._images import notebook
from friendli_facade.utils import RetryConfig
from scripts.faults.server import answer, of_json, serving
from tests.answers.test_results import PNG_ITEM, URL_ITEM, generate, with_items
from tests.callers import Caller
from tests.images.wires import URL, drawn, item, wire
from tests.samples import PNG
from tests.storage import PICTURE, of_url
from tests.three_ways import TOKEN
from tests.transports import Wire, right


def draw(url: str) -> models.DedicatedImageGenerateSuccess:
    """What a worker process returns."""
    with SyncFriendli(token=TOKEN, server_url=url, retries=RetryConfig(on_retry=print)) as friendli:
        return friendli.dedicated.image.generate(model="m", prompt="p")


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_worker_process_returns_a_result(method: str) -> None:
    """A picture that came along arrives; one at a URL is fetched here, with a plain GET."""
    with serving(lambda _: PICTURE) as storage:
        items = [item(PNG), item(url=f"{storage.url}/cat.png?signature=s3cret")]
        with (
            serving(lambda _: of_json({"data": items})) as server,
            ProcessPoolExecutor(1, multiprocessing.get_context(method)) as pool,
        ):
            first, second = pool.submit(draw, server.url).result().images
            assert (first.seed, first.response_format, first.read()) == (7, "png", PNG)
            assert (second.seed, second.media_type, second.read()) == (7, None, PNG)
            assert storage.idle()
        assert [request.target for request in storage.requests] == ["/cat.png?signature=s3cret"]
        assert [set(request.headers) for request in storage.requests] == [{"host"}]


async def test_an_unfetched_picture_is_fetched_on_the_other_side(
    client: Callable[..., Caller],
) -> None:
    """Sync or async, whatever client it came from, and with the retries of a fresh one."""
    busy = [answer("503 Service Unavailable")] * 2
    with (
        serving(lambda _: busy.pop() if busy else PICTURE) as storage,
        serving(lambda _: of_url(storage.url)) as server,
    ):
        async with client(server_url=server.url, retries=None) as friendli:
            (image,) = (await friendli.draw()).images
        there: models.Image = pickle.loads(pickle.dumps(image))
        other: models.Image = pickle.loads(pickle.dumps(image))
        assert "<img" in notebook.of_pictures([other.figure()])["text/html"]
        assert (repr(there), there.read()) == (repr(image), PNG)
        assert await pickle.loads(pickle.dumps(image)).aread() == PNG
        assert await pickle.loads(pickle.dumps(there)).aread() == PNG
        assert len(storage.requests) == 5


def test_a_picture_from_elsewhere_has_the_limits_of_a_fresh_client() -> None:
    """Its retries, its time and the bytes that it takes."""
    (image,) = (
        SyncFriendli(
            token=TOKEN, http_client=httpx.Client(transport=httpx.MockTransport(wire(item())))
        )
        .dedicated.image.generate(model="m", prompt="p")
        .images
    )
    assert image._downloads.limits == downloads._DEFAULTS  # type: ignore[attr-defined]


def test_no_secret_is_pickled() -> None:
    """Neither the token, nor what the caller's own httpx client holds."""
    headers = {"X-Own": TOKEN, "Cookie": TOKEN}
    http = httpx.Client(transport=httpx.MockTransport(wire(item())), headers=headers)
    with http, SyncFriendli(token=TOKEN, http_client=http) as friendli:
        result = friendli.dedicated.image.generate(model="m", prompt="p")
    content = pickle.dumps(result)
    assert TOKEN.encode() not in content
    assert URL.encode() in content


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_uses_the_same_client(copied: Callable[[Any], Any]) -> None:
    """In one process a copy is fetched as its original would be."""
    one = wire(item(PNG), item())
    result = one.sync().dedicated.image.generate(model="m", prompt="p")
    assert [image.read() for image in copied(result).images] == [PNG, PNG]
    assert [image.read() for image in map(copied, result.images)] == [PNG, PNG]
    assert [request.method for request in one.requests][:2] == ["POST", "GET"]


def test_pictures_that_are_alike_are_two() -> None:
    """Whoever keeps them in a set or looks for one in a list means this one; results too."""
    seeds = [generate(with_items(PNG_ITEM, URL_ITEM)) for _ in range(2)]
    containers = [Wire(right).sync().container.image.generate(prompt="p") for _ in range(2)]
    for first, second in (seeds, containers):
        assert first != second
        assert len({first, second, first}) == 2
        for one, other in zip(first.images, second.images, strict=True):
            assert one != other
            assert len({one, other, one}) == 2


def test_a_container_result_is_pickled() -> None:
    """Its picture comes along."""
    (image,) = drawn(item(PNG))
    result = models.ContainerImageGenerateSuccess((image,), image.call)
    assert pickle.loads(pickle.dumps(result)).image == image.b64_json


def test_an_error_is_pickled_with_its_pictures() -> None:
    """What a worker process paid for arrives with the error."""
    with pytest.raises(InvalidResponseError) as failed:
        drawn(item(PNG), {"seed": 8})
    there = pickle.loads(pickle.dumps(failed.value))
    assert [image.read() for image in there.images] == [PNG]
    assert (str(there), there.body) == (str(failed.value), failed.value.body)
