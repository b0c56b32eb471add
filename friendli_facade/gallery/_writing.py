"""Writes a gallery."""

import errno
import hashlib
import os
import stat
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL.Image import DecompressionBombWarning

from friendli_facade._rules.violations import printable
from friendli_facade.gallery import _files, _json
from friendli_facade.gallery._folder import THUMBNAILS, File, Folder
from friendli_facade.gallery._inputs import Wanted
from friendli_facade.gallery._pictures import Picture, looked_at, provenance_of
from friendli_facade.gallery._thumbnails import Thumbnails
from friendli_facade.provenance import Provenance

_PARTS = Path(__file__).parent / "_page"
# What each page of ours has near its beginning, and no other has.
_MARK = b'<meta name="generator" content="friendli-facade gallery">'


def write(
    folder: str | os.PathLike[str],
    page: str | os.PathLike[str] | None = None,
    *,
    inputs: Iterable[str | os.PathLike[str]] = (),
    overwrite: bool = False,
    on_problem: Callable[[str], object] | None = None,
    on_picture: Callable[[int, int], object] | None = None,
) -> Path:
    """The path of a page that shows the pictures below a folder, and how they were made.

    It is `index.html` in the folder unless `page` is given, and `NAME.thumbnails` beside it holds
    small copies, which are made once. A page that this wrote is replaced, and any other file
    where `overwrite` says so.

    `inputs` are folders in which pictures that others were made of are looked for too.
    `on_problem` is told, in a line each, what could not be read or shown, which the page tells as
    well; `on_picture`, how many pictures are done, and of how many.

    Raises OSError where the folder cannot be listed, or something cannot be written.
    """
    root = Path(os.path.abspath(folder))  # noqa: PTH100 - a folder that is a link stays one
    place = Path(os.path.abspath(root / "index.html" if page is None else page))  # noqa: PTH100
    _check(place, overwrite=overwrite)
    found = Folder.read(root)
    others = [Folder.read(Path(os.path.abspath(one))) for one in inputs]  # noqa: PTH100
    thumbnails = Thumbnails(place.with_name(place.stem + THUMBNAILS))
    thumbnails.begin()
    pictures: list[Picture] = []
    for picture in _looked_at(found, thumbnails):
        pictures.append(picture)
        if on_picture:
            on_picture(len(pictures), len(found.files))
    places = _add_inputs(pictures, others, thumbnails)
    left_out = [printable(words) for one in (found, *others) for words in one.left_out]
    content = _page(
        title=printable(root.name or str(root)),
        pictures=[_json.picture(one, place, places) for one in pictures],
        left_out=left_out,
    )
    _check(place, overwrite=overwrite)
    _files.write(place, content, sync=True)
    thumbnails.keep({one.preview.path for one in pictures if one.preview})
    if on_problem:
        problems = (f"{one.name}: {words}" for one in pictures for words in one.problems)
        for words in (*left_out, *problems):
            on_problem(printable(words))
    return place


def _check(place: Path, *, overwrite: bool) -> None:
    """Raises FileExistsError where a file stands that is no page of ours."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(place.lstat().st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(place))
        with place.open("rb") as file:
            is_ours = _MARK in file.read(1024)
        if not is_ours and not overwrite:
            rule = "it is no gallery: pass overwrite=True to replace the file"
            raise FileExistsError(errno.EEXIST, rule, str(place))


def _looked_at(found: Folder, thumbnails: Thumbnails) -> Iterator[Picture]:
    """The pictures of a folder, in its order."""
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as workers, warnings.catch_warnings():
        # How many pixels are too many is known here.
        warnings.simplefilter("ignore", DecompressionBombWarning)
        jobs = [
            workers.submit(looked_at, file, found.name(file.path), thumbnails)
            for file in found.files
        ]
        try:
            for job in jobs:
                yield job.result()
        finally:
            workers.shutdown(cancel_futures=True)


def _add_inputs(
    pictures: list[Picture], others: Iterable[Folder], thumbnails: Thumbnails
) -> dict[str, int]:
    """The places of inputs by their digests; what is not of the folder is added to `pictures`."""
    wanted = Wanted.by(one.provenance for one in pictures if one.provenance)
    places: dict[str, int] = {}
    for place, one in enumerate(pictures):
        for digest in wanted.digests_of(one.file, one.provenance):
            places.setdefault(digest, place)
    for other in others:
        for file in other.files:
            provenance = _provenance(file)
            digests = wanted.digests_of(file, provenance) - places.keys()
            if digests:
                places |= dict.fromkeys(digests, len(pictures))
                pictures.append(looked_at(file, file.path.name, thumbnails, is_input=True))
    return places


def _provenance(file: File) -> Provenance | None:
    with suppress(OSError):
        return provenance_of(file.path, lambda _: None)
    return None


def _page(**told: Any) -> bytes:
    """The page; what it is told is in it as JSON, and nowhere else."""
    style, script = ((_PARTS / name).read_text("utf-8") for name in ("page.css", "page.js"))
    templates = Environment(
        loader=FileSystemLoader(_PARTS), autoescape=True, undefined=StrictUndefined
    )
    return (
        templates.get_template("page.html")
        .render(
            style=Markup(style),  # noqa: S704 - a file of this package, as the script is
            style_hash=_hash(style),
            script=Markup(script),  # noqa: S704
            script_hash=_hash(script),
            told=told,
        )
        .encode()
    )


def _hash(text: str) -> str:
    """The digest by which a Content-Security-Policy knows a style sheet or a script."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
