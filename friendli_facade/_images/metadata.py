"""What is written with a picture of how it was made: into its file, or beside it."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import attrs

from friendli_facade._images import media_types
from friendli_facade._provenance import files
from friendli_facade._provenance.completed_calls import CompletedCall
from friendli_facade._provenance.documents import Document, UnreadableError
from friendli_facade._provenance.splices import Splice, digest
from friendli_facade._version import __version__


@attrs.define
class Metadata:
    """The metadata of one picture that is being saved.

    `sidecar` is what is to be beside the picture, if anything, and `problem` says what could not
    be as it should.
    """

    _call: CompletedCall
    _seed: int | None
    _response_format: str | None
    sidecar: bytes | None = None
    problem: str = ""

    def splices(self, picture: BinaryIO) -> Sequence[Splice]:
        """What is to be changed in a picture's file, of which no byte is lost."""
        document = self._document(picture)
        try:
            splices = files.embedding(picture, document)
            if splices is not None:
                return splices
        except UnreadableError as error:
            self.problem = f"its metadata is beside it, in a {files.SIDECAR} file: {error}"
        try:
            self.sidecar = document.json(indent=2) + b"\n"
        except UnreadableError as error:
            self.problem = f"it is saved without metadata: {error}"
        return ()

    def _document(self, picture: BinaryIO) -> Document:
        sha256, size = digest(picture), picture.tell()
        picture.seek(0)
        return Document(
            request=self._call.request,
            seed=self._seed,
            response_format=self._response_format,
            request_id=self._call.request_id,
            created=self._call.completed,
            generator=f"friendli-facade {__version__}",
            media_type=media_types.media_type(picture.read(media_types.HEAD)),
            size=size,
            sha256=sha256,
        )


def is_beside(place: Path) -> bool:
    """Whether a picture of this name has its metadata in a file beside it."""
    kind = media_types.of_suffix(place.suffix)
    return kind is None or kind.media_type not in files.EMBEDDING


def sidecar(place: Path) -> Path:
    """Where the metadata of a picture lies that has it beside it."""
    return place.with_name(place.name + files.SIDECAR)
