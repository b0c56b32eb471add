"""Puts a new contract and the package generated from it in place, both or neither.

Each is replaced by one system call. Between the two lies a moment in which they disagree, so
the pair is first moved to `.pending/` as a whole: whoever finds it there finishes the work.
"""

import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from scripts.contract.loading import DOCUMENT

PACKAGE = Path("generated/friendli_api")
_PENDING = ".pending"
_BUILDING = ".building-"
_DIGEST = "digest"
_WORKING_DIRECTORY = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE


@contextmanager
def staging(root: Path) -> Generator[Path]:
    """A new directory below `root`, whose only writer the caller is until it is done."""
    with _alone(root):
        _finish(root)
        _clear(root)
        with tempfile.TemporaryDirectory(dir=root, prefix=_BUILDING) as building:
            yield Path(building)


def install(root: Path, staged: Path) -> None:
    """Puts in place what `staged` holds: the package, and the contract if that is there too.

    `staged` lies in the directory of `staging`, so that every move is on one file system.
    """
    (staged / _DIGEST).write_text(digest(staged / PACKAGE.name), encoding="utf-8")
    (root / PACKAGE).parent.mkdir(exist_ok=True)
    staged.rename(root / _PENDING)
    _finish(root)


def recover(root: Path) -> None:
    """Finishes an installation below `root` that was broken off, and clears away what it left."""
    if (root / _PENDING).exists() or any(root.glob(f"{_BUILDING}*")):
        with _alone(root):
            _finish(root)
            _clear(root)


def files(package: Path) -> set[str]:
    """The files of a package, without bytecode."""
    return {
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _clear(root: Path) -> None:
    """Deletes what builds left that nobody finished: whoever builds keeps others waiting."""
    for abandoned in root.glob(f"{_BUILDING}*"):
        shutil.rmtree(abandoned)


def _finish(root: Path) -> None:
    pending = root / _PENDING
    if not pending.exists():
        return
    package, contract = pending / PACKAGE.name, pending / DOCUMENT.name
    # Exchanged already, the package that still waits there is the old one.
    if digest(package) == (pending / _DIGEST).read_text(encoding="utf-8"):
        _exchange(package, root / PACKAGE)
    if contract.exists():
        contract.replace(root / DOCUMENT)
    # Under another name first: half deleted, it must not look like work to finish.
    leftovers = Path(tempfile.mkdtemp(dir=root, prefix=_BUILDING))
    pending.rename(leftovers / PACKAGE.name)
    shutil.rmtree(leftovers)


def digest(package: Path) -> str:
    """A hash of all files of a package, none where there is no package."""
    content = hashlib.sha256()
    for name in sorted(files(package)):
        content.update(f"{name}\0{(package / name).stat().st_size}\0".encode())
        content.update((package / name).read_bytes())
    return content.hexdigest()


def _exchange(package: Path, target: Path) -> None:
    """Swaps two directories in one step, or in two where the system cannot."""
    if not target.exists():
        package.rename(target)
        return
    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "renameat2"):
        here, names = _WORKING_DIRECTORY, (os.fsencode(package), os.fsencode(target))
        if library.renameat2(here, names[0], here, names[1], _EXCHANGE) == 0:
            return
        if ctypes.get_errno() not in {errno.EINVAL, errno.ENOSYS}:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(target))
    # Broken off between the two, the package waits at its place in `.pending/`.
    target.rename(package.with_name("old"))
    package.rename(target)


@contextmanager
def _alone(root: Path) -> Generator[None]:
    """Waits until no other process installs below `root`."""
    directory = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)
