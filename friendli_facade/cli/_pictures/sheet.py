"""A sheet of pictures side by side, each with its caption."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont, ImageOps

from friendli_facade.models import Image as Picture

_CELL, _GAP, _LINES, _PITCH = 320, 16, 2, 18
_COLUMNS = 5


class Sheet:
    """Small copies of pictures, by their place on the sheet."""

    def __init__(self) -> None:
        self._cells: list[tuple[int, str, Image.Image]] = []

    def add(self, place: int, picture: Picture, caption: str) -> None:
        """Takes a picture in; pictures come in any order."""
        small = ImageOps.contain(picture.to_pil().convert("RGBA"), (_CELL, _CELL))
        self._cells.append((place, caption, small))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._cells

    def content(self, suffix: str) -> bytes:
        """The sheet as a file with this suffix has it."""
        cells = sorted(self._cells, key=lambda cell: cell[0])
        columns = min(_COLUMNS, math.ceil(math.sqrt(len(cells))))
        rows = math.ceil(len(cells) / columns)
        width, height = _CELL + _GAP, _CELL + _GAP + _LINES * _PITCH
        sheet = Image.new("RGB", (columns * width + _GAP, rows * height + _GAP), "white")
        draw = ImageDraw.Draw(sheet)
        for index, (_, caption, small) in enumerate(cells):
            left = _GAP + index % columns * width
            top = _GAP + index // columns * height
            sheet.paste(small, (left + (_CELL - small.width) // 2, top), small)
            for line, text in enumerate(_wrapped(caption)):
                at = (left, top + _CELL + 2 + line * _PITCH)
                draw.text(at, text, "black", ImageFont.load_default(13))
        target = io.BytesIO()
        sheet.save(target, format=Image.registered_extensions()[suffix.lower()])
        return target.getvalue()


def _wrapped(caption: str) -> Sequence[str]:
    return textwrap.wrap(caption, _CELL // 7, max_lines=_LINES, placeholder="…")
