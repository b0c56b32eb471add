"""A sheet of pictures: a group for each input, which stands once, at its left."""

from pathlib import Path

import attrs
from PIL import Image, ImageDraw, ImageFont, ImageOps

_CELL, _GAP, _PITCH, _HEADING = 280, 20, 19, 34
_COLUMNS = 3  # of results, beside the input
_ROW = _CELL + 2 * _PITCH + _GAP


@attrs.frozen
class Cell:
    """A picture's file and the two lines below it."""

    path: Path
    caption: tuple[str, str]


@attrs.frozen
class Group:
    """What was made of one input, or of none."""

    heading: str
    source: Path | None
    results: list[Cell]

    @property
    def rows(self) -> int:
        """How many rows its results take."""
        return -(-len(self.results) // _COLUMNS)


def save(groups: list[Group], path: Path) -> None:
    """Writes the sheet."""
    width = (1 + _COLUMNS) * (_CELL + _GAP) + _GAP
    height = sum(_HEADING + group.rows * _ROW for group in groups) + _GAP
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    top = _GAP
    for group in groups:
        draw.text((_GAP, top), group.heading, "black", ImageFont.load_default(20))
        top += _HEADING
        if group.source is not None:
            _paste(sheet, Cell(group.source, (group.source.name, "what went in")), _GAP, top)
        for index, cell in enumerate(group.results):
            column, row = 1 + index % _COLUMNS, index // _COLUMNS
            _paste(sheet, cell, _GAP + column * (_CELL + _GAP), top + row * _ROW)
        top += group.rows * _ROW
    sheet.save(path)


def _paste(sheet: Image.Image, cell: Cell, left: int, top: int) -> None:
    with Image.open(cell.path) as image:
        small = ImageOps.contain(image.convert("RGBA"), (_CELL, _CELL))
    sheet.paste(small, (left, top), small)
    draw = ImageDraw.Draw(sheet)
    for line, (text, colour) in enumerate(zip(cell.caption, ("black", "#555555"), strict=True)):
        at = (left, top + small.height + 3 + line * _PITCH)
        draw.text(at, text, colour, ImageFont.load_default(15))
