"""How pictures in files were made, read from what `save(path, metadata=True)` wrote there.

docs/provenance.md describes what that is.
"""

import errno
import io
import os
import stat
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast

import attrs

from friendli_facade._images import sidecars
from friendli_facade._inputs import pillow
from friendli_facade._provenance import files, jpeg, packets, png
from friendli_facade._provenance.documents import (
    MOST,
    Document,
    MetadataWarning,
    UnreadableError,
    is_ours,
)
from friendli_facade._provenance.splices import digest, pieces
from friendli_facade.errors import ProvenanceError

if TYPE_CHECKING:
    import PIL.Image

__all__ = ["MetadataWarning", "Provenance"]


@attrs.frozen
class Provenance(Document):
    """How a picture was made, and when, by its file.

    Whoever had the file may have written this: it is a claim, and no proof.
    """

    @classmethod
    def of(
        cls, picture: "str | os.PathLike[str] | bytes | bytearray | memoryview | PIL.Image.Image"
    ) -> Self | None:
        """How a picture was made: of a file, of bytes, or of a PIL image; None if it says nothing.

        A file may have it beside it, in `NAME.json`, which counts where its digest is that of the
        picture. Of a PIL image it is what Pillow read from the file. The memory that it takes is
        bounded, whatever the file holds.

        Raises ProvenanceError where it cannot be told, and OSError where a file cannot be read.
        """
        if pillow.is_image(picture):
            with _words("the image"):
                return cls._read(_of_pillow(picture))
        if isinstance(picture, str | os.PathLike):
            return cls._of_file(Path(picture))
        with _words("the picture"):
            return cls._read(files.found(io.BytesIO(_bytes(picture))))

    @classmethod
    async def aof(cls, path: str | os.PathLike[str]) -> Self | None:
        """The same as `of` for a file, read in a thread."""
        from friendli_facade._language import threads

        return await threads.run(cls.of, path)

    @staticmethod
    def removed_from(picture: bytes | bytearray | memoryview) -> bytes:
        """The bytes of a picture without what was written into it: as they came.

        Of a picture that carries nothing they are the same. Raises ProvenanceError for one that
        is broken.
        """
        content = io.BytesIO(_bytes(picture))
        with _words("the picture"):
            return b"".join(pieces(content, files.removal(content)))

    @classmethod
    def _of_file(cls, path: Path) -> Self | None:
        with _regular(path) as file:
            beside = cls._beside(path)
            if beside is not None and beside.is_of(file):
                return beside
            with _words(str(path)):
                found = cls._read(files.found(file))
        if found is None and beside is not None:
            raise ProvenanceError(
                f"{sidecars.sidecar(path)} is about another picture: its digest is not that of "
                f"{path.name}"
            )
        return found

    @classmethod
    def _beside(cls, path: Path) -> Self | None:
        """What a file beside a picture tells, if it is one of ours."""
        sidecar = sidecars.sidecar(path)
        if not sidecar.is_file():
            return None
        with sidecar.open("rb") as file, _words(str(sidecar)):
            text = file.read(MOST + 1)
            return cls.read(text) if is_ours(text) else None

    @classmethod
    def _read(cls, text: bytes | None) -> Self | None:
        return None if text is None else cls.read(text)

    def is_of(self, picture: BinaryIO) -> bool:
        """Whether a file is the picture as it came, byte for byte."""
        if picture.seek(0, io.SEEK_END) != self.size:
            return False
        return digest(picture) == self.sha256


def _bytes(picture: object) -> bytes:
    """The bytes that a caller gives; raises TypeError for anything else."""
    if isinstance(picture, bytes):
        return picture
    if isinstance(picture, bytearray | memoryview):
        return bytes(cast("bytes", picture))
    kind = type(picture).__name__
    raise TypeError(f"a picture must be a path, bytes or a PIL image, not {kind}")


@contextmanager
def _regular(path: Path) -> Generator[BinaryIO]:
    """A file that ends: reading a pipe might not."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    with path.open("rb") as file:
        yield file


@contextmanager
def _words(name: str) -> Generator[None]:
    try:
        yield
    except UnreadableError as error:
        raise ProvenanceError(f"what {name} tells of itself cannot be read: {error}") from None


def _of_pillow(image: "PIL.Image.Image") -> bytes | None:
    """The document in what Pillow keeps of a file."""
    segments: Any = getattr(image, "applist", ())
    found = jpeg.of_contents(content for name, content in segments if name == "APP1")
    info: Mapping[Any, Any] = image.info
    texts = {
        name: text.encode(errors="surrogatepass") if isinstance(text, str) else text
        for name, text in info.items()
        if name in {png.XMP, png.KEYWORD} and isinstance(text, str | bytes)
    }
    packet = info.get("xmp")
    if found is None and isinstance(packet, bytes):
        found = packets.provenance(packet)
    return png.of_texts(texts) if found is None else found
