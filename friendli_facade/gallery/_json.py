"""What the page is told of pictures."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from friendli_facade._provenance.requests import RequestPicture
from friendli_facade._rules.violations import printable
from friendli_facade.gallery._pictures import Picture

_LONGEST = 128 * 1024  # characters of a text: prompts may have megabytes, and pictures are many


def picture(one: Picture, page: Path, places: Mapping[str, int]) -> dict[str, Any]:
    """A picture, with URLs as the page needs them; `places` are those of inputs, by digest."""
    made = one.provenance
    body: Mapping[str, Any] = made.request.body if made else {}
    return {
        "name": printable(one.name),  # a name is to be told from others
        "url": _url(one.file.path, page),
        "thumbnail": _url(one.preview.path, page) if one.preview else None,
        "shown": not one.is_input,
        "time": made.created_text if made else _time(one.file.modified),
        "prompt": _text(body["prompt"]) if "prompt" in body else None,
        "model": _text(made.model) if made and made.model else None,
        # As a text: an integer may be larger than those of JavaScript.
        "seed": str(made.seed) if made and made.seed is not None else None,
        "facts": [[_text(name), _text(value)] for name, value in _facts(one)],
        "inputs": [_input(asked, places) for asked in made.request.pictures] if made else [],
        "again": made is not None,
        "problems": [printable(words) for words in one.problems],
    }


def _facts(one: Picture) -> Iterator[tuple[str, Any]]:
    """What is told beside the prompt, in the order of the page."""
    if one.preview:
        yield "Pixels", f"{one.preview.width} \N{MULTIPLICATION SIGN} {one.preview.height}"
    made = one.provenance
    if made is None:
        return
    for name, value in (("Model", made.model), ("Seed", made.seed)):
        if value is not None:
            yield name, value
    for name, value in made.request.arguments.items():
        if name not in {"model", "prompt", "seed"}:
            yield name, value
    yield "Operation", made.request.operation
    if made.request_id is not None:
        yield "Request", made.request_id
    yield "Program", made.generator


def _input(asked: RequestPicture, places: Mapping[str, int]) -> dict[str, Any]:
    place = places.get(asked.sha256 or "")
    if asked.url is not None:
        words = f"at {asked.url}" + (" (the URL is cut)" if asked.is_cut else "")
    else:
        facts = [asked.media_type, asked.size and f"{asked.size} bytes"]
        words = ", ".join(["not found here", *(str(fact) for fact in facts if fact)])
        words += f", sha256 {asked.sha256}" if asked.sha256 else ""
    return {"argument": _text(asked.argument), "picture": place, "words": _text(words)}


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    left_out = len(text) - _LONGEST
    return f"{text[:_LONGEST]}… ({left_out} characters more)" if left_out > 0 else text


def _time(nanoseconds: int) -> str | None:
    try:
        return datetime.fromtimestamp(nanoseconds // 10**9, UTC).isoformat()
    except (OSError, OverflowError, ValueError):  # a file system may hold any number
        return None


def _url(path: Path, page: Path) -> str:
    """The URL of a file, as it leads there from the page."""
    return quote(os.fsencode(os.path.relpath(path, page.parent).replace(os.sep, "/")))
