"""This project's clients, with the settings that they have by themselves."""

from collections.abc import Callable
from pathlib import Path

import httpx

from friendli_facade import AsyncFriendli, SyncFriendli
from friendli_facade._requests.calls import Call, describe
from friendli_facade._requests.prepared_request import prepare
from friendli_facade._requests.settings import Settings, Token
from friendli_facade._rules import request_bodies
from scripts.benchmark.contenders import TIMEOUT
from scripts.benchmark.pictures import PROMPT


class Session:
    """One SyncFriendli."""

    def __init__(self, url: str) -> None:
        self.friendli = SyncFriendli(server_url=url)

    def generate(self) -> object:
        """The result."""
        return self.friendli.container.image.generate(prompt=PROMPT)

    def edit(self, picture: Path) -> object:
        """The result."""
        return self.friendli.container.image.edit(image=picture, prompt=PROMPT)

    def save(self, path: Path) -> object:
        """The path of the file that was written."""
        result = self.friendli.container.image.generate(prompt=PROMPT)
        return result.images[0].save(path)


class AsyncSession:
    """One AsyncFriendli."""

    def __init__(self, url: str) -> None:
        self.friendli = AsyncFriendli(server_url=url)

    async def generate(self) -> object:
        """The result."""
        return await self.friendli.container.image.generate(prompt=PROMPT)

    async def edit(self, picture: Path) -> object:
        """The result."""
        return await self.friendli.container.image.edit(image=picture, prompt=PROMPT)


def checking(url: str) -> Callable[[], object]:
    """Finds nothing wrong in the body of a call."""
    del url
    call = _call()
    return lambda: request_bodies.violations(call.operation, call.body, call.inputs.violations)


def preparing(url: str) -> Callable[[], object]:
    """Makes a request of arguments, checks included."""
    settings = Settings(
        token=Token(None),
        x_friendli_team=None,
        server_url=url,
        server_url_name="server_url",
        timeout=TIMEOUT,
        retries=None,
        max_response_bytes=1,
        allow_insecure_http=False,
    )
    timeout = httpx.Timeout(TIMEOUT)
    return lambda: prepare(_call(), settings, timeout)


def _call() -> Call:
    """A call with every argument that there is."""
    arguments = {
        "prompt": PROMPT,
        "model": "route",
        "num_inference_steps": 20,
        "guidance_scale": 3.5,
        "seed": 7,
        "response_format": "jpeg",
        "control_images": [{"image": "https://example.com/kite.png"}],
        "controlnet_weights": [0.5],
    }
    return describe("containerImagesGenerate", arguments)
