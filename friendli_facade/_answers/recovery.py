"""Finds the pictures that came whole in an answer that is no result: they may be paid for."""

import re
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

import httpx

from friendli_facade._answers.completed import Record
from friendli_facade._answers.parsing import json_value, picture
from friendli_facade._answers.results import asked_seed
from friendli_facade._answers.scanning import Scanner
from friendli_facade._error_answers.printing import hidden, secrets
from friendli_facade._images import media_types
from friendli_facade._images.image import Downloads, Image
from friendli_facade._provenance.completed_calls import CompletedCall
from friendli_facade._requests.calls import Call
from friendli_facade._rules.json_types import is_array, is_number, is_object
from friendli_facade.errors import APIConnectionError, FriendliError, SDKError

# A string, with the colon before it if it is a member's value, whole or not; or a bracket.
_TOKEN = re.compile(rb'(:\s*+)?("[^"\\]*+(?:\\.[^"\\]*+)*+("?))|[][{}]', re.DOTALL)
_MOST_TOKENS = 100_000


@contextmanager
def keeping(
    call: Call, request: httpx.Request, body: Scanner, downloads: Downloads, record: Record
) -> Generator[None]:
    """Gives an error what came of the answer that it is about: its pictures, and a broken body."""
    try:
        yield
    except FriendliError as error:
        if body.size:
            if isinstance(error, APIConnectionError):
                error.body = hidden(body.content(), secrets(request.headers))
            headers = error.headers if isinstance(error, SDKError) else httpx.Headers()
            error.images = tuple(_images(call, record(headers), body, downloads))
        raise


def _images(
    call: Call, made: CompletedCall, body: Scanner, downloads: Downloads
) -> Iterator[Image]:
    pictures = body.pictures()
    left: deque[Any] = deque([_value(body.json())])
    while left:
        entry = left.popleft()
        if is_array(entry):
            left.extend({"": item} if isinstance(item, str) else item for item in entry)
        elif is_object(entry):
            left.extend(entry.values())
            seed, form = entry.get("seed"), entry.get("response_format")
            known = (
                int(seed) if is_number(seed) and seed % 1 == 0 else asked_seed(call.body),
                form if isinstance(form, str) else call.body.get("response_format"),
            )
            texts = ((name, text) for name, text in entry.items() if isinstance(text, str))
            for name, text in texts:
                if name == "url" and text.startswith("http"):
                    yield Image(*known, text, made, None, downloads)
                elif content := _content(text, pictures):
                    yield Image(*known, None, made, content, downloads)


def _content(text: str, pictures: dict[str, bytes]) -> bytes | None:
    """The picture that a string is, if it is one."""
    try:
        content = picture(text, pictures)
    except ValueError:
        return None
    # Many a word could be base64.
    is_picture = text in pictures or media_types.kind(content[: media_types.HEAD])
    return content if is_picture else None


def _value(text: bytes) -> Any:
    """The JSON value of a body, as far as it came; of what is no JSON, the strings in it."""
    for attempt in (text, closed(text)):
        with suppress(ValueError):
            return json_value(attempt)
    strings: list[Any] = []
    for token in _tokens(text):
        with suppress(ValueError):
            strings.append(json_value(token[2]) if token[2] else None)
    return strings


def closed(text: bytes) -> bytes:
    """The JSON of a body that broke off, up to its last whole string or bracket, and closed."""
    opened: list[bytes] = []
    end = depth = 0
    for token in _tokens(text):
        match token[0]:
            case b"{":
                opened.append(b"}")
            case b"[":
                opened.append(b"]")
            case b"}" | b"]" if opened:
                opened.pop()
                end, depth = token.end(), len(opened)
            case _ if token[3] and (token[1] or opened[-1:] == [b"]"]):
                end, depth = token.end(), len(opened)
            case _:
                pass
    return text[:end] + b"".join(reversed(opened[:depth]))


def _tokens(text: bytes) -> Iterator[re.Match[bytes]]:
    return islice(_TOKEN.finditer(text), _MOST_TOKENS)
