"""Landscapes made up from a key: the same key paints the same, more steps paint finer."""

import colorsys
import math
from random import Random

from attrs import frozen
from PIL import Image, ImageDraw, ImageFilter, ImageOps

SIDE = 512
# Painted twice as large and reduced, for smooth edges.
_FINE = 2
_CANVAS = SIDE * _FINE
PAINTED = _CANVAS * _CANVAS  # pixels

Colour = tuple[int, int, int]

# Hues of a sky above and near the horizon. Chosen by eye: most random pairs look poisonous.
_SKIES = (
    (0.63, 0.07),
    (0.75, 0.93),
    (0.58, 0.12),
    (0.52, 0.62),
    (0.83, 0.06),
    (0.46, 0.14),
    (0.68, 0.52),
    (0.97, 0.11),
)


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, min(1, saturation), min(1, value))
    return round(red * 255), round(green * 255), round(blue * 255)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """The colour that lies `share` of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def seeded(key: str) -> Random:
    """Random numbers that are the same for the same key, in every process."""
    return Random(key)  # noqa: S311


@frozen
class Palette:
    """Colours that go together."""

    zenith: Colour
    horizon: Colour
    far: Colour
    near: Colour
    light: Colour
    accents: tuple[Colour, ...]

    @classmethod
    def of(cls, key: str, vividness: float) -> "Palette":
        """The palette of a key; `vividness` scales its saturation, 1 is natural."""
        random = seeded(f"palette {key}")
        above, below = (hue + random.uniform(-0.03, 0.03) for hue in random.choice(_SKIES))
        night = random.random() < 0.4
        return cls(
            zenith=_colour(above, 0.72 * vividness, 0.3 if night else 0.76),
            horizon=_colour(below, 0.5 * vividness, 0.86 if night else 1.0),
            far=_colour(above, 0.4 * vividness, 0.6 if night else 0.8),
            near=_colour(above + 0.03, 0.75 * vividness, 0.17),
            light=_colour(below + 0.02, 0.2 * vividness, 1.0),
            accents=tuple(
                _colour(hue, 0.7 * vividness, 1.0)
                for hue in (below, below - 0.06, below + 0.06, above)
            ),
        )


def paint(key: str, steps: int, palette: Palette) -> Image.Image:
    """A square landscape in RGB; the same key with more steps is the same view in more detail."""
    image = _sky(key, palette)
    draw = ImageDraw.Draw(image, "RGBA")
    _sun(draw, key, palette)
    _stars(draw, key, palette, steps)
    layers = 2 + steps // 8
    for layer in range(layers):
        _ridge(draw, f"{key} {layer}", palette, steps, (layer + 1) / layers)
    _lights(draw, key, palette, steps)
    image = image.reduce(_FINE)
    if steps < 10:
        # A picture that was not denoised to the end.
        image = image.filter(ImageFilter.BoxBlur((10 - steps) * 0.7))
    return image


def _sky(key: str, palette: Palette) -> Image.Image:
    random = seeded(f"sky {key}")
    few = Image.new("RGB", (4, 4))
    for row in range(4):
        for column in range(4):
            share = min(1, max(0, row / 2.2 + random.uniform(-0.22, 0.22)))
            few.putpixel((column, row), mixed(palette.zenith, palette.horizon, share))
    few.putpixel((random.randrange(4), 1), random.choice(palette.accents))
    # As smooth as bicubic all the way, in a third of the time.
    middle = ImageOps.fit(few, (64, 64), Image.Resampling.BICUBIC)
    smooth = ImageOps.fit(middle, (SIDE, SIDE), Image.Resampling.BILINEAR)
    return ImageOps.fit(smooth, (_CANVAS, _CANVAS), Image.Resampling.NEAREST)


def _disc(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return x - radius, y - radius, x + radius, y + radius


def _sun(draw: ImageDraw.ImageDraw, key: str, palette: Palette) -> None:
    random = seeded(f"sun {key}")
    x = random.uniform(0.15, 0.85) * _CANVAS
    y = random.uniform(0.15, 0.42) * _CANVAS
    radius = random.uniform(0.05, 0.1) * _CANVAS
    for ring in range(5, 0, -1):
        draw.ellipse(_disc(x, y, radius * (1 + ring * 0.3)), fill=(*palette.light, 24))
    draw.ellipse(_disc(x, y, radius), fill=palette.light)


def _stars(draw: ImageDraw.ImageDraw, key: str, palette: Palette, steps: int) -> None:
    random = seeded(f"stars {key}")
    for _ in range(steps * 3):
        x, height, radius = random.random(), random.random(), random.uniform(1, 3.2)
        at = _disc(x * _CANVAS, height**1.5 * 0.6 * _CANVAS, radius)
        draw.ellipse(at, fill=(*palette.light, random.randrange(110, 230)))


def _ridge(
    draw: ImageDraw.ImageDraw, key: str, palette: Palette, steps: int, nearness: float
) -> None:
    """Paints a range of hills with trees, the nearer the lower and the darker."""
    random = seeded(f"ridge {key}")
    waves = [
        (0.09 / (octave + 1) ** 1.25, (octave + 0.6) * random.uniform(1.5, 3.4), random.random())
        for octave in range(12)
    ][: 2 + steps // 5]
    base = 0.48 + 0.36 * nearness

    def height(x: float) -> float:
        hills = math.fsum(
            swing * math.sin(math.tau * (x * turns + phase)) for swing, turns, phase in waves
        )
        return (base - hills) * _CANVAS

    corners = 5 + steps * 2
    line = [(i / corners * _CANVAS, height(i / corners)) for i in range(corners + 1)]
    colour = mixed(palette.far, palette.near, nearness**1.2)
    draw.polygon([*line, (_CANVAS, _CANVAS), (0, _CANVAS)], fill=colour)
    draw.line(line, fill=(*palette.light, 70), width=3)
    tree = mixed(colour, palette.near, 0.55)
    for _ in range(int(steps * nearness)):
        x = random.random()
        tall = _CANVAS * random.uniform(0.015, 0.06) * (0.3 + nearness)
        left, foot = x * _CANVAS, height(x) + 4
        draw.polygon(
            [(left - tall / 4, foot), (left, foot - tall), (left + tall / 4, foot)], fill=tree
        )


def _lights(draw: ImageDraw.ImageDraw, key: str, palette: Palette, steps: int) -> None:
    """Paints translucent discs that float before the hills, the later the smaller."""
    random = seeded(f"lights {key}")
    for index in range(4 + steps):
        radius = _CANVAS * random.uniform(0.02, 0.09) / (1 + index * 0.12)
        x, y = random.random() * _CANVAS, random.uniform(0.3, 0.95) * _CANVAS
        colour = random.choice(palette.accents)
        draw.ellipse(_disc(x, y, radius), fill=(*colour, 60), outline=(*colour, 150), width=2)
        draw.ellipse(_disc(x, y, radius * 0.45), fill=(*palette.light, 70))
