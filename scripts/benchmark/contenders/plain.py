"""httpx by hand, as most people would write it."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import httpx

from scripts.benchmark.contenders import TIMEOUT
from scripts.benchmark.pictures import PROMPT


def _edit(picture: Path) -> dict[str, Any]:
    return {"image": {"image": b64encode(picture.read_bytes()).decode()}, "prompt": PROMPT}


class Session:
    """One `httpx.Client`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(timeout=TIMEOUT)

    def generate(self) -> object:
        """The answer's JSON."""
        url = f"{self.url}/v1/images/generations"
        return self.client.post(url, json={"prompt": PROMPT}).json()

    def edit(self, picture: Path) -> object:
        """The answer's JSON."""
        return self.client.post(f"{self.url}/v1/images/edits", json=_edit(picture)).json()

    def save(self, path: Path) -> object:
        """How many bytes were written."""
        response = self.client.post(f"{self.url}/v1/images/generations", json={"prompt": PROMPT})
        return path.write_bytes(b64decode(json.loads(response.content)["image"]))


class AsyncSession:
    """One `httpx.AsyncClient`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.AsyncClient(timeout=TIMEOUT)

    async def generate(self) -> object:
        """The answer's JSON."""
        url = f"{self.url}/v1/images/generations"
        return (await self.client.post(url, json={"prompt": PROMPT})).json()

    async def edit(self, picture: Path) -> object:
        """The answer's JSON."""
        return (await self.client.post(f"{self.url}/v1/images/edits", json=_edit(picture))).json()
