"""The file beside a picture that tells how it was made, where the picture itself has no place."""

from pathlib import Path

from friendli_facade._images import media_types

SUFFIX = ".json"
_EMBEDDING = frozenset({"image/png", "image/jpeg", "image/webp"})


def is_beside(place: Path) -> bool:
    """Whether a picture of this name has its metadata in a file beside it."""
    kind = media_types.of_suffix(place.suffix)
    return kind is None or kind.media_type not in _EMBEDDING


def sidecar(place: Path) -> Path:
    """Where the metadata of a picture lies that has it beside it."""
    return place.with_name(place.name + SUFFIX)
