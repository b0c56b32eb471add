"""What a call asked for, fit to be kept: pictures as their digests, URLs without secrets."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import attrs
import httpx

from friendli_facade._error_answers.printing import shown
from friendli_facade._images import media_types
from friendli_facade._inputs import text
from friendli_facade._provenance.requests import Request, is_picture
from friendli_facade._requests.calls import Call
from friendli_facade._rules.json_types import is_array


@attrs.frozen
class _Upload:
    media_type: str
    size: int
    digest: Callable[[], str | None]


def description(call: Call) -> Callable[[], Request]:
    """What gives a call's request, of which the digests take their time.

    It keeps no header, and no bytes of a picture that the call alone had.
    """
    uploads = {
        name: _Upload(one.media_type, one.source.size, one.source.digest())
        for name, one in call.inputs.pictures.items()
    }
    return partial(_request, call.operation, call.body, uploads)


def _request(operation: str, body: Mapping[str, Any], uploads: Mapping[str, _Upload]) -> Request:
    return Request(operation, {name: _described(value, uploads) for name, value in body.items()})


def _described(value: Any, uploads: Mapping[str, _Upload]) -> Any:
    if is_array(value):
        return [_described(item, uploads) for item in value]
    if not is_picture(value) or not isinstance(value["image"], str):
        return value
    return {**value, "image": _picture(value["image"], uploads)}


def _picture(value: str, uploads: Mapping[str, _Upload]) -> Any:
    upload = uploads.get(value)
    if upload is not None:
        return _facts(upload.media_type, upload.size, upload.digest())
    if text.is_url(value):
        return value if _is_plain(value) else {"url": shown(value)}
    content = text.content(value)
    if content is None:
        content = value.encode(errors="surrogatepass")
    kind = media_types.media_type(content[: media_types.HEAD])
    return _facts(kind, len(content), hashlib.sha256(content).hexdigest())


def _facts(media_type: str | None, size: int, sha256: str | None) -> dict[str, Any]:
    return {"media_type": media_type, "size": size, "sha256": sha256}


def _is_plain(url: str) -> bool:
    """Whether nothing in a URL may be a secret."""
    try:
        parsed = httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        return False
    return not (parsed.userinfo or parsed.query or parsed.fragment)
