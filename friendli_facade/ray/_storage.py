"""Where pictures go: a folder of any file system that pyarrow knows, each whole or not at all."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import attrs

from friendli_facade._images import media_types
from friendli_facade._images.media_types import KINDS
from friendli_facade._rules.violations import Violation, reason, shortened
from friendli_facade.errors import ValidationError
from friendli_facade.ray._libraries import library

_UNKNOWN = ".bin"
_SUFFIXES = (*dict.fromkeys(kind.suffixes[0] for kind in KINDS), _UNKNOWN)
_ATOMIC = {"s3", "gcs", "abfs"}  # in which a file appears when it is closed
_PIECE = 1024 * 1024


@attrs.frozen
class Stored:
    """A picture in its place."""

    path: str
    sha256: str


class Storage:
    """A folder of pictures; raises OSError unless files can be made in it.

    Args:
        directory: A URL, or an absolute path; of a `filesystem`, a path in it.
        filesystem: A `pyarrow.fs.FileSystem`; None for that of the URL.
    """

    def __init__(self, directory: str | os.PathLike[str], filesystem: Any = None) -> None:
        if not isinstance(cast("object", directory), str | os.PathLike):
            raise _wrong("must be a URL, or an absolute path", directory)
        self._directory = os.fspath(directory).rstrip("/")
        fs = library("pyarrow.fs")
        if filesystem is not None:
            self._files, self._base = filesystem, self._directory
        elif "://" in self._directory:
            try:
                self._files, self._base = fs.FileSystem.from_uri(self._directory)
            except ValueError as error:
                rule = f"must be a URL that pyarrow knows, or have a filesystem ({reason(error)})"
                raise _wrong(rule, directory) from error
        elif Path(self._directory).is_absolute():
            self._files, self._base = fs.LocalFileSystem(), self._directory
        else:  # each actor would have a folder of its own
            raise _wrong("must be a URL, or an absolute path", directory)
        self._is_atomic = self._files.type_name in _ATOMIC
        self._is_local = self._files.type_name == "local"
        if not self._is_atomic:
            self._files.create_dir(self._base, recursive=True)
        self.try_out(1)

    def try_out(self, size: int) -> None:
        """Makes a file of so many bytes, and deletes it; raises OSError."""
        self._delete(self._write(f".{secrets.token_hex(8)}.part", bytes(size)))

    def standing(self, name: str) -> Stored | None:
        """The picture of a name, whatever its suffix, if there is one; raises OSError."""
        places = [f"{self._base}/{name}{suffix}" for suffix in _SUFFIXES]
        for suffix, info in zip(_SUFFIXES, self._files.get_file_info(places), strict=True):
            if info.is_file:
                return Stored(f"{self._directory}/{name}{suffix}", self._digest(info.path))
        return None

    def save(self, name: str, content: bytes) -> Stored:
        """The picture in its place; one that stood there is replaced; raises OSError."""
        kind = media_types.kind(content[: media_types.HEAD])
        file = name + (kind.suffixes[0] if kind else _UNKNOWN)
        if self._is_atomic:
            self._write(file, content)
        else:
            part = self._write(f".{file}.{secrets.token_hex(8)}.part", content)
            try:
                self._files.move(part, f"{self._base}/{file}")
            except BaseException:
                self._delete(part)
                raise
        return Stored(f"{self._directory}/{file}", hashlib.sha256(content).hexdigest())

    def _write(self, file: str, content: bytes) -> str:
        place = f"{self._base}/{file}"
        try:
            with self._files.open_output_stream(place) as stream:
                stream.write(content)
            if self._is_local:
                with Path(place).open("rb") as written:
                    os.fsync(written.fileno())
        except BaseException:
            self._delete(place)
            raise
        return place

    def _delete(self, place: str) -> None:
        with suppress(OSError):
            self._files.delete_file(place)

    def _digest(self, place: str) -> str:
        digest = hashlib.sha256()
        with self._files.open_input_stream(place) as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest()


def _wrong(rule: str, value: object) -> ValidationError:
    return ValidationError([Violation("directory", rule, shortened(value))])
