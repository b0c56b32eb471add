"""What came from outside, as messages and log records may show it."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    import httpx

_SHOWN = 300  # characters of a text that an error message quotes
_SECRET = re.compile("auth|cookie|key|password|secret|token", re.IGNORECASE)  # in a header's name
_SHORTEST = 8  # characters of a credential that is no word which stands there by chance


def secrets(headers: "httpx.Headers") -> tuple[str, ...]:
    """The values of headers that hold secrets, by their names: Authorization, X-Api-Key."""
    return tuple(value for name, value in headers.items() if _SECRET.search(name))


def hidden(text: AnyStr, secrets: Iterable[str]) -> AnyStr:
    """A text without the values of headers that hold secrets; `***` stands for each.

    What stands behind a scheme, as in `Bearer ...`, is looked for alone too; as it is, and as JSON,
    URLs and base64 write it.
    """
    for form in chain.from_iterable(map(_forms, secrets)):
        if isinstance(text, str):
            text = text.replace(form, "***")
        else:
            text = text.replace(form.encode(), b"***")
    return text


def _forms(value: str) -> Iterator[str]:
    scheme, _, credential = value.partition(" ")
    if credential:
        yield value
    credential = credential or scheme
    if len(credential) < _SHORTEST:
        return
    from binascii import b2a_base64
    from urllib.parse import quote

    yield from (credential, credential.replace("/", r"\/"), quote(credential, safe=""))
    for one in (credential, value):
        packed = b2a_base64(one.encode(), newline=False).decode()
        yield packed[: len(packed) // 4 * 4 - 4]  # the last depend on what follows


def shortened(text: str) -> str:
    """A text of at most 300 characters; an ellipsis stands for what is left out."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def shown(url: "str | httpx.URL") -> str:
    """A URL without user and password, nor a query, which may be signed."""
    import httpx

    try:
        return str(httpx.URL(url).copy_with(userinfo=b"", query=None, fragment=None))
    except (ValueError, httpx.InvalidURL):
        return "an invalid URL"
