"""Small copies of pictures, in a folder beside the page."""

import errno
import hashlib
import io
import os
import re
from pathlib import Path
from typing import BinaryIO

import attrs
from PIL import Image, UnidentifiedImageError

from friendli_facade._images import media_types
from friendli_facade._inputs import pillow
from friendli_facade.gallery import _files
from friendli_facade.gallery._folder import File

SIDE = 400  # pixels of the longer side: a card on a screen of double density
# What Friendli draws has four million; a file of a few bytes may claim any number.
_MOST_PIXELS = 64 * 1024 * 1024
_LARGEST_PROFILE = 16 * 1024  # bytes; it goes into every thumbnail
_OURS = re.compile(r"[0-9a-f]{32}\.webp")
_VERSION = 1  # one more where thumbnails are made in another way


class NoPreviewError(ValueError):
    """A file of which there is no small copy; the words say why."""


@attrs.frozen
class Preview:
    """The file of a thumbnail, and how large the picture itself is, in pixels."""

    path: Path
    width: int
    height: int


@attrs.frozen
class Thumbnails:
    """The thumbnails of a page."""

    folder: Path

    def begin(self) -> None:
        """Makes the folder; raises OSError."""
        # Through a link, files in another folder would be replaced and deleted.
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise NotADirectoryError(errno.ENOTDIR, "it is no folder", str(self.folder))
        self.folder.mkdir(exist_ok=True)

    def of(self, file: File, name: str) -> Preview:
        """The thumbnail of a picture, which is made unless there is that of the same file.

        Raises NoPreviewError, and OSError where it cannot be written.
        """
        place = self.folder / _key(file, name)
        try:
            with file.path.open("rb") as content, _opened(content) as image:
                width, height = image.size
                thumbnail = None if place.is_file() else _made(image)
        except NoPreviewError:
            raise
        except UnidentifiedImageError:  # whose words have the whole path
            raise NoPreviewError("it is broken") from None
        except Exception as error:  # each of Pillow's plugins has its own
            words = error.strerror if isinstance(error, OSError) else None
            raise NoPreviewError(f"it cannot be read ({words or error})") from error
        if thumbnail is not None:
            _files.write(place, thumbnail)
        return Preview(place, width, height)

    def keep(self, kept: set[Path]) -> None:
        """Deletes the thumbnails of pictures that are there no more."""
        for path in self.folder.iterdir():
            if _OURS.fullmatch(path.name) and path not in kept:
                path.unlink(missing_ok=True)  # another run may do the same


def _key(file: File, name: str) -> str:
    """A name that is another one once the file is."""
    facts = os.fsencode(f"{_VERSION}/{file.size}/{file.modified}/{name}")
    return f"{hashlib.sha256(facts).hexdigest()[:32]}.webp"


def _opened(content: BinaryIO) -> Image.Image:
    kind = media_types.kind(content.read(media_types.HEAD))
    content.seek(0)
    if kind is None:
        raise NoPreviewError("it is of no kind that is known here")
    try:
        # By the kind that the bytes are, and no other: an EPS would start Ghostscript.
        return Image.open(content, formats=(kind.pillow,))
    except KeyError:
        raise NoPreviewError(f"this Pillow does not read {kind.media_type}") from None


def _made(image: Image.Image) -> bytes:
    pixels = image.width * image.height
    if pixels > _MOST_PIXELS:
        raise NoPreviewError(f"it has {pixels} pixels, more than {_MOST_PIXELS}")
    if image.mode in {"L", "RGB", "RGBA"} and "transparency" not in image.info:
        # Before anything is copied; a JPEG is even read at a fraction of its size.
        image.thumbnail((SIDE, SIDE), reducing_gap=2)
    shown, profile = pillow.displayed(image)
    shown.thumbnail((SIDE, SIDE), reducing_gap=2)
    if profile is not None and len(profile) > _LARGEST_PROFILE:
        profile = None
    target = io.BytesIO()
    shown.save(target, "WEBP", quality=80, method=2, icc_profile=profile)
    return target.getvalue()
