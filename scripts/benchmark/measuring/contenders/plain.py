"""httpx by hand, as most people would write it."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from scripts.benchmark.measuring.contenders import (
    DEDICATED,
    EDITS,
    EVERY_ARGUMENT,
    GENERATIONS,
    TIMEOUT,
)
from scripts.benchmark.pictures import PROMPT


def _edit(pictures: Sequence[Path]) -> dict[str, Any]:
    texts = [b64encode(picture.read_bytes()).decode() for picture in pictures]
    return {"image": [{"image": text} for text in texts], "prompt": PROMPT}


class Session:
    """One `httpx.Client`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(timeout=TIMEOUT)

    def generate(self) -> object:
        """The answer's JSON."""
        return self.client.post(self.url + GENERATIONS, json={"prompt": PROMPT}).json()

    def edit(self, pictures: Sequence[Path]) -> object:
        """The answer's JSON."""
        return self.client.post(self.url + EDITS, json=_edit(pictures)).json()

    def save(self, path: Path) -> object:
        """How many bytes were written."""
        response = self.client.post(self.url + GENERATIONS, json={"prompt": PROMPT})
        return path.write_bytes(b64decode(json.loads(response.content)["image"]))

    def save_url(self, path: Path) -> object:
        """How many bytes were written."""
        body = {"model": "m", "prompt": PROMPT}
        answer = self.client.post(self.url + DEDICATED, json=body).json()
        return path.write_bytes(self.client.get(answer["data"][0]["url"]).content)


class AsyncSession:
    """One `httpx.AsyncClient`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.AsyncClient(timeout=TIMEOUT)

    async def generate(self) -> object:
        """The answer's JSON."""
        return (await self.client.post(self.url + GENERATIONS, json={"prompt": PROMPT})).json()

    async def edit(self, pictures: Sequence[Path]) -> object:
        """The answer's JSON."""
        return (await self.client.post(self.url + EDITS, json=_edit(pictures))).json()


def preparing(url: str) -> Callable[[], object]:
    """Makes a request, with nothing checked."""
    client = httpx.Client(timeout=TIMEOUT)
    return lambda: client.build_request("POST", url + GENERATIONS, json=EVERY_ARGUMENT)


checking = preparing  # which checks nothing
