"""Text in any script: in Pillow's own font where it has the letters, else in Unifont's bitmaps."""

import string
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from PIL import Image, ImageDraw, ImageFont, ImageOps

from friendli_facade.sandbox._pictures import bitmaps

# All that Pillow's font has.
_SMOOTH = frozenset(
    string.ascii_letters + string.digits + string.punctuation + " ©«°±´·»‘’“”…‹›⁄™"  # noqa: RUF001
)
_Colour = tuple[int, int, int, int]


class Lettering:
    """Letters of one size.

    Args:
        size: How high they are, in pixels.
    """

    def __init__(self, size: int) -> None:
        self._font = ImageFont.load_default(size)
        self._height = round(size * 8 / 7)

    def width(self, text: str) -> float:
        """The pixels that a line takes."""
        scale = self._height / bitmaps.HEIGHT
        return sum(
            self._font.getlength(run) if is_smooth else bitmaps.width(run) * scale
            for is_smooth, run in _runs(text)
        )

    def write(
        self, draw: ImageDraw.ImageDraw, at: tuple[int, int], line: str, fill: _Colour
    ) -> None:
        """Writes a line, whose upper left corner is `at`."""
        left, top = at
        for is_smooth, run in _runs(_visual(line)):
            if is_smooth:
                draw.text((left, top), run, fill=fill, font=self._font)
            elif bitmaps.width(run):  # a mark alone has none, and nothing to stand over
                size = round(self.width(run)), self._height
                mask = ImageOps.fit(bitmaps.bitmap(run), size, Image.Resampling.LANCZOS)
                draw.bitmap((left, top), mask, fill=fill)
            left += round(self.width(run))


def legible(text: str) -> str:
    """The text in characters that can be written: Arabic joined, what is not seen left out."""
    text = unicodedata.normalize("NFC", text)
    if any(unicodedata.bidirectional(character) == "AL" for character in text):
        import arabic_reshaper  # pyright: ignore[reportMissingTypeStubs]

        text = arabic_reshaper.reshape(text)
    return "".join(map(_simplified, text))


def _simplified(character: str) -> str:
    if character in _SMOOTH:
        return character
    category = unicodedata.category(character)
    # What joins or directs others, and vowel marks of Hebrew and Arabic.
    if category == "Cf" or (category == "Mn" and "\u0590" <= character <= "\u08ff"):
        return ""
    if not character.isprintable():
        return " "
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one)
    )
    if plain and _SMOOTH.issuperset(plain):
        return plain
    if bitmaps.has(character):
        return character
    return "" if category == "Mn" else bitmaps.UNKNOWN


def _visual(line: str) -> str:
    """The letters of a line from left to right, also where the script runs the other way."""
    if not any(unicodedata.bidirectional(character) in {"R", "AL"} for character in line):
        return line
    from bidi import get_display  # pyright: ignore[reportMissingTypeStubs]

    return str(get_display(line))


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """Parts that are all in Pillow's font, or all not."""
    for is_smooth, run in groupby(text, _SMOOTH.__contains__):
        yield is_smooth, "".join(run)
