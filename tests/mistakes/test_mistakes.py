"""The mistakes that newcomers make, and what each is told."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from friendli_facade import AsyncFriendli, FriendliError, SyncFriendli
from scripts.faults.server import Answer, Then, answer, serving
from tests.transports import Wire, always, right

ONE = "one call makes one picture, of the size that the model has; friendli_facade.batch makes many"
EXAMPLE = "POST https://api.friendli.ai/dedicated/v1/images/generations answered"


def generate(*given: Any, **named: Any) -> None:
    """A dedicated call to a server that answers."""
    friendli: Any = Wire(right).sync()
    friendli.dedicated.image.generate(*given, **named)


def client(*given: Any, **named: Any) -> None:
    """A client is made."""
    kind: Any = SyncFriendli
    kind(*given, **named)


def answered(status: int, **settings: Any) -> None:
    """A dedicated call that a server refuses."""
    reply = always(status, json={"detail": "no"})
    Wire(reply).sync(**settings).dedicated.image.generate(model="my-endpoint", prompt="p")


def container(url: str, **settings: Any) -> None:
    """A call of a container there."""
    SyncFriendli(retries=None, server_url=url, **settings).container.image.generate(prompt="p")


def sync_with() -> None:
    friendli: Any = AsyncFriendli()
    with friendli:
        pass


def async_with() -> None:
    friendli: Any = SyncFriendli()

    async def use() -> None:
        async with friendli:
            pass

    use().send(None)


def https_to_a_plain_port() -> None:
    with serving(lambda _: answer(), lambda: answer("400 Bad Request")) as server:
        try:
            container(server.url.replace("http:", "https:"))
        except FriendliError as error:
            raise AssertionError(str(error).replace(server.url[7:], "HOST")) from None


def http_to_a_port_of_tls() -> None:
    alert = Answer(b"\x15\x03\x01\x00\x02\x02\x46", Then.CLOSE)
    with serving(lambda _: alert) as server:
        try:
            container(server.url)
        except FriendliError as error:
            raise AssertionError(str(error).replace(server.url[7:], "HOST")) from None


@contextmanager
def variable(name: str, value: str) -> Generator[None]:
    """A variable of the environment is set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(name, value)
        yield


def token_of_the_environment() -> None:
    with variable("FRIENDLI_TOKEN", "flp_wrong"):
        answered(401, token=None)


MISTAKES: list[tuple[str, Callable[[], None], str]] = [
    (
        'generate("A kite")',
        lambda: generate("A kite"),
        "SyncDedicatedImage.generate() takes 1 positional argument but 2 were given; name its "
        "arguments, as in generate(model=..., prompt=...)",
    ),
    (
        'SyncFriendli("flp_x")',
        lambda: client("flp_x"),
        "SyncFriendli() takes 1 positional argument but 2 were given; name its "
        "arguments, as in SyncFriendli(token=...)",
    ),
    (
        "steps=30",
        lambda: generate(model="m", prompt="p", steps=30),
        "SyncDedicatedImage.generate() got an unexpected keyword argument 'steps'; did you mean "
        "num_inference_steps for steps?",
    ),
    (
        "promt=...",
        lambda: generate(model="m", promt="p"),
        "SyncDedicatedImage.generate() got an unexpected keyword argument 'promt'; did you mean "
        "prompt for promt?",
    ),
    (
        "n=4",
        lambda: generate(model="m", prompt="p", n=4),
        f"SyncDedicatedImage.generate() got an unexpected keyword argument 'n'; n: {ONE}",
    ),
    (
        'size="1024x1024"',
        lambda: generate(model="m", prompt="p", size="1024x1024"),
        f"SyncDedicatedImage.generate() got an unexpected keyword argument 'size'; size: {ONE}",
    ),
    (
        "generate(image=...)",
        lambda: generate(model="m", prompt="p", image=b""),
        "SyncDedicatedImage.generate() got an unexpected keyword argument 'image'; image: "
        "edit(image=...) changes a picture, and control_images=[...] steer a new one",
    ),
    (
        "cfg_scale=7, format=...",
        lambda: generate(model="m", prompt="p", cfg_scale=7, format="png"),
        "SyncDedicatedImage.generate() got an unexpected keyword argument 'cfg_scale'; did you "
        "mean guidance_scale for cfg_scale?; did you mean response_format for format?",
    ),
    (
        "api_key=...",
        lambda: client(api_key="flp_x"),
        "SyncFriendli() got an unexpected keyword argument 'api_key'; did you mean token "
        "for api_key?",
    ),
    (
        "base_url=...",
        lambda: client(base_url="http://localhost:8000"),
        "SyncFriendli() got an unexpected keyword argument 'base_url'; did you mean "
        "server_url for base_url?",
    ),
    (
        "max_retries=3",
        lambda: client(max_retries=3),
        "SyncFriendli() got an unexpected keyword argument 'max_retries'; did you mean "
        "retries, a utils.RetryConfig or None, for max_retries?",
    ),
    (
        "timeout_ms=60000",
        lambda: client(timeout_ms=60_000),
        "SyncFriendli() got an unexpected keyword argument 'timeout_ms'; did you mean "
        "timeout, which is in seconds, for timeout_ms?",
    ),
    (
        "client=httpx.Client()",
        lambda: client(client=httpx.Client()),
        "SyncFriendli() got an unexpected keyword argument 'client'; did you mean "
        "http_client for client?",
    ),
    (
        "retries=3",
        lambda: client(retries=3),
        "retries must be a utils.RetryConfig or None (utils.RetryConfig(max_attempts=4) repeats a "
        "call 3 times at most), not 3",
    ),
    (
        "with AsyncFriendli()",
        sync_with,
        "an AsyncFriendli is used in `async with`; for `with` use SyncFriendli",
    ),
    (
        "async with SyncFriendli()",
        async_with,
        "a SyncFriendli is used in `with`; for `async with` use AsyncFriendli",
    ),
    (
        "no token",
        lambda: answered(401, token=None),
        "token is required on dedicated endpoints: pass token=... or set FRIENDLI_TOKEN",
    ),
    (
        "a wrong token=...",
        lambda: answered(401, token="flp_wrong"),
        f"{EXAMPLE} 401 Unauthorized: no (its token is that of the argument token)",
    ),
    (
        "a wrong FRIENDLI_TOKEN",
        token_of_the_environment,
        f"{EXAMPLE} 401 Unauthorized: no (its token is that of FRIENDLI_TOKEN)",
    ),
    (
        'model="my-endpoint"',
        lambda: answered(404),
        f"{EXAMPLE} 404 Not Found: no (the endpoint meant is model='my-endpoint')",
    ),
    (
        'server_url=".../v1/images/generations"',
        lambda: container("http://localhost:8000/v1/images/generations"),
        "server_url must not hold an operation's path, which the client adds, not "
        "'http://localhost:8000/v1/images/generations'",
    ),
    (
        'server_url=".../dedicated/v1"',
        lambda: answered(404, server_url="https://api.friendli.ai/dedicated/v1"),
        "POST https://api.friendli.ai/dedicated/v1/dedicated/v1/images/generations answered 404 "
        "Not Found: no (server_url ends in /dedicated/v1, which the client adds: leave it out "
        "there)",
    ),
    (
        'server_url="localhost:8000"',
        lambda: container("localhost:8000"),
        "server_url must be an http(s) URL without query or fragment, not 'localhost:8000'",
    ),
    (
        "https to a plain port",
        https_to_a_plain_port,
        "POST https://HOST/v1/images/generations got no answer: no TLS with HOST ([SSL: "
        "WRONG_VERSION_NUMBER] wrong version number (_ssl.c:0)): is its URL http, and not "
        "https?",
    ),
    (
        "http to a port of TLS",
        http_to_a_port_of_tls,
        "POST http://HOST/v1/images/generations got no answer: what came is no HTTP, and may be "
        "TLS: is its URL https, and not http?",
    ),
]


@pytest.mark.parametrize(
    ("mistake", "words"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_is_told_with_what_to_do(mistake: Callable[[], None], words: str) -> None:
    """Each of them, in full; and never a token."""
    with pytest.raises((TypeError, FriendliError, AssertionError)) as failed:
        mistake()
    said = re.sub(r"_ssl\.c:\d+", "_ssl.c:0", str(failed.value))
    # From 3.13 on Python guesses a name too.
    assert re.sub(r"\. Did you mean '\w+'\?", "", said) == words
    assert "flp_" not in said
