"""This project's client, where the caller already holds the pictures' bytes."""

from collections.abc import Sequence
from pathlib import Path

from scripts.benchmark.measuring.contenders import facade
from scripts.benchmark.pictures import PROMPT


class Session(facade.Session):
    """One SyncFriendli."""

    def edit(self, pictures: Sequence[Path]) -> object:
        """The result."""
        held = [picture.read_bytes() for picture in pictures]
        return self.friendli.container.image.edit(image=held, prompt=PROMPT)
