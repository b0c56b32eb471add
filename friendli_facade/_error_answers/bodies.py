"""Reads the bodies of error answers, in the shapes that servers use."""

import json
from collections.abc import Iterator
from typing import Any

import attrs

from friendli_facade._rules.keywords import is_array, is_object

_SHOWN = 300  # characters of a body that an error message quotes


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


def message(content: Any) -> str:
    """The words for people in an error's JSON; empty where there are none."""
    if isinstance(content, str):
        return content[:_SHOWN]
    if not is_object(content):
        return ""
    entries = list(details(content))
    if entries:
        return "; ".join(map(str, entries))[:_SHOWN]
    words = (message(content.get(key)) for key in ("message", "detail", "error", "msg"))
    return next(filter(None, words), "")


def details(content: object) -> Iterator[ErrorDetail]:
    """The entries of FastAPI's `detail` list."""
    entries = content.get("detail") if is_object(content) else None
    for entry in entries if is_array(entries) else ():
        if is_object(entry) and isinstance(entry.get("msg"), str):
            place = entry.get("loc")
            parts = place if is_array(place) else ()
            yield ErrorDetail(
                location=tuple(part for part in parts if isinstance(part, str | int)),
                message=entry["msg"],
                type=str(entry.get("type", "")),
            )


def beginning(body: bytes) -> str:
    """How a body begins, on one line."""
    text = " ".join(body[: 4 * _SHOWN].decode("utf-8", errors="replace").split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
