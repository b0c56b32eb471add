"""What came from outside, as messages and log records may show it."""

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

_SHOWN = 300  # characters of a text that an error message quotes
# Control characters, those that turn the direction of a line, halves of pairs, ends of lines.
_ESCAPED = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    """A text that a terminal or a log takes for nothing but text, on one line."""
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _ESCAPED else char
        for char in text
    )


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
