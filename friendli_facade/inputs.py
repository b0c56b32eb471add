"""Turns whatever a caller calls a picture into the contract's `ImageInput`.

A string is never opened as a file: a tool that hands its users' text to `image=` must not
upload the server's files. What the facade can look into (files, bytes, base64) must begin like
a picture and hold at most 50 MiB; `{"image": ...}` and `ImageInput` go through as they are.
"""

import binascii
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypedDict, TypeGuard, cast
from urllib.parse import urlsplit

from friendli_api.models import ImageInput
from friendli_api.types import Unset

from friendli_facade import media
from friendli_facade.keywords import is_array, is_object
from friendli_facade.violations import Violation, shortened

MAX_IMAGE_BYTES = 50 * 1024 * 1024  # Friendli's documentation of ImageInput

_URL_START = re.compile(r"https?://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_DATA_URL = re.compile(r"data:image/[\w.+-]+(?:;[\w.+-]+=[^;,]*)*;base64,", re.IGNORECASE)
_PATH = re.compile(r"[~.]?[/\\]|[a-z]:\\|.*\.\w{2,5}\Z|.*[/\\]", re.IGNORECASE | re.DOTALL)
_NOT_AN_IMAGE = 'must be a picture (to send it all the same, pass {"image": <base64 text>})'


class ImageInputTypedDict(TypedDict):
    """`ImageInput` as a plain dict."""

    image: str


class BinaryFile(Protocol):
    """Anything with a `read` that gives bytes: a file opened with `"rb"`, a `BytesIO`."""

    def read(self, size: int = ..., /) -> bytes:
        """The next `size` bytes."""
        ...


class PillowImage(Protocol):
    """A `PIL.Image.Image`, described without importing Pillow."""

    @property
    def mode(self) -> str:
        """How a pixel is stored."""
        ...

    def convert(self, mode: str) -> "PillowImage":
        """The same picture in another mode."""
        ...

    def save(self, fp: Any, format: str | None = None, **params: Any) -> None:  # noqa: A002
        """Encode the picture into a file."""
        ...


ImageSource: TypeAlias = (
    str
    | bytes
    | bytearray
    | memoryview
    | os.PathLike[str]
    | BinaryFile
    | PillowImage
    | ImageInputTypedDict
    | ImageInput
)

# Stands where a picture was refused, so that the other arguments can still be checked.
_REFUSED = ImageInput(image="refused")


class Inputs:
    """Converts a call's pictures, and collects what is wrong with them."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def one_or_more(self, argument: str, value: object) -> ImageInput | list[ImageInput]:
        """The picture, or the list of pictures, that an edit is given."""
        return self._list(argument, value) if is_array(value) else self._one(argument, value)

    def many(
        self, argument: str, value: "Sequence[ImageSource] | None | Unset"
    ) -> list[ImageInput] | None | Unset:
        """The pictures of an argument that takes a list, None or nothing."""
        if value is None or isinstance(value, Unset):
            return value
        if is_array(value):
            return self._list(argument, value)
        self._refuse(argument, "must be a list of pictures", value)
        return [_REFUSED]

    def _list(self, argument: str, values: Sequence[object]) -> list[ImageInput]:
        if not values:
            self._refuse(argument, "must hold at least one picture", values)
        return [self._one(f"{argument}[{index}]", value) for index, value in enumerate(values)]

    def _one(self, argument: str, value: object) -> ImageInput:
        try:
            return _image_input(value)
        except _RefusedError as refused:
            self._refuse(argument + refused.within, refused.rule, value)
            return _REFUSED

    def _refuse(self, argument: str, rule: str, value: object) -> None:
        self.violations.append(Violation(argument, rule, shortened(value)))


class _RefusedError(Exception):
    """A picture that breaks `rule`; `within` is the path below the argument itself."""

    def __init__(self, rule: str, within: str = "") -> None:
        self.rule = rule
        self.within = within


def _image_input(value: object) -> ImageInput:
    if isinstance(value, ImageInput):
        converted = value
    elif is_object(value):
        if "image" not in value:
            raise _RefusedError("is required", ".image")
        converted = ImageInput.from_dict(value)
    elif isinstance(value, str):
        _check_text(value)
        return ImageInput(image=value)
    else:
        return ImageInput(image=_base64(_checked(_read(value))))
    text = cast("object", converted.image)  # the caller's own, so it may be anything
    if isinstance(text, str) and _decoded_size(text) > MAX_IMAGE_BYTES:
        raise _RefusedError(_too_large(_decoded_size(text)), ".image")
    return converted


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
    if not media.media_type(content[: media.HEAD]):
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


def _read(value: object) -> bytes:
    """The content of a local picture, read no further than a byte over the limit."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(cast("bytes", value))
    if isinstance(value, os.PathLike):
        return _read_path(Path(os.fsdecode(cast("os.PathLike[str]", value))))
    if _is_pillow_image(value):
        return _encode(value)
    read: Callable[[int], object] | None = getattr(value, "read", None)
    if not callable(read):
        raise _RefusedError(
            "must be a pathlib.Path, bytes, a binary file, a PIL image, a URL or base64 text"
        )
    try:
        content = read(MAX_IMAGE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _RefusedError(f"must be readable ({error})") from error
    if not isinstance(content, bytes):
        raise _RefusedError('must be a binary file: open it with "rb"')
    if not content:
        raise _RefusedError("must have something left to read: call its seek(0) first")
    return content


def _read_path(path: Path) -> bytes:
    try:
        information = path.stat()
        if stat.S_ISDIR(information.st_mode):
            raise _RefusedError("must be a file, and this is a directory")
        if not stat.S_ISREG(information.st_mode):
            raise _RefusedError("must be a regular file")
        if information.st_size > MAX_IMAGE_BYTES:
            raise _RefusedError(_too_large(information.st_size))
        with path.open("rb") as file:
            return file.read(MAX_IMAGE_BYTES + 1)
    except FileNotFoundError:
        raise _RefusedError("must be a file that exists") from None
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


def _checked(content: bytes) -> bytes:
    if len(content) > MAX_IMAGE_BYTES:
        raise _RefusedError(_too_large(len(content)))
    if not media.media_type(content[: media.HEAD]):
        raise _RefusedError(_NOT_AN_IMAGE)
    return content


def _base64(content: bytes) -> str:
    return binascii.b2a_base64(content, newline=False).decode("ascii")


def _too_large(size: int) -> str:
    return f"must hold at most 50 MiB ({MAX_IMAGE_BYTES} bytes) and holds {size}: make it smaller"
