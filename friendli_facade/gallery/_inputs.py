"""Finds the pictures that others were made of, by the digests that those tell."""

import io
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import attrs

from friendli_facade._provenance.splices import digest
from friendli_facade.errors import ProvenanceError
from friendli_facade.gallery._folder import File
from friendli_facade.provenance import Provenance

_LARGEST = 80 * 1024 * 1024  # bytes: the largest input, and what may be written into it


@attrs.frozen
class Wanted:
    """The pictures that requests tell of, as far as one can know them when one sees them."""

    digests: frozenset[str]
    sizes: frozenset[int]

    @classmethod
    def by(cls, provenances: Iterable[Provenance]) -> "Wanted":
        """Those of which these pictures were made."""
        inputs = [one for provenance in provenances for one in provenance.request.pictures]
        return cls(
            frozenset(one.sha256 for one in inputs if one.sha256),
            frozenset(one.size for one in inputs if one.size is not None),
        )

    def digests_of(self, file: File, provenance: Provenance | None) -> set[str]:
        """The digests under which a file is wanted: as it lies there, or as it came.

        What a file tells of itself is a claim, so it is computed; and only where it may be that.
        """
        found: set[str] = set()
        if file.size > _LARGEST:
            return found
        with suppress(OSError, ProvenanceError):
            if file.size in self.sizes:
                with file.path.open("rb") as content:
                    found.add(digest(content))
            if provenance is not None and provenance.sha256 in self.digests:
                found.add(_digest_as_it_came(file.path))
        return found & self.digests


def _digest_as_it_came(path: Path) -> str:
    return digest(io.BytesIO(Provenance.removed_from(path.read_bytes())))
