"""A picture of the gallery: its file, what that tells of itself, and what could not be told."""

import os
from collections.abc import Callable
from pathlib import Path

import attrs

from friendli_facade._rules.violations import printable
from friendli_facade.errors import ProvenanceError
from friendli_facade.gallery._folder import File
from friendli_facade.gallery._thumbnails import NoPreviewError, Preview, Thumbnails
from friendli_facade.provenance import Provenance


@attrs.frozen
class Picture:
    """A picture that is shown, or that another one was made of."""

    file: File
    name: str
    provenance: Provenance | None
    preview: Preview | None
    problems: tuple[str, ...]
    is_input: bool
    """Whether it is not of the folder, and shown beside its edits alone."""


def looked_at(file: File, name: str, thumbnails: Thumbnails, *, is_input: bool = False) -> Picture:
    """A file as a picture; raises OSError where its thumbnail cannot be written."""
    problems: list[str] = []
    provenance = None
    try:
        provenance = provenance_of(file.path, problems.append)
    except OSError as error:  # of it, or of what lies beside it
        problems.append(f"how it was made cannot be read ({error.strerror})")
    preview = _preview(thumbnails, file, name, problems.append)
    return Picture(file, name, provenance, preview, tuple(problems), is_input)


def provenance_of(path: Path, tell: Callable[[str], object]) -> Provenance | None:
    """What a file tells of itself; None where that cannot be read. Raises OSError."""
    try:
        return Provenance.of(path)
    except ProvenanceError as error:
        # Whoever gets the page is not to learn where the folder lies.
        tell(str(error).replace(printable(f"{path.parent}{os.sep}"), ""))
        return None


def _preview(
    thumbnails: Thumbnails, file: File, name: str, tell: Callable[[str], object]
) -> Preview | None:
    try:
        return thumbnails.of(file, name)
    except NoPreviewError as error:
        tell(f"there is no preview: {error}")
        return None
