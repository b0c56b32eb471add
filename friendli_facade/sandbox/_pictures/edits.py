"""What an edit leaves on a picture: shapes, a frame, and the other pictures of the request."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageOps

from friendli_facade.sandbox._pictures.landscapes import Palette, seeded

_MOST_INSETS = 12


def opaque(image: Image.Image) -> Image.Image:
    """The picture in RGB, on white where it is transparent."""
    if image.mode == "RGB":
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def decorate(image: Image.Image, key: str, steps: int, palette: Palette) -> None:
    """Frames a picture and throws rings and discs over it, more of them with more steps."""
    random = seeded(f"confetti {key}")
    draw = ImageDraw.Draw(image, "RGBA")
    unit = min(image.size)
    for index in range(3 + steps):
        radius = unit * random.uniform(0.03, 0.11) / (1 + index * 0.05)
        x, y = random.random() * image.width, random.random() * image.height
        box = (x - radius, y - radius, x + radius, y + radius)
        colour = random.choice(palette.accents)
        if index % 2:
            draw.ellipse(box, None, (*colour, 190), max(1, unit // 160))
        else:
            draw.ellipse(box, (*colour, 80))
    if unit > 8:
        border = (0, 0, image.width - 1, image.height - 1)
        draw.rectangle(border, None, palette.light, _edge(image))


def inset(image: Image.Image, others: Sequence[Image.Image], palette: Palette) -> None:
    """Puts the other pictures of an edit small into a picture's upper right, framed."""
    side, edge = min(image.size) // 5, _edge(image)
    if side < 3:
        return
    pitch = side + edge * 2
    across = max(1, (image.width - edge * 2) // pitch)
    for index, other in enumerate(others[:_MOST_INSETS]):
        row, column = divmod(index, across)
        left, top = image.width - (column + 1) * pitch, edge * 2 + row * pitch
        frame = (left - edge, top - edge, left + side + edge, top + side + edge)
        image.paste(palette.light, frame)
        image.paste(ImageOps.fit(other, (side, side)), (left, top))


def _edge(image: Image.Image) -> int:
    return max(1, min(image.size) // 64)
