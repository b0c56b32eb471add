"""What a server sends back of what it was sent is in no result."""

import pickle
from pathlib import Path
from typing import Any

import httpx
import pytest

from friendli_facade import InvalidResponseError, SyncFriendli
from tests.images.wires import item
from tests.samples import PNG
from tests.transports import Wire

SECRET = "s3cret-that-is-nowhere"
SENT: dict[str, Any] = {
    "token": {"token": SECRET},
    "a client's header": {"http_headers": {"X-Own": SECRET}},
    "a header of http_client": {"headers": {"X-Own": SECRET, "X-Empty": ""}},
}


def test_a_token_that_comes_back_as_the_id_of_a_request_is_in_no_file(tmp_path: Path) -> None:
    """The id is kept with the picture, in its file too; what else it says stays."""

    def mirror(request: httpx.Request) -> httpx.Response:
        sent = {"X-Request-Id": f"7/{request.headers['Authorization']}"}
        return httpx.Response(200, headers=sent, json={"data": [item(PNG)]})

    friendli = Wire(mirror).sync(token=SECRET)
    result = friendli.dedicated.image.generate(model="m", prompt="p")
    assert result.request_id == "7/***"
    path = result.images[0].save(tmp_path / "a", metadata=True)
    assert SECRET.encode() not in path.read_bytes()


@pytest.mark.parametrize("settings", SENT.values(), ids=SENT)
@pytest.mark.parametrize("broken", [[], [{"seed": 8}]])
def test_no_secret_that_a_server_repeats_is_in_a_picture(
    settings: dict[str, Any], broken: list[Any]
) -> None:
    """Wherever it was set, and under whatever name it comes back, alone or within other words."""

    def mirror(request: httpx.Request) -> httpx.Response:
        sent = request.headers.get("X-Own") or request.headers["Authorization"]
        names = {"X-Own": sent, "X-Seen": sent, "X-Word": sent.split()[-1], "X-Log": f"<{sent}>"}
        return httpx.Response(200, headers=names, json={"data": [item(PNG), *broken]})

    http = httpx.Client(transport=httpx.MockTransport(mirror), headers=settings.get("headers"))
    arguments: dict[str, Any] = {"token": "flp_test", **settings}
    arguments.pop("headers", None)
    friendli = SyncFriendli(http_client=http, retries=None, **arguments)
    try:
        result = friendli.dedicated.image.generate(model="m", prompt="p")
        images = tuple(result.images)
    except InvalidResponseError as error:
        images = error.images
    assert images[0].read() == PNG
    assert SECRET.encode() not in pickle.dumps(images)
    assert images[0].call.headers["content-type"] == "application/json"
