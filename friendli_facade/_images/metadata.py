"""What is written with a picture of how it was made: into its file, or beside it."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import attrs

from friendli_facade._images import media_types, sidecars
from friendli_facade._provenance import files
from friendli_facade._provenance.completed_calls import CompletedCall
from friendli_facade._provenance.documents import Document, UnreadableError
from friendli_facade._provenance.splices import Splice, digest, pieces
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

    def pieces(self, picture: BinaryIO) -> Iterator[bytes] | None:
        """A picture's file with it, of which no byte is lost; None where it stays as it is."""
        splices = self._splices(picture)
        return pieces(picture, splices) if splices else None

    def _splices(self, picture: BinaryIO) -> Sequence[Splice]:
        document = self._document(picture)
        try:
            splices = files.embedding(picture, document)
            if splices is not None:
                return splices
        except UnreadableError as error:
            self.problem = f"its metadata is beside it, in a {sidecars.SUFFIX} file: {error}"
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
