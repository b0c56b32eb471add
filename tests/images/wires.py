"""Pictures of results, that came along or lie at a URL."""

import base64
from collections.abc import Callable
from typing import Any

import attrs
import httpx
import pytest

from friendli_facade import models
from tests.samples import PNG
from tests.transports import Wire

URL = "https://storage.example.com/cat.png?signature=s3cret"


def item(content: bytes | None = None, **others: Any) -> dict[str, Any]:
    """An item of an answer: a picture that comes along, or one at a URL."""
    if content is None:
        return {"seed": 7, "response_format": "url", "url": URL, **others}
    text = base64.b64encode(content).decode()
    return {"seed": 7, "response_format": "png", "b64_json": text, **others}


def wire(*items: dict[str, Any], stored: bytes = PNG) -> Wire:
    """A wire on which Friendli answers with the items, and the storage host with a picture."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, content=stored)
        return httpx.Response(200, json={"data": items})

    return Wire(handler)


def drawn(*items: dict[str, Any], stored: bytes = PNG) -> tuple[models.Image, ...]:
    """The pictures of a result with the items."""
    friendli = wire(*items, stored=stored).sync()
    return tuple(friendli.dedicated.image.generate(model="m", prompt="p").images)


@attrs.frozen
class Origin:
    """Where a picture is: in the answer, or at a URL."""

    name: str
    of: Callable[[bytes], models.Image]


ORIGINS = [
    Origin("base64", lambda content: drawn(item(content))[0]),
    Origin("url", lambda content: drawn(item(), stored=content)[0]),
]
origins = pytest.mark.parametrize("origin", ORIGINS, ids=lambda origin: origin.name)
