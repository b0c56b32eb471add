"""What came from outside, as messages and log records may show it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    import httpx

_SHOWN = 300  # characters of a text that an error message quotes
_SHORTEST = 8  # characters of a credential that is no word which stands there by chance


def hidden(text: AnyStr, authorization: str) -> AnyStr:
    """A text without the value of an Authorization header; `***` stands for it.

    Its credential is looked for alone too: as it is, and as JSON, URLs and base64 write it.
    """
    for form in _forms(authorization):
        if isinstance(text, str):
            text = text.replace(form, "***")
        else:
            text = text.replace(form.encode(), b"***")
    return text


def _forms(authorization: str) -> Iterator[str]:
    scheme, _, credential = authorization.partition(" ")
    if credential:
        yield authorization
    credential = credential or scheme
    if len(credential) < _SHORTEST:
        return
    from binascii import b2a_base64
    from urllib.parse import quote

    yield from (credential, credential.replace("/", r"\/"), quote(credential, safe=""))
    for one in (credential, authorization):
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
