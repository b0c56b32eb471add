"""The pictures that a request was made with, found again by their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from friendli_facade._error_answers.printing import shown
from friendli_facade._rules.json_types import is_array
from friendli_facade.cli._arguments import options
from friendli_facade.cli._contract import Field
from friendli_facade.models import Request, RequestPicture

Source = bytes | str | Path
_STAND_IN = "https://example.invalid"  # so that all else can be checked; it is never sent


@attrs.define
class Offer:
    """A picture that the command line gives for an argument, and whether it was wanted."""

    name: str
    source: Source
    is_used: bool = False

    def is_of(self, picture: RequestPicture) -> bool:
        """Whether it is a picture that was sent; of a URL what is known of it has to do."""
        if isinstance(self.source, str):
            return picture.url is not None and picture.url in {self.source, shown(self.source)}
        return _is(self.source, picture)

    def __str__(self) -> str:
        option = options.option(self.name)
        if isinstance(self.source, str):
            return f"{option} {self.source[:100]}"
        if isinstance(self.source, Path):
            if not self.source.is_file():
                return f"{option} {self.source} (which is no file)"
            return f"{option} {self.source} (sha256 {_digest(self.source)[:12]}...)"
        return f"{option} - (sha256 {_digest(self.source)[:12]}...)"


def others(offers: Sequence[Offer], field: Field) -> Any:
    """Pictures in place of those that were sent, in the shape that the argument takes."""
    for offer in offers:
        offer.is_used = True
    sources = [offer.source for offer in offers]
    return sources[0] if field.holds != "many" and len(sources) == 1 else sources


def again(
    request: Request, name: str, offers: Sequence[Offer], folders: Sequence[Path]
) -> tuple[Any, list[str]]:
    """What was sent for an argument, and what is missing of it, in words, with a stand-in.

    A picture that was uploaded is the one of `offers`, or the file in `folders`, with its digest.
    """
    found: list[Source] = []
    missing: list[str] = []
    for picture in request.pictures:
        if picture.argument.partition("[")[0] != name:
            continue
        offer = next((one for one in offers if one.is_of(picture)), None)
        if offer is not None:
            offer.is_used = True
            found.append(offer.source)
        elif picture.url is not None and not picture.is_cut:
            found.append(picture.url)
        elif (file := _file(picture, folders)) is not None:
            found.append(file)
        else:
            found.append(_STAND_IN)
            missing.append(_needed(picture, name))
    is_list = is_array(request.body.get(name))
    return found if is_list else next(iter(found), None), missing


def _needed(picture: RequestPicture, name: str) -> str:
    option = options.option(name)
    if picture.url is not None:
        return f"needs {option} with the whole URL of {picture.url}, of which a part is not kept"
    if picture.sha256 is None:
        return f"does not tell which {name} was sent: give one with --other-inputs {option}"
    kind = picture.media_type or "a picture"
    return (
        f"needs {option} with the file that was sent: {kind}, {picture.size} bytes, "
        f"sha256 {picture.sha256[:12]}...; or another with --other-inputs"
    )


def _file(picture: RequestPicture, folders: Sequence[Path]) -> Path | None:
    """The file that was sent, if it is in one of these folders."""
    for folder in folders:
        try:
            found = next((one for one in sorted(folder.iterdir()) if _is(one, picture)), None)
        except OSError:
            continue
        if found is not None:
            return found
    return None


def _is(source: bytes | Path, picture: RequestPicture) -> bool:
    """Whether bytes, or those of a file, are the ones that were sent."""
    if picture.sha256 is None:
        return False
    if isinstance(source, bytes):
        return len(source) == picture.size and _digest(source) == picture.sha256
    try:
        is_alike = source.is_file() and source.stat().st_size == picture.size
        return is_alike and _digest(source) == picture.sha256
    except OSError:
        return False


def _digest(source: bytes | Path) -> str:
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
