"""What is measured: each module calls the same server in its own client's way.

`Session` and `AsyncSession` are the names in every module; a client that has only one of the two
has only one. Waiting is long enough everywhere that nobody is measured by its timeouts.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from scripts.benchmark.pictures import PROMPT

TIMEOUT = 600.0
GENERATIONS = "/v1/images/generations"
EDITS = "/v1/images/edits"
DEDICATED = "/dedicated/v1/images/generations"
EVERY_ARGUMENT: dict[str, Any] = {
    "prompt": PROMPT,
    "model": "route",
    "num_inference_steps": 20,
    "guidance_scale": 3.5,
    "seed": 7,
    "response_format": "jpeg",
    "control_images": [{"image": "https://example.com/kite.png"}],
    "controlnet_weights": [0.5],
}


class SessionType(Protocol):
    """A client with connections that are kept alive."""

    def __init__(self, url: str) -> None: ...

    def generate(self) -> object:
        """The answer of a small call."""
        ...

    def edit(self, pictures: Sequence[Path]) -> object:
        """The answer of a call that uploads pictures."""
        ...

    def save(self, path: Path) -> object:
        """Writes the picture of an answer to a file."""
        ...

    def save_url(self, path: Path) -> object:
        """Writes the picture to a file whose URL an answer holds."""
        ...


class AsyncSessionType(Protocol):
    """The same, async."""

    def __init__(self, url: str) -> None: ...

    async def generate(self) -> object:
        """The answer of a small call."""
        ...

    async def edit(self, pictures: Sequence[Path]) -> object:
        """The answer of a call that uploads pictures."""
        ...
