"""The pictures in a folder, by their names alone, and what of it was left out."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import attrs

from friendli_facade._images import media_types

THUMBNAILS = ".thumbnails"  # the end of the name of a folder of ours


@attrs.frozen
class File:
    """A regular file with a picture's suffix."""

    path: Path
    size: int
    modified: int
    """When it was last written to, in nanoseconds."""


@attrs.frozen
class Folder:
    """The pictures below a folder, in the order of their names.

    `left_out` says in words what could not be looked into. Links are not followed, so nothing from
    elsewhere gets in, and there are no circles; hidden files and folders of thumbnails are not for
    show.
    """

    path: Path
    files: list[File] = attrs.field(factory=list[File])
    left_out: list[str] = attrs.field(factory=list[str])

    @classmethod
    def read(cls, path: Path) -> "Folder":
        """Everything below `path`; raises OSError if it cannot be listed itself."""
        folder = cls(path)
        waiting = folder._listed(path)
        while waiting:
            inner = waiting.pop()
            try:
                waiting += folder._listed(inner)
            except OSError as error:
                folder._leave_out(inner, error)
        folder.files.sort(key=lambda file: file.path)
        return folder

    def _listed(self, path: Path) -> list[Path]:
        """The folders in a folder, whose pictures are taken in."""
        with os.scandir(path) as entries:
            return list(self._taken(entry for entry in entries if not entry.name.startswith(".")))

    def _taken(self, entries: Iterator["os.DirEntry[str]"]) -> Iterator[Path]:
        for entry in entries:
            path = Path(entry.path)
            is_picture = media_types.of_suffix(path.suffix) is not None
            if entry.is_symlink():
                if is_picture or entry.is_dir():
                    self.left_out.append(f"{self.name(path)}: it is a link")
            elif entry.is_dir():
                if not entry.name.endswith(THUMBNAILS):
                    yield path
            elif is_picture:
                try:
                    found = entry.stat(follow_symlinks=False)
                except OSError as error:
                    self._leave_out(path, error)
                    continue
                if stat.S_ISREG(found.st_mode):
                    self.files.append(File(path, found.st_size, found.st_mtime_ns))

    def name(self, path: Path) -> str:
        """What a file is called in here."""
        return path.relative_to(self.path).as_posix()

    def _leave_out(self, path: Path, error: OSError) -> None:
        self.left_out.append(f"{self.name(path)}: {error.strerror or error}")
