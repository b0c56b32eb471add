"""Writes a picture to disk, whole or not at all."""

import errno
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import attrs

from friendli_facade._inputs import media_types


@attrs.define
class Part:
    """A file that is being written beside its place, and takes it when it is done."""

    file: BinaryIO
    path: Path
    place: Path
    overwrite: bool

    def finish(self) -> Path:
        """Where the picture is now: its place, with the content's suffix if it had none."""
        self.file.seek(0)
        suffix = media_types.suffix(media_types.media_type(self.file.read(media_types.HEAD)))
        self.file.close()
        place = self.place if self.place.suffix else self.place.with_name(self.place.name + suffix)
        if self.overwrite:
            self.path.replace(place)
        else:
            _rename_without_overwriting(self.path, place)
        return place


@contextmanager
def part_of(place: Path, *, overwrite: bool) -> Generator[Part]:
    """A new file beside `place`, which is gone in the end, unless it was finished."""
    if not overwrite and place.suffix and place.exists():
        raise _exists(place)  # before anything is downloaded
    path = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
    try:
        with path.open("xb+") as file:
            yield Part(file, path, place, overwrite)
    finally:
        path.unlink(missing_ok=True)


def _rename_without_overwriting(path: Path, place: Path) -> None:
    try:
        place.hardlink_to(path)
    except FileExistsError:
        raise _exists(place) from None
    except OSError:
        # A file system without hard links cannot do both at once.
        if place.exists():
            raise _exists(place) from None
        path.replace(place)


def _exists(place: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, "pass overwrite=True to replace the file", str(place))
