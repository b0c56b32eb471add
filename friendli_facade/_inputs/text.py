"""Pictures as text: http(s) URLs, data URLs, base64, and `ImageInput`.

A text is sent as the caller wrote it, or refused. Base64 must be that of a picture, of 50 MiB at
most; `{"image": ...}` and `ImageInput` go through as they are, where they are not too large.
"""

import binascii
import re
from typing import Any
from urllib.parse import urlsplit

from friendli_api.models import ImageInput

from friendli_facade._images import media_types
from friendli_facade._inputs import other_files, sizes
from friendli_facade._rules.json_values import exact, plain
from friendli_facade._rules.violations import RefusedError

_URL_START = re.compile(r"https?://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_DATA_URL = re.compile(r"data:image/[\w.+-]+(?:;[\w.+-]+=[^;,]*)*;base64,", re.IGNORECASE)
_PATH = re.compile(r"file://|[~.]?[/\\]|[a-z]:\\|.*\.\w{2,5}\Z|.*[/\\]", re.IGNORECASE | re.DOTALL)


def image_input(value: Any) -> ImageInput:
    """A text, mapping or `ImageInput` as the contract has it; raises RefusedError."""
    if issubclass(type(value), str):
        text = exact(value)
        _check(text)
        return ImageInput(image=text)
    fields = plain(value.to_dict() if issubclass(type(value), ImageInput) else value)
    if "image" not in fields:
        raise RefusedError("is required", ".image")
    if isinstance(fields["image"], str):
        sizes.check(_decoded_size(fields["image"]), ".image")
    return ImageInput.from_dict(fields)


def is_url(text: str) -> bool:
    """Whether a text is meant as the URL of a picture."""
    return _URL_START.match(text) is not None


def content(text: str) -> bytes | None:
    """The bytes that base64 or a data URL holds; None for a text that is neither."""
    start = _DATA_URL.match(text)
    return _decoded(text[start.end() :] if start else text)


def _check(text: str) -> None:
    if is_url(text):
        try:
            host = urlsplit(text).hostname
        except ValueError:
            host = None
        if not host or any(character.isspace() for character in text):
            raise RefusedError("must be a URL with a host and without white space")
        return
    sizes.check(_decoded_size(text))
    if text[:5].lower() == "data:":
        start = _DATA_URL.match(text)
        if not start:
            raise RefusedError("must be a data URL of a picture: data:image/...;base64,...")
        text = text[start.end() :]
    content = _decoded(text)
    if content is None or not media_types.media_type(content[: media_types.HEAD]):
        raise RefusedError(_complaint(text, content))


def _complaint(text: str, content: bytes | None) -> str:
    """The rule for a text that is no picture, with a hint at what its writer may have meant."""
    rule = "must be an http(s) URL, base64 of a picture or a data URL"
    if content and other_files.kind(content[: media_types.HEAD]):
        return f"{rule} ({other_files.wanted(content[: media_types.HEAD])})"
    if faults := _faults(text):
        return f"must be base64 in its standard form: this {' and '.join(faults)}"
    if len(text) < 1024 and _PATH.match(text) and not _OTHER_SCHEME.match(text):
        return f"{rule}; to upload a file, pass pathlib.Path(...)"
    return rule


def _faults(text: str) -> list[str]:
    """What to mend in a text so that it is base64 of a picture; empty where that is not enough."""
    spaceless = "".join(text.split())
    standard = spaceless.replace("-", "+").replace("_", "/")
    padded = standard.rstrip("=")
    padded += "=" * (-len(padded) % 4)
    content = _decoded(padded)
    if content is None or not media_types.media_type(content[: media_types.HEAD]):
        return []
    steps = (
        ("has white space or line breaks", text, spaceless),
        ("has - and _, which the URL alphabet has for + and /", spaceless, standard),
        ("is not padded with = to a multiple of four", standard, padded),
    )
    return [fault for fault, before, after in steps if before != after]


def _decoded(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None


def _decoded_size(text: str) -> int:
    """How many bytes base64 text holds, at most; 0 for a URL, whose picture the server fetches."""
    if is_url(text):
        return 0
    start = _DATA_URL.match(text)
    return (len(text) - (start.end() if start else 0)) // 4 * 3 - text.endswith("=")
