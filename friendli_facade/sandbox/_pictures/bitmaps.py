"""GNU Unifont: a line of text in any script in, its bitmap of sixteen rows out."""

import gzip
import unicodedata
from functools import cache
from importlib import resources

from PIL import Image

HEIGHT = 16
BASELINE = 14  # rows above it
_BYTES = HEIGHT * HEIGHT // 8
_EMOJI = range(0x1F000, 0x1FB00)  # in the file they follow the first 65,536 characters
UNKNOWN = "\ufffd"


def has(character: str) -> bool:
    """Whether there is a shape for a character."""
    return _glyph(character).getbbox() is not None


def bitmap(text: str) -> Image.Image:
    """The text from left to right, white on black."""
    line = Image.new("L", (width(text), HEIGHT))
    at = 0
    for character in text:
        advance = _advance(character)
        # What takes no room of its own stands over what is before it.
        line.paste(255, (at if advance else at - HEIGHT, 0), _glyph(character))
        at += advance
    return line


def width(text: str) -> int:
    """The columns that a text takes."""
    return sum(map(_advance, text))


def _advance(character: str) -> int:
    if unicodedata.category(character).startswith("M"):
        return 0
    is_wide = unicodedata.east_asian_width(character) in {"W", "F"}
    return HEIGHT if is_wide or _glyph(character).crop((8, 0, 16, 16)).getbbox() else HEIGHT // 2


def _glyph(character: str) -> Image.Image:
    code = ord(character)
    if code in _EMOJI:
        code += 0x10000 - _EMOJI.start
    elif code >= 0x10000:
        return Image.new("1", (HEIGHT, HEIGHT))
    rows = _glyphs()[code * _BYTES : (code + 1) * _BYTES]
    return Image.frombytes("1", (HEIGHT, HEIGHT), rows)


@cache
def _glyphs() -> bytes:
    packed = resources.files(__package__ or "").joinpath("unifont", "bitmaps.gz").read_bytes()
    return gzip.decompress(packed)
