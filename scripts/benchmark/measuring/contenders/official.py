"""Friendli's own SDK. It is no dependency of this project: a virtual environment of its own has it.

Its container calls ignore the client's server URL, and its timeouts are shorter than a picture
takes, so each call says both.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.benchmark.measuring.contenders import TIMEOUT
from scripts.benchmark.pictures import PROMPT

friendli: Any = import_module("friendli")


def _options(url: str) -> dict[str, Any]:
    return {"server_url": url, "timeout_ms": int(TIMEOUT * 1000)}


def _edit(pictures: Sequence[Path]) -> dict[str, Any]:
    texts = [b64encode(picture.read_bytes()).decode() for picture in pictures]
    return {"image": [{"image": text} for text in texts], "prompt": PROMPT}


class Session:
    """One SyncFriendli of the SDK."""

    def __init__(self, url: str) -> None:
        self.options = _options(url)
        self.friendli: Any = friendli.SyncFriendli(token="none")

    def generate(self) -> Any:
        """The SDK's result."""
        return self.friendli.container.image.generate(prompt=PROMPT, **self.options)

    def edit(self, pictures: Sequence[Path]) -> object:
        """The SDK's result."""
        return self.friendli.container.image.edit(**_edit(pictures), **self.options)

    def save(self, path: Path) -> object:
        """How many bytes were written."""
        return path.write_bytes(b64decode(self.generate().image))


class AsyncSession:
    """One AsyncFriendli of the SDK."""

    def __init__(self, url: str) -> None:
        self.options = _options(url)
        self.friendli: Any = friendli.AsyncFriendli(token="none")

    async def generate(self) -> object:
        """The SDK's result."""
        return await self.friendli.container.image.generate(prompt=PROMPT, **self.options)

    async def edit(self, pictures: Sequence[Path]) -> object:
        """The SDK's result."""
        return await self.friendli.container.image.edit(**_edit(pictures), **self.options)
