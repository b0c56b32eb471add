"""What a picture's file may be called: its name, and one of these."""

from friendli_facade._images.media_types import KINDS

SUFFIXES = (*dict.fromkeys(kind.suffixes[0] for kind in KINDS), ".bin", "")
