"""What pictures' files may be called: a job's name, or one made of it, and one of these."""

from friendli_facade._images.media_types import KINDS

SUFFIXES = (*dict.fromkeys(kind.suffixes[0] for kind in KINDS), ".bin", "")


def further(name: str, number: int) -> str:
    """The name of a job's second picture, and so on: no job's own has a bracket."""
    return f"{name}({number})"
