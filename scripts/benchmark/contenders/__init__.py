"""What is measured: each module calls the same server in its own client's way.

`Session` and `AsyncSession` are the names in every module. Waiting is long enough everywhere
that nobody is measured by its timeouts.
"""

from pathlib import Path
from typing import Protocol

TIMEOUT = 600.0


class SessionType(Protocol):
    """A client with connections that are kept alive."""

    def __init__(self, url: str) -> None: ...

    def generate(self) -> object:
        """The answer of a small call."""
        ...

    def edit(self, picture: Path) -> object:
        """The answer of a call that uploads a picture."""
        ...

    def save(self, path: Path) -> object:
        """Writes the picture of an answer to a file."""
        ...


class AsyncSessionType(Protocol):
    """The same, async."""

    def __init__(self, url: str) -> None: ...

    async def generate(self) -> object:
        """The answer of a small call."""
        ...

    async def edit(self, picture: Path) -> object:
        """The answer of a call that uploads a picture."""
        ...
