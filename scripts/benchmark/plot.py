"""The plot: what each row takes, as a part of what httpx by hand takes."""

import math
from collections.abc import Iterable
from pathlib import Path

import attrs
from PIL import Image, ImageDraw, ImageFont

from scripts.benchmark.pictures import MIB
from scripts.benchmark.rows import Row
from scripts.benchmark.table import Measured
from scripts.benchmark.targets import COLUMNS, PEAK, PROCESSOR, Measure

# What is drawn last lies on top.
_COLORS = {
    "official": "#b8bec6",
    "aiohttp": "#e3a008",
    "facade_aiohttp": "#0e9f6e",
    "facade": "#1f6feb",
}
_SCALE = 2  # pixels of the file for each pixel of the drawing
_WIDTH, _LABELS, _RIGHT, _TOP, _ROW, _BOTTOM = 720, 340, 40, 104, 24, 40
_PARTS = 60  # room for our part, as a number, between a label and its line
_INK, _QUIET, _LINE = "#1b1f24", "#57606a", "#d8dee4"


@attrs.frozen
class Line:
    """What a row takes, by column, as a part of httpx's."""

    label: str
    parts: dict[str, float]


@attrs.frozen
class Panel:
    """One measure of all rows that have it, those where this client gains most first."""

    title: str
    lines: list[Line]

    @property
    def ticks(self) -> list[float]:
        """The powers of ten that hold every part."""
        parts = [part for line in self.lines for part in line.parts.values()]
        first = math.floor(math.log10(min(*parts, 0.5)))
        last = math.ceil(math.log10(max(*parts, 2)))
        return [10.0**power for power in range(first, last + 1)]


def panels(rows: Iterable[Row], measured: Measured) -> list[Panel]:
    """Time and memory, of each row that httpx has a figure for too."""
    rows = list(rows)
    return [
        Panel("Processor time", _lines(rows, measured, PROCESSOR, 0)),
        # What takes no more than that is left to chance.
        Panel("Memory over idle", _lines(rows, measured, PEAK, MIB)),
    ]


def _lines(rows: list[Row], measured: Measured, measure: Measure, least: float) -> list[Line]:
    lines: list[Line] = []
    for row in rows:
        figures = measured[row.name]
        plain = figures["plain"][measure.key]
        if plain > least:
            # What takes nothing has no place on a logarithmic axis.
            parts = {
                column: max(figures[column][measure.key], 0.001 * plain) / plain
                for column in _COLORS
                if column in figures
            }
            lines.append(Line(row.title, parts))
    return sorted(lines, key=lambda line: line.parts["facade"])


def draw(panels: list[Panel], path: Path) -> None:
    """Writes the plot as a PNG."""
    height = _TOP + max(len(panel.lines) for panel in panels) * _ROW + _BOTTOM
    image = Image.new("RGB", (_WIDTH * len(panels) * _SCALE, height * _SCALE), "white")
    canvas = _Canvas(ImageDraw.Draw(image))
    canvas.text((20, 14), "As parts of what httpx by hand takes (less is to the left)", 19)
    canvas.legend(20, 50)
    for number, panel in enumerate(panels):
        canvas.panel(panel, number * _WIDTH)
    image.save(path, optimize=True)


@attrs.frozen
class _Canvas:
    image: ImageDraw.ImageDraw

    def text(
        self,
        place: tuple[float, float],
        text: str,
        size: int,
        color: str = _INK,
        anchor: str = "la",
    ) -> None:
        x, y = place
        font = ImageFont.load_default(size * _SCALE)
        self.image.text((x * _SCALE, y * _SCALE), text, color, font, anchor)

    def rule(self, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
        ends = tuple(coordinate * _SCALE for coordinate in (*start, *end))
        self.image.line(ends, color, _SCALE)

    def dot(self, x: float, y: float, color: str) -> None:
        circle = (x * _SCALE, y * _SCALE)
        self.image.circle(circle, 5.5 * _SCALE, color, "white", _SCALE)

    def legend(self, x: float, y: float) -> None:
        for column in reversed(_COLORS):
            self.dot(x + 6, y + 9, _COLORS[column])
            self.text((x + 18, y), COLUMNS[column], 14, _QUIET)
            x += 170

    def panel(self, panel: Panel, left: float) -> None:
        first, last = left + _LABELS, left + _WIDTH - _RIGHT
        bottom = _TOP + len(panel.lines) * _ROW
        low, high = math.log10(panel.ticks[0]), math.log10(panel.ticks[-1])

        def place(part: float) -> float:
            return first + (math.log10(part) - low) / (high - low) * (last - first)

        self.text((first - _PARTS, _TOP - 14), panel.title, 15, _INK, "rm")
        for tick in panel.ticks:
            x = place(tick)
            self.rule((x, _TOP), (x, bottom), _QUIET if tick == 1 else _LINE)
            self.text((x, bottom + 8), "1.0" if tick == 1 else f"{tick:g}", 13, _QUIET, "ma")
        for number, line in enumerate(panel.lines):
            y, part = _TOP + (number + 0.5) * _ROW, line.parts["facade"]
            shown = f"{part:.2f}" if part >= 0.01 else f"{part:.3f}"
            self.text((first - _PARTS, y), line.label, 13, _INK, "rm")
            self.text((first - 12, y), shown, 13, _COLORS["facade"], "rm")
            self.rule((first, y), (last, y), _LINE)
            for column, of_column in line.parts.items():
                self.dot(place(of_column), y, _COLORS[column])
