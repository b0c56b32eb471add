"""Results: pictures, and the shape in which Friendli's documentation has them."""

import binascii
import html
import io
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs
from friendli_api.models import B64ImageItem, ImageGenerationContainerResult, UrlImageItem

from friendli_facade._answers import saving
from friendli_facade._answers.downloads import Downloads
from friendli_facade._inputs import media_types

if TYPE_CHECKING:
    import PIL.Image

__all__ = ["ContainerImageGenerateSuccess", "DedicatedImageGenerateSuccess", "Image"]


Result = TypeVar("Result")
# The bytes of a picture's text in an answer; raises ValueError.
Decode = Callable[[str], bytes]


@attrs.define(eq=False, repr=False)
class Image:
    """One picture of a result.

    `seed` is the seed it was drawn with (in a container's answer, which does not say, the seed
    that was asked for), `response_format` what Friendli calls its format, `url` where it lies
    if it did not come along. The methods that begin with `a` are for `AsyncFriendli`; a picture
    that came along can be read either way.
    """

    seed: int | None
    response_format: str | None
    url: str | None
    _content: bytes | None
    _downloads: Downloads

    @property
    def media_type(self) -> str | None:
        """`image/png`, say, told from the bytes; None if unknown, or not downloaded yet."""
        return media_types.media_type(self._content[: media_types.HEAD]) if self._content else None

    @property
    def b64_json(self) -> str | None:
        """The picture as base64 text; None if it is at a URL."""
        return None if self.url is not None or self._content is None else _encode(self._content)

    def read(self) -> bytes:
        """The picture's bytes, decoded or downloaded; raises DownloadError."""
        if self._content is None:
            file = io.BytesIO()
            self._downloads.fetch(self.url or "", file)
            self._content = file.getvalue()
        return self._content

    async def aread(self) -> bytes:
        """The picture's bytes, decoded or downloaded; raises DownloadError."""
        if self._content is None:
            file = io.BytesIO()
            await self._downloads.afetch(self.url or "", file)
            self._content = file.getvalue()
        return self._content

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """The path of the file that now holds the picture: `path`, with a suffix if it had none.

        In a directory, the file is named after the seed. The file appears whole or not at all; a
        picture at a URL is streamed to disk. Raises FileExistsError unless `overwrite`, and
        DownloadError.
        """
        with saving.part_of(self._place(path), overwrite=overwrite) as part:
            if self._content is None:
                self._downloads.fetch(self.url or "", part.file)
            else:
                part.file.write(self._content)
            return part.finish()

    async def asave(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """The same as `save`, awaited."""
        with saving.part_of(self._place(path), overwrite=overwrite) as part:
            if self._content is None:
                await self._downloads.afetch(self.url or "", part.file)
            else:
                part.file.write(self._content)
            return part.finish()

    def to_pil(self) -> "PIL.Image.Image":
        """The picture as a Pillow image; needs the `images` extra."""
        return _pillow(self.read())

    async def ato_pil(self) -> "PIL.Image.Image":
        """The picture as a Pillow image; needs the `images` extra."""
        return _pillow(await self.aread())

    def _place(self, path: str | os.PathLike[str]) -> Path:
        place = Path(path)
        name = "image" if self.seed is None else f"image-{self.seed}"
        return place / name if place.is_dir() else place

    def __repr__(self) -> str:
        parts = {"seed": self.seed, "response_format": self.response_format}
        shown = [f"{name}={value!r}" for name, value in parts.items()]
        if self.url is not None:
            shown.append(f"url={self.url!r}")
        if self._content is not None:
            shown.append(f"<{self.media_type}, {len(self._content)} bytes>")
        return f"Image({', '.join(shown)})"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.html()

    def html(self) -> str:
        """An `<img>` element that shows the picture, or its URL's."""
        source = self.url
        if self._content is not None:
            source = f"data:{self.media_type or 'image/png'};base64,{_encode(self._content)}"
        return f'<img src="{html.escape(source or "")}" alt="seed {self.seed}">'


@attrs.frozen(eq=False)
class DedicatedImageGenerateSuccess:
    """The pictures of a dedicated endpoint's answer, one or more."""

    images: Sequence[Image]

    @property
    def data(self) -> Sequence[Image]:
        """The same pictures, under the name that they have on the wire."""
        return self.images

    def _repr_html_(self) -> str:
        return _gallery(self.images)


@attrs.frozen(eq=False)
class ContainerImageGenerateSuccess:
    """The picture of a container's answer."""

    images: Sequence[Image]

    @property
    def image(self) -> str:
        """The picture as base64 text."""
        return _encode(self.images[0].read())

    def _repr_html_(self) -> str:
        return _gallery(self.images)


def _dedicated(
    payload: Any,
    _body: Mapping[str, Any],
    decode: Decode,
    downloads: Downloads,
) -> DedicatedImageGenerateSuccess:
    """The result of a dedicated answer."""
    images: list[Image] = []
    # Seeds go through int: JSON Schema calls 7.0 an integer too.
    for entry in payload["data"]:
        # The generated parser takes the first kind whose keys are there, null or not.
        if isinstance(entry.get("b64_json"), str):
            item = B64ImageItem.from_dict(entry)
            content = decode(item.b64_json)
            images.append(Image(int(item.seed), item.response_format, None, content, downloads))
        else:
            place = UrlImageItem.from_dict(entry)
            seed = int(place.seed)
            images.append(Image(seed, place.response_format, place.url, None, downloads))
    return DedicatedImageGenerateSuccess(tuple(images))


def _container(
    payload: Any, body: Mapping[str, Any], decode: Decode, downloads: Downloads
) -> ContainerImageGenerateSuccess:
    """The result of a container's answer, which repeats neither seed nor format."""
    content = decode(ImageGenerationContainerResult.from_dict(payload).image)
    seed = None if body.get("seed") is None else int(body["seed"])
    image = Image(seed, body.get("response_format"), None, content, downloads)
    return ContainerImageGenerateSuccess((image,))


_READERS: Mapping[type[Any], Callable[..., Any]] = {
    DedicatedImageGenerateSuccess: _dedicated,
    ContainerImageGenerateSuccess: _container,
}


def read(
    kind: type[Result], payload: Any, body: Mapping[str, Any], decode: Decode, downloads: Downloads
) -> Result:
    """The result, of type `kind`, of an answer's JSON; raises ValueError where base64 is none.

    `body` is what was asked for.
    """
    return cast("Result", _READERS[kind](payload, body, decode, downloads))


def _encode(content: bytes) -> str:
    return binascii.b2a_base64(content, newline=False).decode("ascii")


def _pillow(content: bytes) -> "PIL.Image.Image":
    try:
        import PIL.Image
    except ImportError as error:
        message = "to_pil needs Pillow: pip install 'friendli-facade[images]'"
        raise ImportError(message) from error
    image = PIL.Image.open(io.BytesIO(content))
    image.load()
    return image


def _gallery(images: Sequence[Image]) -> str:
    return "".join(image.html() for image in images)
