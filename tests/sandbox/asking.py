"""Short ways to ask a sandbox and to look at its answers."""

import base64
import io
import json
from threading import Event
from time import monotonic
from typing import Any

from PIL import Image

from friendli_facade.sandbox import Request, Response, Sandbox

DEDICATED_GENERATE = "/dedicated/v1/images/generations"
DEDICATED_EDIT = "/dedicated/v1/images/edits"
CONTAINER_GENERATE = "/v1/images/generations"
CONTAINER_EDIT = "/v1/images/edits"
OPERATIONS = (DEDICATED_GENERATE, DEDICATED_EDIT, CONTAINER_GENERATE, CONTAINER_EDIT)

ORIGIN = "https://friendli.test"
HEADERS = {"Authorization": "Bearer token", "Content-Type": "application/json"}


def post(sandbox: Sandbox, path: str, body: bytes | dict[str, Any]) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return sandbox.handle(Request("POST", ORIGIN + path, HEADERS, content))


def answer(sandbox: Sandbox, path: str, **body: Any) -> Any:
    response = post(sandbox, path, body)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def details(sandbox: Sandbox, path: str, body: bytes | dict[str, Any]) -> list[dict[str, Any]]:
    response = post(sandbox, path, body)
    assert response.status_code == 422, response.content
    found: list[dict[str, Any]] = json.loads(response.content)["detail"]
    return found


def came(sandbox: Sandbox, count: int) -> bool:
    """Whether so many requests come: one whose client gave up is read all the same, if later."""
    ends = monotonic() + 60
    while len(sandbox.requests) < count and monotonic() < ends:
        Event().wait(0.01)
    return len(sandbox.requests) == count


def drawn(sandbox: Sandbox, path: str = DEDICATED_GENERATE, **body: Any) -> Image.Image:
    """The picture of an answer on a dedicated endpoint, as PNG."""
    body = {"model": "m", "prompt": "a cat", "seed": 7, "response_format": "png"} | body
    return opened(answer(sandbox, path, **body)["data"][0]["b64_json"])


def opened(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text, validate=True)))


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> str:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return base64.b64encode(file.getvalue()).decode()


def distance(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of one size, from 0 to 255."""
    a, b = one.convert("RGB").tobytes(), other.convert("RGB").tobytes()
    return sum(abs(x - y) for x, y in zip(a[::7], b[::7], strict=True)) / len(a[::7])
