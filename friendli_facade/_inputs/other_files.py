"""What bytes are that are no picture that Friendli takes, in words, told by how they begin."""

import re

from friendli_facade._images.media_types import KINDS

_TAKEN = ", ".join(kind.pillow for kind in KINDS)
_MARKUP = rb"(?:\xef\xbb\xbf)?\s*<"
_OTHERS = [
    (words, re.compile(beginning, re.DOTALL | re.IGNORECASE))
    for words, beginning in (
        ("this is empty", rb"\Z"),
        ("this is an SVG", _MARKUP + rb"(?:svg\b|(?:\?xml|!--).*<svg\b|!doctype svg\b)"),
        ("this is an HTML page", _MARKUP + rb"(?:!doctype )?html\b"),
        ("this is an ICO", rb"\x00\x00\x01\x00"),
        ("this is a PPM, PGM or PBM", rb"P[1-7]\s"),
        ("this is a PSD", rb"8BPS"),
        ("this is a PDF", rb"%PDF-"),
        ("this is a film", rb".{4}ftyp"),
    )
]


def kind(head: bytes) -> str:
    """What bytes are that begin with `head`; empty where it cannot be told."""
    return next((words for words, beginning in _OTHERS if beginning.match(head)), "")


def wanted(head: bytes) -> str:
    """The kinds of pictures that are taken, and what bytes that begin with `head` are instead."""
    return "; ".join(filter(None, (_TAKEN, kind(head))))
