"""This project's clients, with the settings that they have by themselves."""

from collections.abc import Sequence
from pathlib import Path

from friendli_facade import AsyncFriendli, SyncFriendli
from scripts.benchmark.pictures import MIB, PROMPT

# The largest answer has more than a client takes by itself.
_MOST = 512 * MIB


class Session:
    """One SyncFriendli."""

    def __init__(self, url: str) -> None:
        self.friendli = SyncFriendli(server_url=url, token="none", max_response_bytes=_MOST)

    def generate(self) -> object:
        """The result."""
        return self.friendli.container.image.generate(prompt=PROMPT)

    def edit(self, pictures: Sequence[Path]) -> object:
        """The result."""
        return self.friendli.container.image.edit(image=pictures, prompt=PROMPT)

    def save(self, path: Path) -> object:
        """The path of the file that was written."""
        result = self.friendli.container.image.generate(prompt=PROMPT)
        return result.images[0].save(path)

    def save_url(self, path: Path) -> object:
        """The path of the file that was written."""
        result = self.friendli.dedicated.image.generate(model="m", prompt=PROMPT)
        return result.images[0].save(path)


class AsyncSession:
    """One AsyncFriendli."""

    def __init__(self, url: str) -> None:
        self.friendli = AsyncFriendli(server_url=url)

    async def generate(self) -> object:
        """The result."""
        return await self.friendli.container.image.generate(prompt=PROMPT)

    async def edit(self, pictures: Sequence[Path]) -> object:
        """The result."""
        return await self.friendli.container.image.edit(image=pictures, prompt=PROMPT)
