"""What a caller may call a picture, as types."""

import os
from typing import Any, Protocol, TypeAlias, TypedDict

from friendli_api.models import ImageInput


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
