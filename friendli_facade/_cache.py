"""Answers on disk, by what was asked: files that come and go whole, and are bounded in size."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

from friendli_facade._rules.violations import Violation, reason, shortened
from friendli_facade.errors import ValidationError

_FULL = 0.9  # of what is allowed; beyond, what was not used for longest is removed
_ENTRY = re.compile(r"[0-9a-f]{64}")
_PART = re.compile(r"\.[0-9a-f]{16}\.part")
_LEFT_AFTER = 3600.0  # seconds; no file takes as long to be written
_STEP = 0.05  # of what is allowed; as much may come until it is looked at again


class Cache:
    """Where answers to calls with a seed are kept, so that no picture is paid for twice.

    Args:
        path: A folder, made if it is missing. It may serve any number of clients and processes.
        max_bytes: How large it becomes, a few percent more for each further process. What was not
            used for longest is removed first. 1 GiB unless told.

    Raises ValidationError, also where files cannot be made in the folder.
    """

    def __init__(self, path: str | os.PathLike[str], max_bytes: int = 1024**3) -> None:
        found: list[Violation] = []
        if not isinstance(cast("object", path), str | os.PathLike):
            found.append(Violation("cache", "must be a path, or a utils.Cache", shortened(path)))
        largest = cast("object", max_bytes)
        if not isinstance(largest, int) or isinstance(largest, bool) or largest < 1:
            rule = "must be an integer of at least 1"
            found.append(Violation("max_bytes", rule, shortened(largest)))
        if found:
            raise ValidationError(found)
        self.path = Path(path).absolute()
        self.max_bytes = max_bytes
        self._came: int | None = None  # bytes, since it was looked at
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._write(self.path / ".writable", b"")
        except (OSError, ValueError) as error:
            rule = f"must be a folder in which files can be made ({reason(error)})"
            raise ValidationError([Violation("cache", rule, shortened(path))]) from error

    def __repr__(self) -> str:
        return f"Cache({str(self.path)!r}, {self.max_bytes})"

    def read(self, key: str) -> bytes | None:
        """What is kept under a key; None if there is nothing."""
        place = self._place(key)
        try:
            content = place.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(place)  # it was used now
        return content

    def write(self, key: str, content: bytes) -> None:
        """Keeps it under a key, unless it is too large; raises OSError."""
        if len(content) > self.max_bytes * _FULL:
            return
        place = self._place(key)
        place.parent.mkdir(exist_ok=True)
        self._write(place, content)
        if self._came is not None:
            self._came += len(content)
        if self._came is None or self._came > self.max_bytes * _STEP:
            self._came = 0
            self._shrink()

    def _place(self, key: str) -> Path:
        return self.path / key[:2] / key

    def _write(self, place: Path, content: bytes) -> None:
        part = self.path / f".{secrets.token_hex(8)}.part"
        try:
            part.write_bytes(content)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)

    def _shrink(self) -> None:
        files = list(self._files())
        size = sum(size for _, size, _ in files)
        for _, one, place in sorted(files):
            if size <= self.max_bytes * _FULL:
                break
            with suppress(OSError):  # another process may have been faster
                os.unlink(place)  # noqa: PTH108
            size -= one

    def _files(self) -> Iterator[tuple[float, int, str]]:
        """Entries alone: the folder may have others, of whoever uses it for more."""
        for folder in self.path.iterdir():
            if _PART.fullmatch(folder.name):
                _remove_left(folder)
            elif len(folder.name) == 2:
                with suppress(OSError), os.scandir(folder) as entries:
                    for entry in entries:
                        if _ENTRY.fullmatch(entry.name) and entry.name.startswith(folder.name):
                            found = entry.stat()
                            yield found.st_mtime, found.st_size, entry.path


def _remove_left(part: Path) -> None:
    """Takes a file away that a process was writing when it was killed."""
    with suppress(OSError):
        if part.stat().st_mtime < time.time() - _LEFT_AFTER:
            part.unlink()
