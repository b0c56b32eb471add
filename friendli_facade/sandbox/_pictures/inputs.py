"""Pictures that came with a request: decoded, looked up, or made up, but never fetched."""

import base64
import binascii
import hashlib
import io
import re
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

from attrs import field, frozen
from PIL import Image, ImageOps

from friendli_facade.sandbox._messages import RefusalError
from friendli_facade.sandbox._pictures.captions import write
from friendli_facade.sandbox._pictures.landscapes import Palette, paint
from friendli_facade.sandbox._pictures.store import Store

LARGEST = 50 * 1024 * 1024  # bytes of one picture, from the contract's prose
# What the web sends. Pillow opens more, and runs Ghostscript for some of it.
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_DATA_URL = re.compile(r"data:image/[\w.+-]+(?:;[\w.+-]+=[^;,]*)*;base64,", re.IGNORECASE)


@frozen
class Input:
    """A picture in RGB or RGBA, turned upright, and the digest that stands for it."""

    digest: str
    image: Image.Image = field(eq=False, repr=False)


class UnreadableError(ValueError):
    """Says why a text stands for no picture."""


def read(text: str, pictures: Store) -> Input:
    """The picture that `text` stands for: a URL, a data URL or base64.

    Raises:
        UnreadableError: The text is none of these, or its bytes are no picture.
        RefusalError: The picture is too large.
    """
    if text[:8].lower().startswith(("http://", "https://")):
        return _from_url(text, pictures)
    if text[:5].lower() == "data:":
        header = _DATA_URL.match(text[:1000])
        if header is None:
            raise UnreadableError("a data URL should start like data:image/png;base64,")
        text = text[header.end() :]
    if len(text) * 3 // 4 - text[-2:].count("=") > LARGEST:
        raise RefusalError(413, f"Image is larger than {LARGEST} bytes")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("neither an http(s) URL nor base64") from error
    return Input(_digest(content), decoded(content))


def _from_url(url: str, pictures: Store) -> Input:
    try:
        path = urlsplit(url).path
    except ValueError as error:
        raise UnreadableError("not a URL") from error
    # Wherever the sandbox is mounted: the name is the picture's digest, so no other fits.
    picture = pictures.at(path)
    if picture is not None:
        return Input(picture.name, decoded(picture.content))
    return Input(_digest(url.encode()), _placeholder(url))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def decoded(content: bytes) -> Image.Image:
    """The picture in some file's bytes, upright and in RGB or RGBA."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            # Pillow only warns up to twice this, and a warning does not stop the bomb.
            if image.width * image.height > (Image.MAX_IMAGE_PIXELS or 1 << 27):
                raise UnreadableError("too many pixels")
            return _in_colour(ImageOps.exif_transpose(image))
    except UnreadableError:
        raise
    except Exception as error:  # a broken file can raise anything from Pillow's plugins
        raise UnreadableError("not a picture that can be decoded") from error


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


@lru_cache(maxsize=64)
def _placeholder(url: str) -> Image.Image:
    """A picture for a URL that is not the sandbox's own, with the URL as text."""
    image = paint(f"placeholder {url}", 12, Palette.of(f"placeholder {url}", 0.8))
    write(image, url, "placeholder: URLs are not fetched", at_top=True)
    return image
