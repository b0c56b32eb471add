"""aiohttp by hand: as little as an async call can cost. An environment of its own has it."""

from base64 import b64encode
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.benchmark.measuring.contenders import EDITS, GENERATIONS, TIMEOUT
from scripts.benchmark.pictures import PROMPT

aiohttp: Any = import_module("aiohttp")


class AsyncSession:
    """One `aiohttp.ClientSession`, with as many connections as it takes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(TIMEOUT)
        )

    async def generate(self) -> object:
        """The answer's JSON."""
        return await self._post(GENERATIONS, {"prompt": PROMPT})

    async def edit(self, pictures: Sequence[Path]) -> object:
        """The answer's JSON."""
        texts = [b64encode(picture.read_bytes()).decode() for picture in pictures]
        body = {"image": [{"image": text} for text in texts], "prompt": PROMPT}
        return await self._post(EDITS, body)

    async def _post(self, path: str, body: object) -> object:
        async with self.client.post(self.url + path, json=body) as response:
            return await response.json()
