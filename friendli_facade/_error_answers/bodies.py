"""Reads the bodies of error answers, in the shapes that servers use."""

import json
import re
from collections.abc import Iterator
from typing import Any

import attrs

from friendli_facade._error_answers.printing import shortened
from friendli_facade._rules.json_types import is_array, is_object

_LOOKED_AT = 4096  # bytes of a body that is no JSON
_DEEPEST = 4  # an error in an error in an error says nothing more
_HTML = re.compile(r"(?is)\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|title|body|h1)\b")
_TITLE = re.compile(r"(?i)<title\b[^<>]*>([^<]*)")
_MARKUP = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^<>]*(?:>|$)")


@attrs.frozen
class ErrorDetail:
    """One entry of a 422's `detail`, as FastAPI writes it.

    `location` is the path to the value (`("body", "num_inference_steps")`), `message` says what
    is wrong with it, `type` is the server's name for the rule.
    """

    location: tuple[str | int, ...]
    message: str
    type: str

    def __str__(self) -> str:
        place = ".".join(str(part) for part in self.location)
        return f"{place}: {self.message}" if place else self.message


def parsed(body: bytes) -> Any:
    """The JSON value of a body; None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def message(content: Any, depth: int = 0) -> str:
    """The words for people in an error's JSON; empty where there are none."""
    if isinstance(content, str):
        return content
    if not is_object(content) or depth == _DEEPEST:
        return ""
    entries = list(details(content))
    if entries:
        return "; ".join(map(str, entries))
    keys = ("message", "detail", "error", "msg")
    words = (message(content.get(key), depth + 1) for key in keys)
    return next(filter(None, words), "")


def details(content: object) -> Iterator[ErrorDetail]:
    """The entries of FastAPI's `detail` list."""
    entries = content.get("detail") if is_object(content) else None
    for entry in entries if is_array(entries) else ():
        if is_object(entry) and isinstance(entry.get("msg"), str):
            place, rule = entry.get("loc"), entry.get("type")
            parts = place if is_array(place) else ()
            yield ErrorDetail(
                location=tuple(part for part in parts if isinstance(part, str | int)),
                message=entry["msg"],
                type=rule if isinstance(rule, str) else "",
            )


def beginning(body: bytes) -> str:
    """How a body begins, on one line; of an HTML page, its title, else its words."""
    text = body[:_LOOKED_AT].decode("utf-8", errors="replace")
    if _HTML.match(text):
        title = _TITLE.search(text)
        import html  # takes longer than all of this module

        text = html.unescape(title[1] if title else _MARKUP.sub(" ", text))
    return shortened(" ".join(text.split()))
