"""A band of text along an edge of a picture."""

import unicodedata
from functools import cache

from PIL import Image, ImageDraw, ImageFont

_LINES = 3
# No three lines hold more characters, and measuring a novel takes long.
_LONGEST = 1000
# Below this a caption would cover more than it tells.
_SMALLEST = 96

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def _font(size: int) -> Font:
    return ImageFont.load_default(size)


def write(image: Image.Image, caption: str, footer: str, *, at_top: bool = False) -> None:
    """Writes both into a picture's bottom or top, the caption on at most three lines."""
    if min(image.size) < _SMALLEST:
        return
    # Whole steps of size, so that pictures of any size share a few fonts.
    size = max(9, min(96, min(image.size) // 24))
    large, small = _font(size), _font(max(8, size * 2 // 3))
    margin = size * 2 // 3
    lines = _wrapped(caption, large, image.width - 2 * margin)
    pitch = size * 5 // 4
    height = margin + pitch * len(lines) + size
    top = 0 if at_top else image.height - height
    draw = ImageDraw.Draw(image, "RGBA")
    draw.rectangle((0, top, image.width, top + height), fill=(10, 10, 18, 165))
    for index, line in enumerate(lines):
        at = (margin, top + margin // 2 + index * pitch)
        draw.text(at, line, fill=(255, 255, 255, 255), font=large)
    at = (margin, top + height - size - margin // 3)
    draw.text(at, _plain(footer), fill=(255, 255, 255, 190), font=small)


def _wrapped(text: str, font: Font, width: int) -> list[str]:
    """The first lines of a text, none wider than `width`, with … where it was cut."""
    rest = _plain(text[:_LONGEST]).split()
    lines: list[str] = []
    while rest and len(lines) < _LINES:
        line = rest.pop(0)
        if font.getlength(line) > width:
            fits = _fitting(line, font, width)
            line, tail = line[:fits], line[fits:]
            rest.insert(0, tail)
        else:
            while rest and font.getlength(f"{line} {rest[0]}") <= width:
                line = f"{line} {rest.pop(0)}"
        lines.append(line)
    if lines and (rest or len(text) > _LONGEST):
        while lines[-1] and font.getlength(f"{lines[-1]}…") > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] = f"{lines[-1].rstrip()}…"
    return lines


def _plain(text: str) -> str:
    """The text without accents and control characters: Pillow's own font has none of them."""
    parts = unicodedata.normalize("NFKD", text)
    shown = (one for one in parts if not unicodedata.combining(one))
    return "".join(one if one.isprintable() else " " for one in shown)


def _fitting(word: str, font: Font, width: int) -> int:
    """How many characters of a word fit, at least one."""
    count = 1
    while count < len(word) and font.getlength(word[: count + 1]) <= width:
        count += 1
    return count
