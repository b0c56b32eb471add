"""Writes a picture to disk, whole or not at all."""

import errno
import io
import os
import secrets
import stat
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

import attrs

from friendli_facade._images import media_types, sidecars
from friendli_facade._images.media_types import KINDS, Kind

if TYPE_CHECKING:
    from friendli_facade._images.metadata import Metadata

_UNKNOWN = ".bin"  # the suffix of a picture whose kind is none we know
_SHORTEST = min((kind.suffixes[0] for kind in KINDS), key=len)


@attrs.define
class Part:
    """A file that is written beside its place, and takes it when it is done.

    In a folder, an existing one or a path that ends with a slash, the file is called `name`.
    `head` is how the picture begins, if it is here already, and `metadata` what is written with
    it. Its methods raise OSError, and ValueError for a suffix that belies the picture.
    """

    _path: str | os.PathLike[str]
    _name: str
    _head: bytes | None
    _overwrite: bool
    metadata: "Metadata | None" = None
    problem: str = attrs.field(init=False, default="")  # with metadata, once it is finished
    file: BinaryIO = attrs.field(init=False, factory=io.BytesIO)
    _place: Path = attrs.field(init=False, factory=Path)
    _part: Path = attrs.field(init=False, factory=Path)
    _is_discarded: bool = attrs.field(init=False, default=False)
    # A task that is cancelled discards it while a thread may still be at work.
    _lock: Lock = attrs.field(init=False, factory=Lock)

    def begin(self) -> None:
        """Opens `file`, if the place can be taken so far as can be told now; makes its folders."""
        with self._lock:
            if self._is_discarded:
                return
            place = Path(self._path)
            if place.is_dir() or os.fspath(self._path).endswith((os.sep, os.altsep or os.sep)):
                place /= self._name
            if self._head is not None:
                place = _named(place, media_types.kind(self._head))
            with _naming(place):
                self._open(place)

    def _open(self, place: Path) -> None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            number = errno.ENOTDIR
            raise NotADirectoryError(number, os.strerror(number), str(place)) from None
        is_named = self._head is not None or media_types.of_suffix(place.suffix) is not None
        likely = place if is_named else place.with_name(place.name + _SHORTEST)
        exists = _exists(likely)  # which fails where the name is too long
        if exists and is_named and not self._overwrite:
            raise _taken(place)
        if self.metadata and is_named and sidecars.is_beside(place) and not self._overwrite:
            sidecar = sidecars.sidecar(place)
            if _exists(sidecar):
                raise _taken(sidecar)
        # Beside the file that a link leads to: a rename cannot leave its file system.
        part = _part(_target(place) if self._overwrite and is_named else place)
        self.file, self._place, self._part = part.open("xb+"), place, part

    def naming(self) -> AbstractContextManager[None]:
        """Within it, what cannot be written to `file` is an error of the place."""
        return _naming(self._place)

    def finish(self, content: bytes | None = None) -> Path:
        """Where the picture is now: `content`, or what `file` holds."""
        with self._lock:
            with _naming(self._place):
                source = self.file if content is None else io.BytesIO(content)
                source.seek(0)
                place = _named(self._place, media_types.kind(source.read(media_types.HEAD)))
                changed = self.metadata.pieces(source) if self.metadata else None
                if changed is None or not self._write_another(changed):
                    if content is not None:
                        self.file.write(content)
                    _close(self.file)
            with _naming(place):
                _publish(self._part, place, overwrite=self._overwrite)
            if self.metadata:
                self._finish_metadata(self.metadata, place)
            return place

    def _write_another(self, changed: Iterable[bytes]) -> bool:
        """Whether another file is the part now, with what was changed: else it stays as it is.

        What is added may be what a full disk has no room for, and the picture is paid for.
        """
        another, is_whole = _part(self._part), False
        try:
            with another.open("xb") as file:
                file.writelines(changed)
                _close(file)
            is_whole = True
        except OSError as error:
            self.problem = f"it is saved without metadata: {error.strerror or error}"
            return False
        finally:
            if not is_whole:
                another.unlink(missing_ok=True)
        self.file.close()
        self._part.unlink()
        self._part = another
        return True

    def _finish_metadata(self, written: "Metadata", place: Path) -> None:
        """Writes a sidecar, if there is to be one: the picture is there already, and stays."""
        self.problem = self.problem or written.problem
        if written.sidecar is None:
            return
        sidecar = sidecars.sidecar(place)
        part = _part(sidecar)
        try:
            if self._overwrite:
                part = _part(_target(sidecar))
            with part.open("xb") as file:
                file.write(written.sidecar)
                _close(file)
            _publish(part, sidecar, overwrite=self._overwrite)
        except OSError as error:
            reason = error.strerror or str(error)
            self.problem = f"it is saved, and its metadata is not: {sidecar.name}: {reason}"
        finally:
            part.unlink(missing_ok=True)

    def discard(self) -> None:
        """Leaves nothing behind, unless it was finished."""
        with self._lock:
            self._is_discarded = True
            with suppress(OSError):  # on a full disk: what is left in a buffer finds no room
                self.file.close()
            if self._part.name:
                self._part.unlink(missing_ok=True)


def _part(place: Path) -> Path:
    """A name beside a place that nobody else has."""
    return place.with_name(f".{secrets.token_hex(8)}.part")


def _close(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())  # or a power cut could leave its name, and no bytes
    file.close()


def _publish(part: Path, place: Path, *, overwrite: bool) -> None:
    """Gives a part its name."""
    target = _target(place) if overwrite else place
    if overwrite:
        _keep_mode(target, part)
        part.replace(target)
    else:
        _rename_without_overwriting(part, place)
    _sync_folder(target.parent)


def _named(place: Path, kind: Kind | None) -> Path:
    """The place of a picture of a kind, with the kind's suffix; raises ValueError."""
    suffixes = kind.suffixes if kind else (_UNKNOWN,)
    if place.suffix.lower() in suffixes:
        return place
    if media_types.of_suffix(place.suffix) is None:
        return place.with_name(place.name + suffixes[0])
    what = kind.media_type if kind else "of a kind that is not known here"
    right = place.with_suffix(suffixes[0]).name
    raise ValueError(f"{str(place)!r} belies the picture, which is {what}: save it as {right!r}")


@contextmanager
def _naming(place: Path) -> Generator[None]:
    """Raises what goes wrong with files that nobody asked for as errors of the one asked for."""
    try:
        yield
    except OSError as error:
        names = {str(place), f"{place}{sidecars.SUFFIX}"}
        if error.errno is None or error.filename in names:
            raise
        raise OSError(error.errno, error.strerror, str(place)) from error


def _exists(place: Path) -> bool:
    try:
        place.lstat()
    except FileNotFoundError:
        return False
    return True


def _target(place: Path) -> Path:
    """The file that `open` would write to, through links; raises OSError where there is none."""
    target = Path(os.path.realpath(place))
    if _exists(target):
        if not stat.S_ISREG(target.stat().st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(place))
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "it may not be written", str(place))
    return target


def _keep_mode(target: Path, part: Path) -> None:
    if _exists(target):
        part.chmod(stat.S_IMODE(target.stat().st_mode))


def _rename_without_overwriting(part: Path, place: Path) -> None:
    try:
        place.hardlink_to(part)
    except OSError:
        # Without hard links, unless it is taken: an empty file keeps the place for a moment.
        try:
            place.open("xb").close()
        except FileExistsError:
            raise _taken(place) from None
        try:
            part.replace(place)
        except OSError:
            place.unlink()
            raise


def _taken(place: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, "pass overwrite=True to replace the file", str(place))


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system can open a folder, or sync it
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
