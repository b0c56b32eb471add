"""This project's async client on aiohttp's connections. An environment of its own has both."""

from importlib import import_module
from typing import Any

import httpx

from friendli_facade import AsyncFriendli
from scripts.benchmark.measuring.contenders import facade

httpx_aiohttp: Any = import_module("httpx_aiohttp")


class AsyncSession(facade.AsyncSession):
    """One AsyncFriendli; without limits of its own it would have 100 connections."""

    def __init__(self, url: str) -> None:
        limits = httpx.Limits(max_connections=4000)
        http = httpx_aiohttp.HttpxAiohttpClient(limits=limits)
        self.friendli = AsyncFriendli(server_url=url, http_client=http)
