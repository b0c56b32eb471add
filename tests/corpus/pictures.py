"""Files of every kind that people have, made from one picture with detail in it."""

import io
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from tests.samples import chunk

ORIENTATION = 0x0112
SIZE = (96, 64)
TURNED = ("JPEG", "WEBP", "PNG")
# Row and column of the first pixel, and steps, of each of PNG's seven passes (PNG, section 8.2).
_ADAM7 = (
    (0, 0, 8, 8),
    (0, 4, 8, 8),
    (4, 0, 8, 4),
    (0, 2, 4, 4),
    (2, 0, 4, 2),
    (0, 1, 2, 2),
    (1, 0, 2, 1),
)


@cache
def drawing() -> Image.Image:
    """A picture that looks like itself in no other position, with fine detail and flat areas."""
    fractals = [Image.effect_mandelbrot(SIZE, (-2, -1.2, 1, 1.2), quality) for quality in (9, 30)]
    ramp = Image.linear_gradient("L").crop((0, 0, *SIZE))
    image = Image.merge("RGB", (*fractals, ramp))
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((0, 0, 30, 12), (250, 20, 20))
    drawn.ellipse((70, 40, 94, 62), (20, 40, 240))
    drawn.text((4, 46), "up", (255, 255, 255))
    return image


def clear() -> Image.Image:
    """The same with a part that is half clear, and one that is clear."""
    image = drawing().convert("RGBA")
    alpha = Image.new("L", SIZE, 255)
    ImageDraw.Draw(alpha).rectangle((40, 10, 60, 30), 128)
    ImageDraw.Draw(alpha).rectangle((60, 10, 80, 30), 0)
    image.putalpha(alpha)
    return image


def file(image: Image.Image, kind: str, **options: Any) -> bytes:
    """An encoded picture."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def turned(kind: str, orientation: int) -> bytes:
    """A file whose EXIF says how to hold it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    # Pillow's JPEG keeps every pixel of colour so, and its WEBP is exact.
    return file(drawing(), kind, exif=exif, quality=100, subsampling=0, lossless=True)


def png(bits: int, *, interlaced: bool, alpha: bool = False) -> bytes:
    """A PNG as Pillow writes none: of 8 or 16 bits a channel, in one pass or in seven."""
    image = clear() if alpha else drawing()
    size = len(image.getbands())
    content, width = image.tobytes(), image.width
    # A sample of sixteen bits is one of eight, twice: 0xab becomes 0xabab.
    pixels = [
        b"".join(bytes([value]) * (bits // 8) for value in content[at : at + size])
        for at in range(0, len(content), size)
    ]
    lines = b""
    for row, column, down, right in _ADAM7 if interlaced else ((0, 0, 1, 1),):
        for y in range(row, image.height, down):
            lines += b"\0" + b"".join(pixels[y * width + column : (y + 1) * width : right])
    header = struct.pack(">IIBBBBB", *image.size, bits, 6 if alpha else 2, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(name, data)
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    )


def animated(kind: str) -> bytes:
    """Three pictures in one file."""
    rest = [drawing().rotate(90 * turns) for turns in (1, 2)]
    exact: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    return file(drawing(), kind, save_all=True, append_images=rest, duration=100, **exact)


@cache
def corpus() -> dict[str, bytes]:
    """Every file by its name."""
    return dict(_files())


@cache
def truncated() -> dict[str, bytes]:
    """Files whose second half is missing."""
    whole = [
        *((kind, file(drawing(), kind)) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF")),
        ("JPEG 2000", file(drawing(), "JPEG2000")),
        ("progressive JPEG", file(drawing(), "JPEG", progressive=True)),
        ("interlaced PNG", png(8, interlaced=True)),
        ("GIF", file(drawing().quantize(64), "GIF")),
    ]
    return {f"half of a {name}": content[: len(content) // 2] for name, content in whole}


def _files() -> Iterator[tuple[str, bytes]]:
    image, palette = drawing(), drawing().quantize(64)
    for kind in TURNED:
        for orientation in range(1, 9):
            yield f"{kind} turned {orientation}", turned(kind, orientation)
    yield "JPEG, CMYK", file(image.convert("CMYK"), "JPEG", quality=95)
    yield "JPEG, gray", file(image.convert("L"), "JPEG")
    yield "JPEG, progressive", file(image, "JPEG", progressive=True)
    yield "PNG, gray of 16 bits", file(_sixteen(), "PNG")
    yield "PNG, colours of 16 bits", png(16, interlaced=False)
    yield "PNG, clear, of 16 bits", png(16, interlaced=False, alpha=True)
    yield "PNG, interlaced", png(8, interlaced=True)
    yield "PNG, interlaced, clear, of 16 bits", png(16, interlaced=True, alpha=True)
    yield "PNG, clear", file(clear(), "PNG")
    yield "PNG, gray and clear", file(clear().convert("LA"), "PNG")
    yield "PNG, of 1 bit", file(image.convert("1"), "PNG")
    yield "PNG, with a palette", file(palette, "PNG")
    yield "PNG, with a palette of 2 bits", file(image.quantize(4), "PNG", bits=2)
    yield "PNG, with a clear colour", file(palette, "PNG", transparency=3)
    yield "PNG, with half clear colours", file(palette, "PNG", transparency=bytes(range(64)))
    yield "GIF, interlaced", file(palette, "GIF", interlace=1)
    yield "GIF, in one pass, with a clear colour", file(palette, "GIF", interlace=0, transparency=3)
    for kind in ("GIF", "PNG", "WEBP", "AVIF"):
        yield f"{kind}, animated", animated(kind)
    yield "WEBP, lossy", file(image, "WEBP")
    yield "WEBP, clear", file(clear(), "WEBP", lossless=True)
    yield "AVIF", file(image, "AVIF", quality=100)
    yield "AVIF, clear", file(clear(), "AVIF", quality=100)
    yield "JPEG 2000", file(image, "JPEG2000")
    yield "JPEG 2000, clear", file(clear(), "JPEG2000")
    yield "BMP", file(image, "BMP")
    yield "BMP, with a palette", file(palette, "BMP")
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        yield f"TIFF, {compression}", file(image, "TIFF", compression=compression)
    yield "TIFF, CMYK", file(image.convert("CMYK"), "TIFF")
    yield "TIFF, gray of 16 bits", file(_sixteen(), "TIFF")
    yield "TIFF, of 1 bit", file(image.convert("1"), "TIFF", compression="group4")
    yield "BigTIFF", file(image, "TIFF", big_tiff=True)
    yield "TIFF, of two pages", file(image, "TIFF", save_all=True, append_images=[palette])
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000"):
        yield f"{kind} of one pixel", file(Image.new("RGB", (1, 1), (200, 30, 90)), kind)
    for wide, high in ((10_000, 1), (1, 10_000)):
        for kind in ("JPEG", "PNG", "WEBP"):
            yield f"{kind} of {wide} by {high}", file(_repeated(wide, high), kind)


def _repeated(wide: int, high: int) -> Image.Image:
    """The picture as often as it fits."""
    image = Image.new("RGB", (wide, high))
    for x in range(0, wide, SIZE[0]):
        for y in range(0, high, SIZE[1]):
            image.paste(drawing(), (x, y))
    return image


def _sixteen() -> Image.Image:
    """The picture in shades of gray, of which there are 65,536."""
    gray = drawing().convert("L").tobytes()
    return Image.frombytes("I;16", SIZE, b"".join(bytes([value, value]) for value in gray))
