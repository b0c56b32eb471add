"""What came from outside, as messages and log records may show it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

_SHOWN = 300  # characters of a text that an error message quotes


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
