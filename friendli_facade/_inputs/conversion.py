"""Turns whatever a caller calls a picture into the contract's `ImageInput`.

A string is never opened as a file: a tool that hands its users' text to `image=` must not
upload the server's files. What the facade can look into (files, bytes, base64) must begin like
a picture and hold at most 50 MiB; `{"image": ...}` and `ImageInput` go through as they are.
"""

import binascii
import io
import os
import re
import secrets
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeGuard, cast
from urllib.parse import urlsplit

from friendli_api.models import ImageInput

from friendli_facade._images import media_types
from friendli_facade._inputs.image_source import PillowImage
from friendli_facade._inputs.pictures import Picture
from friendli_facade._inputs.reading import File, Held, Source, of_stream
from friendli_facade._rules.keywords import is_array, is_object
from friendli_facade._rules.violations import Violation, shortened

MAX_IMAGE_BYTES = 50 * 1024 * 1024  # Friendli's documentation of ImageInput

_URL_START = re.compile(r"https?://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_DATA_URL = re.compile(r"data:image/[\w.+-]+(?:;[\w.+-]+=[^;,]*)*;base64,", re.IGNORECASE)
_PATH = re.compile(r"[~.]?[/\\]|[a-z]:\\|.*\.\w{2,5}\Z|.*[/\\]", re.IGNORECASE | re.DOTALL)
_NOT_AN_IMAGE = 'must be a picture (to send it all the same, pass {"image": <base64 text>})'


# Stands where a picture was refused, so that the other arguments can still be checked.
_REFUSED = ImageInput(image="refused")


class Inputs:
    """A call's pictures: what stands for them in the body, and what is wrong with them.

    Texts and `ImageInput` are converted at once. For a local picture a name is put into the
    body, and `read` looks into the pictures themselves, which may take time.
    """

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self.pictures: dict[str, Picture] = {}
        self._local: dict[str, tuple[str, object]] = {}
        self._name = ""

    @property
    def is_read(self) -> bool:
        """Whether there is nothing to read."""
        return not self._local

    def read(self) -> None:
        """Opens and checks the local pictures."""
        for name, (argument, value) in self._local.items():
            with self._refusals(argument, value):
                self.pictures[name] = Picture(argument, _checked(_source(value)))
        self._local.clear()

    def one_or_more(self, argument: str, value: object) -> ImageInput | list[ImageInput]:
        """The picture, or the list of pictures, that an edit is given."""
        return self._list(argument, value) if is_array(value) else self._one(argument, value)

    def many(self, argument: str, value: object) -> list[ImageInput] | None:
        """The pictures of an argument that takes a list; None stays None."""
        if value is None:
            return None
        if is_array(value):
            return self._list(argument, value)
        self._refuse(argument, "must be a list of pictures", value)
        return []

    def _list(self, argument: str, values: Sequence[object]) -> list[ImageInput]:
        if not values:
            self._refuse(argument, "must hold at least one picture", values)
        return [self._one(f"{argument}[{index}]", value) for index, value in enumerate(values)]

    def _one(self, argument: str, value: object) -> ImageInput:
        if isinstance(value, str | ImageInput) or is_object(value):
            with self._refusals(argument, value):
                return _converted(value)
            return _REFUSED
        # No caller's text can hold the name, and no name begins with another.
        self._name = self._name or secrets.token_hex(16)
        name = f"{self._name}-{len(self._local):09d}"
        self._local[name] = argument, value
        return ImageInput(image=name)

    @contextmanager
    def _refusals(self, argument: str, value: object) -> Generator[None]:
        try:
            yield
        except _RefusedError as refused:
            self._refuse(argument + refused.within, refused.rule, value)

    def _refuse(self, argument: str, rule: str, value: object) -> None:
        self.violations.append(Violation(argument, rule, shortened(value)))


class _RefusedError(Exception):
    """A picture that breaks `rule`; `within` is the path below the argument itself."""

    def __init__(self, rule: str, within: str = "") -> None:
        self.rule = rule
        self.within = within


def _converted(value: str | ImageInput | Mapping[str, Any]) -> ImageInput:
    if isinstance(value, str):
        _check_text(value)
        return ImageInput(image=value)
    if not isinstance(value, ImageInput):
        if "image" not in value:
            raise _RefusedError("is required", ".image")
        value = ImageInput.from_dict(value)
    text = cast("object", value.image)  # the caller's own, so it may be anything
    if isinstance(text, str) and _decoded_size(text) > MAX_IMAGE_BYTES:
        raise _RefusedError(_too_large(_decoded_size(text)), ".image")
    return value


def _check_text(text: str) -> None:
    if _URL_START.match(text):
        try:
            host = urlsplit(text).hostname
        except ValueError:
            host = None
        if not host or any(character.isspace() for character in text):
            raise _RefusedError("must be a URL with a host and without white space")
        return
    if text[:5].lower() == "data:":
        start = _DATA_URL.match(text)
        if not start:
            raise _RefusedError("must be a data URL of a picture: data:image/...;base64,...")
        text = text[start.end() :]
    if _decoded_size(text) > MAX_IMAGE_BYTES:
        raise _RefusedError(_too_large(_decoded_size(text)))
    try:
        content = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        content = b""
    if not media_types.media_type(content[: media_types.HEAD]):
        raise _RefusedError(_what_else(text))


def _what_else(text: str) -> str:
    """The rule for a text that is no picture, with a hint at what its writer may have meant."""
    rule = "must be an http(s) URL, base64 of a picture or a data URL"
    if len(text) < 1024 and (text[:7].lower() == "file://" or _PATH.match(text)):
        if _OTHER_SCHEME.match(text) and text[:7].lower() != "file://":
            return rule
        return f"{rule}; to upload a file, pass pathlib.Path(...)"
    return rule


def _decoded_size(text: str) -> int:
    """How many bytes base64 text holds, at most; 0 for a URL, whose picture the server fetches."""
    if _URL_START.match(text):
        return 0
    start = _DATA_URL.match(text)
    return (len(text) - (start.end() if start else 0)) // 4 * 3 - text.endswith("=")


def _source(value: object) -> Source:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return Held(bytes(cast("bytes", value)))
    if isinstance(value, os.PathLike):
        return _file(cast("os.PathLike[str]", value))
    if _is_pillow_image(value):
        return Held(_encode(value))
    if not callable(getattr(value, "read", None)):
        raise _RefusedError(
            "must be a pathlib.Path, bytes, a binary file, a PIL image, a URL or base64 text"
        )
    try:
        source = of_stream(value, MAX_IMAGE_BYTES)
    except TypeError:
        raise _RefusedError('must be a binary file: open it with "rb"') from None
    except (OSError, ValueError) as error:
        raise _RefusedError(f"must be readable ({error})") from error
    if not source.size:
        raise _RefusedError("must have something left to read: call its seek(0) first")
    return source


def _file(path: os.PathLike[str]) -> Source:
    try:
        return File.of(Path(os.fsdecode(path)))
    except FileNotFoundError:
        raise _RefusedError("must be a file that exists") from None
    except IsADirectoryError:
        raise _RefusedError("must be a file, and this is a directory") from None
    except (OSError, ValueError) as error:
        raise _RefusedError(f"must be a readable file ({error})") from error


def _is_pillow_image(value: object) -> TypeGuard[PillowImage]:
    # Without Pillow imported, nobody can hold a Pillow image.
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(value, pillow.Image)


def _encode(image: PillowImage) -> bytes:
    """A Pillow image as PNG, which loses nothing; modes that PNG lacks become RGB."""
    target = io.BytesIO()
    try:
        if image.mode not in {"1", "L", "LA", "I;16", "P", "RGB", "RGBA"}:
            image = image.convert("RGBA" if image.mode in {"RGBa", "La", "PA"} else "RGB")
        image.save(target, format="PNG")
    except (OSError, ValueError, SystemError) as error:
        raise _RefusedError(f"must be a picture that can be written as PNG ({error})") from error
    return target.getvalue()


def _checked(source: Source) -> Source:
    """`source`, if it begins like a picture and is not too large."""
    if source.size > MAX_IMAGE_BYTES:
        raise _RefusedError(_too_large(source.size))
    pieces = source.pieces()
    try:
        head = next(pieces, b"")[: media_types.HEAD]
    except OSError as error:
        raise _RefusedError(f"must be a readable file ({error})") from error
    finally:
        pieces.close()
    if not media_types.media_type(head):
        raise _RefusedError(_NOT_AN_IMAGE)
    return source


def _too_large(size: int) -> str:
    return f"must hold at most 50 MiB ({MAX_IMAGE_BYTES} bytes) and holds {size}: make it smaller"
