"""A picture of a result, and what can be done with it."""

import binascii
import io
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Protocol, SupportsIndex, overload

import attrs

from friendli_facade._error_answers.printing import shown
from friendli_facade._images import media_types, notebook, opening, saving
from friendli_facade._provenance.completed_calls import CompletedCall

if TYPE_CHECKING:
    import PIL.Image


class Downloads(Protocol):
    """Fetches pictures into files, in the caller's thread or on the event loop."""

    is_awaited: ClassVar[bool]
    """Whether only `afetch` can fetch."""

    def fetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        ...

    async def afetch(self, url: str, file: BinaryIO) -> None:
        """Writes the picture at `url` to `file`; raises DownloadError."""
        ...


@attrs.define(eq=False, repr=False)
class Image:
    """One picture of a result.

    The methods that begin with `a` are for `AsyncFriendli`; a picture that came along can be
    read either way. It can be pickled and copied: a picture that was not fetched yet takes its
    URL along, and is fetched on the other side by a client with default settings.
    """

    seed: int | None
    """The seed that it was drawn with.

    A container's answer does not say: it is the seed that was asked for, or None.
    """

    response_format: str | None
    """What Friendli calls its format; of a container, the one that was asked for, or None."""

    url: str | None
    """Where it lies; None if it came along."""

    call: CompletedCall
    """How it came about: `call.request` is what was asked for; its result tells the same."""

    _content: bytes | None
    _downloads: Downloads

    @property
    def media_type(self) -> str | None:
        """`image/png`, say, told from the bytes; None if unknown, or not downloaded yet."""
        return media_types.media_type(self._content[: media_types.HEAD]) if self._content else None

    @property
    def b64_json(self) -> str | None:
        """The picture as base64 text; None if it is at a URL."""
        return None if self.url is not None or self._content is None else encoded(self._content)

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

    def save(
        self, path: str | os.PathLike[str], *, overwrite: bool = False, metadata: bool = False
    ) -> Path:
        """The path of the file that now holds the picture.

        It is `path`, with the picture's suffix unless it has one: `flux-1.5` becomes
        `flux-1.5.png`. In a folder, the file is named after the seed. Folders that are missing
        are made. The file appears whole or not at all; a picture at a URL is streamed to disk.
        With `overwrite` an older file keeps its mode, and a symbolic link is followed.

        With `metadata` the file tells how it was made, to `Provenance.of` and to programs that
        read XMP: the prompt and all else that was asked for, and that a model drew it. The picture
        itself is not encoded anew. PNG, JPEG and WebP have it inside; other pictures, and one that
        has no place for it, have it beside them, in `NAME.json`. What could not be written is a
        MetadataWarning: the picture is there in any case.

        Raises FileExistsError unless `overwrite`, another OSError where the file cannot be
        written, ValueError for the suffix of another kind of picture, and DownloadError.
        """
        part = self._part(path, overwrite, metadata)
        try:
            part.begin()
            if self._content is None:
                with part.naming():
                    self._downloads.fetch(self.url or "", part.file)
            place = part.finish(self._content)
        finally:
            part.discard()
        _warn(part, place)
        return place

    async def asave(
        self, path: str | os.PathLike[str], *, overwrite: bool = False, metadata: bool = False
    ) -> Path:
        """The same as `save`, awaited; files are written in a thread."""
        import anyio  # which sync callers do not need

        from friendli_facade._language import threads

        part = self._part(path, overwrite, metadata)
        try:
            await threads.run(part.begin)
            if self._content is None:
                with part.naming():
                    await self._downloads.afetch(self.url or "", part.file)
            place = await threads.run(part.finish, self._content)
        finally:
            with anyio.CancelScope(shield=True):
                await threads.run(part.discard)
        _warn(part, place)
        return place

    def to_pil(self) -> "PIL.Image.Image":
        """The picture as a Pillow image; needs the `images` extra.

        Pillow is asked for the kind that the bytes are, and for no other: raises its
        UnidentifiedImageError for a picture of another kind, and DownloadError.
        """
        return opening.loaded(self.read())

    async def ato_pil(self) -> "PIL.Image.Image":
        """The same as `to_pil`, awaited."""
        from friendli_facade._language import threads

        return await threads.run(opening.loaded, await self.aread())

    def _part(self, path: str | os.PathLike[str], overwrite: bool, metadata: bool) -> saving.Part:
        # A name of 255 bytes is the longest that common file systems take.
        name = "image" if self.seed is None else f"image-{str(self.seed)[:200]}"
        head = None if self._content is None else self._content[: media_types.HEAD]
        part = saving.Part(path, name, head, overwrite)
        if metadata:
            from friendli_facade._images.metadata import Metadata  # which few calls need

            part.metadata = Metadata(self.call, self.seed, self.response_format)
        return part

    def __repr__(self) -> str:
        parts = {"seed": self.seed, "response_format": self.response_format}
        told = [f"{name}={value!r}" for name, value in parts.items()]
        if self.url is not None:
            told.append(f"url={shown(self.url)!r}")
        if self._content is not None:
            told.append(f"<{self.media_type}, {len(self._content)} bytes>")
        return f"Image({', '.join(told)})"

    def _repr_mimebundle_(self, **_: object) -> notebook.Bundle:
        """What a notebook shows."""
        return notebook.of_pictures([self.figure()])

    def figure(self) -> notebook.Figure:
        """What a notebook shows of it."""
        return notebook.Figure(self._shown, lambda: self.call.request.body.get("prompt"), self.seed)

    def _shown(self) -> bytes:
        if self._content is None and self._downloads.is_awaited:
            raise notebook.NotShownError("This picture is not fetched yet: await result.aread()")
        return self.read()


def _warn(part: saving.Part, place: Path) -> None:
    """Of a picture that was saved, in the name of who saved it."""
    if part.problem:
        from friendli_facade._provenance.documents import MetadataWarning

        warnings.warn(MetadataWarning(place, part.problem), stacklevel=3)


@attrs.define(eq=False, repr=False)
class URLImageItem(Image):
    """A picture of a dedicated endpoint's answer that lies at a URL."""


@attrs.define(eq=False, repr=False)
class B64ImageItem(Image):
    """A picture of a dedicated endpoint's answer that came along."""


class Images(tuple[Image, ...]):
    """Pictures in their order, which a notebook shows side by side.

    A result's `images` are one, and so is any part of them; `Images([...])` is of any pictures.
    """

    __slots__ = ()

    @overload
    def __getitem__(self, key: SupportsIndex, /) -> Image: ...
    @overload
    def __getitem__(self, key: slice, /) -> "Images": ...
    def __getitem__(self, key: SupportsIndex | slice, /) -> "Image | Images":
        """The picture at an index, or those of a slice."""
        found = super().__getitem__(key)
        return Images(found) if isinstance(found, tuple) else found

    def read(self) -> tuple[bytes, ...]:
        """The bytes of each picture, decoded or downloaded; raises DownloadError."""
        return tuple(image.read() for image in self)

    async def aread(self) -> tuple[bytes, ...]:
        """The same as `read`, awaited."""
        return tuple([await image.aread() for image in self])

    def _repr_mimebundle_(self, **_: object) -> notebook.Bundle:
        """What a notebook shows."""
        return notebook.of_pictures([image.figure() for image in self])


def encoded(content: bytes) -> str:
    """Bytes as base64 text."""
    return binascii.b2a_base64(content, newline=False).decode("ascii")
