"""Both clients behind the same few awaitable verbs, so that a test is written once."""

import os
from pathlib import Path
from typing import Any, Protocol, Self

from friendli_facade import AsyncFriendli, SyncFriendli, models


class Caller(Protocol):
    """A client of either kind."""

    @property
    def friendli(self) -> SyncFriendli | AsyncFriendli:
        """The client itself."""
        ...

    async def draw(self, **arguments: Any) -> models.DedicatedImageGenerateSuccess:
        """The result of a dedicated call."""
        ...

    async def read(self, image: models.Image) -> bytes:
        """The picture's bytes."""
        ...

    async def save(
        self, image: models.Image, path: str | os.PathLike[str], **options: bool
    ) -> Path:
        """Where the picture was saved."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...


class SyncCaller:
    """`SyncFriendli`."""

    def __init__(self, **settings: Any) -> None:
        self.friendli = SyncFriendli(**settings)

    async def draw(self, **arguments: Any) -> models.DedicatedImageGenerateSuccess:
        return self.friendli.dedicated.image.generate(**_with_defaults(arguments))

    async def read(self, image: models.Image) -> bytes:
        return image.read()

    async def save(
        self, image: models.Image, path: str | os.PathLike[str], **options: bool
    ) -> Path:
        return image.save(path, **options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.friendli.close()


class AsyncCaller:
    """`AsyncFriendli`."""

    def __init__(self, **settings: Any) -> None:
        self.friendli = AsyncFriendli(**settings)

    async def draw(self, **arguments: Any) -> models.DedicatedImageGenerateSuccess:
        return await self.friendli.dedicated.image.generate(**_with_defaults(arguments))

    async def read(self, image: models.Image) -> bytes:
        return await image.aread()

    async def save(
        self, image: models.Image, path: str | os.PathLike[str], **options: bool
    ) -> Path:
        return await image.asave(path, **options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.friendli.aclose()


def _with_defaults(arguments: dict[str, Any]) -> dict[str, Any]:
    return {"model": "m", "prompt": "p", **arguments}
