"""The plot: what each row takes, as a part of what httpx by hand takes."""

import math
from collections.abc import Iterable
from pathlib import Path

import attrs
from PIL import Image, ImageDraw, ImageFont

from scripts.benchmark.rows import Row
from scripts.benchmark.table import Measured
from scripts.benchmark.targets import COLUMNS

_COLORS = {"facade": "#1f6feb", "official": "#b8bec6"}
_TICKS = (0.001, 0.01, 0.1, 1, 10)
_SCALE = 2  # pixels of the file for each pixel of the drawing
_LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH = 360, 70, 96, 44, 1000
_BAR, _GAP = 13, 12
_INK, _QUIET, _LINE = "#1b1f24", "#57606a", "#d8dee4"


@attrs.frozen
class Bar:
    """What a row takes, by column, as a part of httpx's."""

    label: str
    parts: dict[str, float]


def bars(rows: Iterable[Row], measured: Measured) -> list[Bar]:
    """Bars for each first measure, and for memory, that httpx has a figure for too."""
    found: list[Bar] = []
    for row in rows:
        figures = measured[row.name]
        if "plain" not in figures or "facade" not in figures:
            continue
        for measure in row.measures:
            if measure.key not in {"seconds", "rate", "peak"}:
                continue
            parts: dict[str, float] = {}
            for column in [column for column in _COLORS if column in figures]:
                ours, theirs = figures[column][measure.key], figures["plain"][measure.key]
                if measure.more_is_better:
                    ours, theirs = theirs, ours
                parts[column] = ours / theirs if theirs else math.inf
            found.append(Bar(row.title + (": memory" if measure.key == "peak" else ""), parts))
    return found


def draw(bars: list[Bar], path: Path) -> None:
    """Writes the plot as a PNG."""
    height = _TOP + sum(_height(bar) for bar in bars) + _BOTTOM
    image = Image.new("RGB", (_WIDTH * _SCALE, height * _SCALE), "white")
    canvas = _Canvas(ImageDraw.Draw(image))
    canvas.text((20, 18), "Time and memory, as parts of what httpx by hand takes", 19)
    canvas.legend(20, 52)
    bottom = height - _BOTTOM
    for tick in _TICKS:
        canvas.rule(_place(tick), _TOP - 6, bottom, _QUIET if tick == 1 else _LINE)
        label = "httpx" if tick == 1 else f"{tick:g}"
        canvas.text((_place(tick), bottom + 8), label, 13, _QUIET, "ma")
    top = _TOP
    for bar in bars:
        canvas.bar(bar, top)
        top += _height(bar)
    image.save(path, optimize=True)


def _height(bar: Bar) -> int:
    return len(bar.parts) * _BAR + _GAP


def _place(part: float) -> float:
    """Where a part lies from left to right; the axis is logarithmic."""
    first, last = math.log10(_TICKS[0]), math.log10(_TICKS[-1])
    share = (math.log10(min(max(part, _TICKS[0]), _TICKS[-1])) - first) / (last - first)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


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

    def rule(self, x: float, top: float, bottom: float, color: str) -> None:
        ends = (x * _SCALE, top * _SCALE, x * _SCALE, bottom * _SCALE)
        self.image.line(ends, color, _SCALE)

    def box(self, left: float, top: float, right: float, bottom: float, color: str) -> None:
        left, right = sorted((left, right))
        sides = (left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE)
        self.image.rectangle(sides, color)

    def legend(self, x: float, y: float) -> None:
        for column, color in _COLORS.items():
            self.box(x, y + 2, x + 13, y + 14, color)
            self.text((x + 20, y), COLUMNS[column], 14, _QUIET)
            x += 170
        self.text((x, y), "To the left is less; the axis is logarithmic.", 14, _QUIET)

    def bar(self, bar: Bar, top: float) -> None:
        middle, start = top + len(bar.parts) * _BAR / 2, _place(1)
        self.text((_LEFT - 12, middle), bar.label, 14, _INK, "rm")
        for column, part in bar.parts.items():
            end = _place(part)
            self.box(start, top, end, top + _BAR - 2, _COLORS[column])
            shown = f"{part:.2f}" if part >= 0.01 else f"{part:.1g}"
            side, anchor = (-6, "rm") if part < 1 else (6, "lm")
            self.text((end + side, top + (_BAR - 2) / 2), shown, 12, _QUIET, anchor)
            top += _BAR
