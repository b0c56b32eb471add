"""This project's client, where the caller already holds the picture's bytes."""

from pathlib import Path

from scripts.benchmark.contenders import facade
from scripts.benchmark.pictures import PROMPT


class Session(facade.Session):
    """One SyncFriendli."""

    def edit(self, picture: Path) -> object:
        """The result."""
        return self.friendli.container.image.edit(image=picture.read_bytes(), prompt=PROMPT)
