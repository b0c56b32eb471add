"""From a file's bytes to a picture that can be drawn on, within bounds of size."""

import io
import re
from typing import cast

from PIL import Image, ImageOps

# What the web sends. Pillow opens more, and runs Ghostscript for some of it.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000")
# How files begin that somebody may take for one of those.
_UNREAD = {
    "image/heic": rb".{4}ftyp(?!.{0,32}avi[fs])(?:hei[cmsx]|hev[cmsx]|mif1|msf1)",
    "image/jxl": rb"\xff\x0a|\0\0\0\x0cJXL ",
    "image/svg+xml": rb"(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*)*<svg\b",
    "image/x-icon": rb"\0\0[\1\2]\0",
    "image/x-portable-anymap": rb"P[1-7]\s",
    "image/vnd.adobe.photoshop": rb"8BPS",
    "application/pdf": rb"%PDF-",
    "application/postscript": rb"%!PS|\xc5\xd0\xd3\xc6",
}
# Pixels of a picture, and of all pictures of a request: ten photos of twelve megapixels.
_LARGEST = 1 << 26
MOST_PIXELS = 1 << 27
# Decoders that need up to 19 bytes for a pixel, where the others need at most 7.
_HUNGRY = frozenset({"AVIF", "JPEG2000", "WEBP"})
_LONGEST = 2048  # pixels of a side, as large as image models draw
TOO_MANY = "too many pixels: the sandbox takes 67 million in a picture, 134 million in a request"


class UnreadableError(ValueError):
    """Says why there is no picture."""


def decoded(content: bytes, most: int) -> tuple[Image.Image, int]:
    """The picture in a file, upright, in RGB or RGBA, and how many pixels the file has.

    What is longer than 2,048 pixels is reduced to that.

    Raises:
        UnreadableError: It is no picture, or has more than `most` pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            pixels = image.width * image.height
            if pixels > min(most, _LARGEST >> (image.format in _HUNGRY)):
                raise UnreadableError(TOO_MANY)
            # Nearly all of the way without smoothing, for which Pillow would copy all pixels.
            image.thumbnail((2 * _LONGEST, 2 * _LONGEST), Image.Resampling.NEAREST)
            image.thumbnail((_LONGEST, _LONGEST))
            return _in_colour(ImageOps.exif_transpose(image)), pixels
    except UnreadableError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableError(TOO_MANY) from error
    except Exception as error:  # a broken file can raise anything from Pillow's plugins
        raise UnreadableError(_problem(content)) from error


def _problem(content: bytes) -> str:
    for media_type, beginning in _UNREAD.items():
        if re.match(beginning, content[:1000], re.DOTALL):
            return f"the sandbox does not read {media_type}"
    return "not a picture that can be decoded"


def _in_colour(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = Image.eval(image.convert("I"), lambda value: value * (1 / 257)).convert("L")
    elif image.mode in {"I", "F"}:
        # No white point is declared for these: stretch what is there.
        image = image.convert("F")
        low, high = cast("tuple[float, float]", image.getextrema())
        scale = 255 / ((high - low) or 1)
        image = Image.eval(image, lambda value: value * scale - low * scale).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
