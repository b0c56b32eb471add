"""Where pictures are put: names, what stands there already, and saving what is paid for."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Container, Sequence
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from friendli_facade import MetadataWarning
from friendli_facade._images.media_types import HEAD, KINDS
from friendli_facade._images.saving import Part
from friendli_facade.cli._arguments import names

if TYPE_CHECKING:
    from friendli_facade.models import Image

_MOST_ON_A_SHEET = 400
_SHEETS = frozenset({"image/png", "image/jpeg", "image/webp"})
_UNKNOWN = ".bin"
_SUFFIX_OF = {kind.media_type: kind.suffixes[0] for kind in KINDS}


def planned(
    output: str | None, prompts: Sequence[str], seeds: Sequence[int | None], *, overwrite: bool
) -> list[Path]:
    """A place for each prompt with each seed, without a suffix where none was given.

    A file's name is numbered where there are several pictures. In a folder a picture is named
    after its prompt and seed; one without a seed, which is new each time, gets the next free name.
    Raises FileExistsError.
    """
    is_folder = output is None or _is_folder(output)
    if is_folder:
        wanted = names.in_folder(Path(output or "."), prompts, seeds)
    else:
        wanted = names.numbered(Path(str(output)), prompts, seeds)
    is_new = is_folder and seeds == [None]
    return _settled(wanted, is_new=is_new, overwrite=overwrite)


def again(
    output: str | None, pictures: Sequence[tuple[str, int | None]], *, overwrite: bool
) -> list[Path]:
    """A place for each prompt and seed, likewise; in a folder each takes the next free name.

    Raises FileExistsError.
    """
    if output is None or _is_folder(output):
        wanted = [names.of_picture(Path(output or "."), *picture) for picture in pictures]
        return _settled(wanted, is_new=True, overwrite=overwrite)
    number: Sequence[int | None] = [*range(1, len(pictures) + 1)]
    wanted = names.numbered(Path(output), ["?"], number)
    return _settled(wanted, is_new=False, overwrite=overwrite)


def _settled(wanted: Sequence[Path], *, is_new: bool, overwrite: bool) -> list[Path]:
    """Places that differ; those that are new differ from all files that stand there too."""
    places: dict[Path, None] = {}
    for place in wanted:
        places[_free(place, places, beside_files=is_new and not overwrite)] = None
    for place in places if not overwrite else ():
        _check_free(place)
    return list(places)


def check_sheet(place: Path, pictures: Sequence[Path | None], *, overwrite: bool) -> None:
    """Raises UsageError for a name that says no kind of sheet or too many pictures for one.

    Raises it for the name of one of the pictures, and FileExistsError too.
    """
    if len(pictures) > _MOST_ON_A_SHEET:
        raise click.UsageError(
            f"--sheet is for {_MOST_ON_A_SHEET} pictures at most, not {len(pictures)}"
        )
    if names.kind(place) not in _SHEETS:
        raise click.UsageError(f"--sheet must be named .png, .jpg or .webp, not {place.name!r}")
    if _bare(place) in {_bare(picture) for picture in pictures if picture is not None}:
        raise click.UsageError(f"--sheet {place}: a picture goes there: give it another name")
    if not overwrite:
        _check_free(place)


def _bare(place: Path) -> Path:
    """A place without its suffix, which is a picture's to say."""
    return (place.with_suffix("") if names.kind(place) else place).resolve()


def _check_free(place: Path) -> None:
    if standing := _standing(place):
        raise FileExistsError(errno.EEXIST, "exists; --overwrite replaces it", str(standing))


def _is_folder(output: str) -> bool:
    return output.endswith(("/", "\\")) or Path(output).is_dir()


def format_for(output: str, choices: Sequence[str], chosen: str, default: str | None) -> str:
    """The format to ask for, by a file's suffix, where `choices` have it; empty to ask for none.

    `chosen` was asked for already, if anything; `default` is what comes else. Raises UsageError
    where that is another picture than the suffix says.
    """
    wanted = names.kind(Path(output))
    if wanted is None or _is_folder(output):
        return ""
    kinds = {choice: names.kind(Path(f"a.{choice}")) for choice in choices}
    fitting = [choice for choice, kind in kinds.items() if kind == wanted]
    if fitting and not chosen:
        return fitting[0]
    comes = chosen or default or ""
    if kinds.get(comes) not in {None, wanted}:
        name = Path(output)
        other = name.with_suffix(_SUFFIX_OF[kinds[comes] or ""]).name
        raise click.UsageError(f"-o {name.name}: the picture comes as {comes}: name it {other}")
    return ""


def prepare(places: Sequence[Path], *, overwrite: bool) -> None:
    """Makes the folders of all places, and sees that files can be made there; raises OSError."""
    for place in places:
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
        part = Part(place, place.name, None, overwrite)
        try:
            part.begin()
        finally:
            part.discard()
    _names.cache_clear()


def _free(place: Path, taken: Container[Path] = (), *, beside_files: bool = True) -> Path:
    """`place`, or the first of `place-2`, `place-3` and so on that is free."""
    stem, suffix = (place.stem, place.suffix) if names.kind(place) else (place.name, "")
    for n in count(1):
        one = place if n == 1 else place.with_name(f"{stem}-{n}{suffix}")
        if one not in taken and not (beside_files and _standing(one)):
            return one
    raise AssertionError


def _standing(place: Path) -> Path | None:
    """The file at a place; at one without a suffix, the picture of that name of any kind."""
    if names.kind(place):
        return place if place.is_symlink() or place.exists() else None
    found = [name for name in _names(place.parent) if name.rpartition(".")[0] == place.name]
    return next((place.with_name(name) for name in found if names.kind(Path(name))), None)


@cache
def _names(folder: Path) -> list[str]:
    """The names in a folder, listed once for thousands of places."""
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def save(
    image: Image, place: Path, *, overwrite: bool = False, metadata: bool = False
) -> tuple[Path, str]:
    """Where a picture that was read is saved now, and a note where that is not as planned.

    What is paid for is never lost to its name: where another file has come to stand at the place,
    or its suffix belies the bytes, the picture takes the nearest name. Only the file at the place
    itself is one that may be replaced.
    """
    fit = _fitting(place, image.media_type)
    is_other = names.kind(place) is not None and fit != place
    note = f"the server sent {image.media_type or 'a picture of no known kind'}"
    overwrite = overwrite and not is_other
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", MetadataWarning)
        try:
            path, taken = _put(partial(image.save, metadata=metadata), fit, overwrite=overwrite)
        except FileExistsError as error:  # what would lie beside the picture
            path, taken = _put(image.save, fit, overwrite=overwrite)
            taken = f"it is saved without metadata: {error.filename} exists"
    problems = [one.message.problem for one in told if isinstance(one.message, MetadataWarning)]
    return path, "; ".join(filter(None, [taken or (note if is_other else ""), *problems]))


def save_sheet(content: bytes, place: Path, *, overwrite: bool = False) -> tuple[Path, str]:
    """Where a sheet is saved now, and a note where another file had taken its place."""

    def write(path: Path, *, overwrite: bool) -> Path:
        part = Part(path, path.name, content[:HEAD], overwrite)
        try:
            part.begin()
            return part.finish(content)
        finally:
            part.discard()

    return _put(write, place, overwrite=overwrite)


def _put(write: Callable[..., Path], place: Path, *, overwrite: bool) -> tuple[Path, str]:
    note = ""
    while True:
        try:
            return write(place, overwrite=overwrite), note
        except FileExistsError:
            _names.cache_clear()
            free, note = _free(place), "another file had taken its place"
            if free == place:
                raise
            place = free


def _fitting(place: Path, media_type: str | None) -> Path:
    suffix = _SUFFIX_OF.get(media_type or "", _UNKNOWN)
    if names.kind(place) == media_type and media_type:
        return place
    return place.with_suffix(suffix) if names.kind(place) else place.with_name(place.name + suffix)


def further(place: Path, number: int) -> Path:
    """The place of the n-th picture of an answer."""
    stem, suffix = (place.stem, place.suffix) if names.kind(place) else (place.name, "")
    return place if number == 1 else place.with_name(f"{stem}-{number}{suffix}")


def rescue(content: bytes, name: str) -> str:
    """Where bytes that could not be saved are kept, in a folder for temporary files; or nothing."""
    try:
        path = Path(tempfile.mkdtemp(prefix="friendli-facade-")) / name
        path.write_bytes(content)
    except OSError:
        return ""
    return str(path)


def write_to_pipe(content: bytes) -> None:
    """Writes a picture to standard output; raises OSError."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        # What is left in the buffer has no place to go to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        error.filename = "standard output"
        raise


def check_pipe(number: int) -> None:
    """Raises UsageError where bytes would go to a terminal, or several pictures into a pipe."""
    if sys.__stdout__ is None:
        raise click.UsageError("-o - writes to standard output, and that is closed")
    if sys.stdout.isatty():
        raise click.UsageError("-o - writes a picture's bytes, and this is a terminal: pipe it")
    if number > 1:
        raise click.UsageError(f"-o - is for one picture, not {number}: give a folder")
