"""A band of text along an edge of a picture."""

from functools import cache

from PIL import Image, ImageDraw

from friendli_facade.sandbox._pictures.lettering import Lettering, legible

_LINES = 3
# No three lines hold more characters, and measuring a novel takes long.
_LONGEST = 1000
# Below this a caption would cover more than it tells.
_SMALLEST = 96

_lettering = cache(Lettering)


def write(image: Image.Image, caption: str, footer: str, *, at_top: bool = False) -> None:
    """Writes both into a picture's bottom or top, the caption on at most three lines."""
    if min(image.size) < _SMALLEST:
        return
    # Whole steps of size, so that pictures of any size share a few fonts.
    size = max(9, min(96, min(image.size) // 24))
    large, small = _lettering(size), _lettering(max(8, size * 2 // 3))
    margin = size * 2 // 3
    lines = _wrapped(caption, large, image.width - 2 * margin)
    pitch = size * 5 // 4
    height = margin + pitch * len(lines) + size
    top = 0 if at_top else image.height - height
    draw = ImageDraw.Draw(image, "RGBA")
    draw.rectangle((0, top, image.width, top + height), fill=(10, 10, 18, 165))
    for index, line in enumerate(lines):
        at = (margin, top + margin // 2 + index * pitch)
        large.write(draw, at, line, (255, 255, 255, 255))
    at = (margin, top + height - size - margin // 3)
    small.write(draw, at, legible(footer), (255, 255, 255, 190))


def _wrapped(text: str, letters: Lettering, width: int) -> list[str]:
    """The first lines of a text, none wider than `width`, with … where it was cut."""
    rest = legible(text[:_LONGEST]).split()
    lines: list[str] = []
    while rest and len(lines) < _LINES:
        line = rest.pop(0)
        if letters.width(line) > width:
            fits = _fitting(line, letters, width)
            line, tail = line[:fits], line[fits:]
            rest.insert(0, tail)
        else:
            while rest and letters.width(f"{line} {rest[0]}") <= width:
                line = f"{line} {rest.pop(0)}"
        lines.append(line)
    if lines and (rest or len(text) > _LONGEST):
        while lines[-1] and letters.width(f"{lines[-1]}…") > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] = f"{lines[-1].rstrip()}…"
    return lines


def _fitting(word: str, letters: Lettering, width: int) -> int:
    """How many characters of a word fit, at least one."""
    count = 1
    while count < len(word) and letters.width(word[: count + 1]) <= width:
        count += 1
    return count
