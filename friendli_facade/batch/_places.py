"""Where a job's pictures go: names that every file system takes, and files that are checked."""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, cast

import attrs

from friendli_facade._images.image import Image
from friendli_facade._images.media_types import KINDS
from friendli_facade._language import threads
from friendli_facade._provenance.documents import MetadataWarning
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.batch._ledger.names import SUFFIXES, further
from friendli_facade.errors import ValidationError

# What a picture shall be called, without its suffix: of its key and its job.
Naming: TypeAlias = Callable[[str, Mapping[str, Any]], str]

_LONGEST = 100  # characters of a name: suffix, number and hash come to it
_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")  # no two of these differ by their case alone
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)  # by Windows
_OF_PICTURES = {suffix for kind in KINDS for suffix in kind.suffixes}


@attrs.frozen
class Saved:
    """Files of a job's pictures, in the order of the answer."""

    paths: tuple[Path, ...]
    sha256: str | None


@attrs.frozen
class Folder:
    """The folder of a batch's pictures, wherever the process goes meanwhile."""

    given: Path
    naming: Naming | None
    metadata: bool = False  # whether its pictures tell how they were made
    path: Path = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "path", self.given.absolute())

    def prepare(self) -> None:
        """Makes it, and sees that files can be made in it; raises OSError."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryFile(dir=self.path) as file:
                file.write(b" ")
        except OSError as error:
            raise type(error)(error.errno, error.strerror, str(self.path)) from error

    def name(self, key: str, job: Mapping[str, Any]) -> str:
        """The name of a job's pictures, of its key or as the caller has it."""
        if self.naming is None:
            return of_key(key)
        name = cast("object", self.naming(key, job))
        if not isinstance(name, str):
            raise ValidationError([Violation("name", "must give a text", shortened(name))])
        return _safe(name) or of_key(key)

    def free(self, name: str, key: str) -> Iterator[str]:
        """Names like this one that no file has."""
        names = (name, with_hash(name, key), f"{name}-{secrets.token_hex(8)}")
        return (one for one in names if self.standing(one) is None)

    def found(self, name: str) -> Saved | None:
        """The pictures of a job of this name, if its first one stands: all do then.

        An empty file kept its place where there are no hard links, in the moment of a kill.
        """
        paths = self._all(name)
        is_there = paths and paths[0].is_file() and paths[0].stat().st_size
        return _saved(paths[::-1]) if is_there else None

    def kept(self, file: str, images: int) -> tuple[Path, ...]:
        """The pictures of a job whose first is this file, as the caller calls them."""
        if images < 2:
            return (self.shown(file),)
        suffix = next(one for one in SUFFIXES if file.endswith(one))
        others = self._all(file.removesuffix(suffix))[1:]
        return tuple(self.shown(one) for one in [file, *map(self.relative, others)])

    def _all(self, name: str) -> list[Path]:
        paths: list[Path] = []
        while path := self.standing(further(name, len(paths) + 1) if paths else name):
            paths.append(path)
        return paths

    def relative(self, path: Path) -> str:
        """A file of the folder, as the ledger has it."""
        return path.relative_to(self.path).as_posix()

    def shown(self, file: str) -> Path:
        """A file of the folder, under the folder's name as the caller gave it."""
        return self.given / file

    async def save(self, images: Sequence[Image], file: str) -> Saved:
        """The files that hold the pictures now, named after `file`; OSError, DownloadError.

        The first comes last: where it stands, all do.
        """
        place = self.path / file
        if all(image.url is None for image in images):
            return await threads.run(self._save, images, place)  # one thread for all that it takes
        paths = [await self._aput(image, one) for image, one in _named(images, place)]
        return await threads.run(_saved, paths)

    async def _aput(self, image: Image, place: Path) -> Path:
        try:
            return await image.asave(place, metadata=self.metadata)
        except FileExistsError:
            return await self._aput(image, _another(place))
        except MetadataWarning as warning:  # where warnings are errors
            return warning.path

    def _save(self, images: Sequence[Image], place: Path) -> Saved:
        return _saved([self._put(image, one) for image, one in _named(images, place)])

    def _put(self, image: Image, place: Path) -> Path:
        try:
            return image.save(place, metadata=self.metadata)
        except FileExistsError:
            return self._put(image, _another(place))
        except MetadataWarning as warning:
            return warning.path

    def standing(self, name: str) -> Path | None:
        """The file of this name, whatever its suffix, if there is one."""
        path = os.path.join(self.path, name)  # noqa: PTH118  # many times, for each job
        return next((Path(path + one) for one in SUFFIXES if os.path.lexists(path + one)), None)


def of_key(key: str) -> str:
    """The name of a key's pictures, which no other key has."""
    safe = _safe(key)
    is_same = safe == key and _PLAIN.fullmatch(key)
    return safe if is_same else with_hash(safe, key)


def with_hash(name: str, key: str) -> str:
    """A name that no other key's is."""
    return f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}".lstrip("-")


def _safe(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if stem and dot + suffix.lower() in _OF_PICTURES:
        name = stem  # the picture's own comes to it
    safe = _UNSAFE.sub("-", name)[:_LONGEST].strip("-. ")
    stem, dot, suffix = safe.rpartition(".")
    if dot + suffix.lower() in _OF_PICTURES:
        safe = f"{stem}-{suffix}"  # which would belie a picture of another kind
    return _RESERVED.sub(r"\g<0>-", safe, count=1) if _RESERVED.match(safe) else safe


def _named(images: Sequence[Image], place: Path) -> list[tuple[Image, Path]]:
    others = [place.with_name(further(place.name, n)) for n in range(2, len(images) + 1)]
    return list(zip(images, [place, *others], strict=True))[::-1] if images else []


def _another(place: Path) -> Path:
    """A name that no file has, for where one came meanwhile: what is paid for is kept."""
    return place.with_name(f"{place.name}-{secrets.token_hex(8)}")


def _saved(paths: Sequence[Path]) -> Saved:
    """What was saved last is the first."""
    return Saved(tuple(reversed(paths)), digest(paths[-1]) if paths else None)


def digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
