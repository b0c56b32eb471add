"""Pictures that came with a request: decoded, looked up, or made up, but never fetched."""

import base64
import binascii
import hashlib
import re
from functools import lru_cache
from urllib.parse import urlsplit

from attrs import field, frozen
from PIL import Image

from friendli_facade.sandbox._messages import RefusalError
from friendli_facade.sandbox._pictures.captions import write
from friendli_facade.sandbox._pictures.decoding import TOO_MANY, UnreadableError, decoded
from friendli_facade.sandbox._pictures.landscapes import PAINTED, Palette, paint
from friendli_facade.sandbox._pictures.store import Store

LARGEST = 50 * 1024 * 1024  # bytes of one picture, from the contract's prose
_DATA_URL = re.compile(r"data:image/[\w.+-]+(?:;[\w.+-]+=[^;,]*)*;base64,", re.IGNORECASE)


@frozen
class Input:
    """A picture in RGB or RGBA, turned upright, and the digest that stands for it."""

    digest: str
    image: Image.Image = field(eq=False, repr=False)
    # How many there were to look at; `image` may be smaller.
    pixels: int = field(eq=False, repr=False)


def read(text: str, pictures: Store, most: int) -> Input:
    """The picture that `text` stands for: a URL, a data URL or base64.

    Raises:
        UnreadableError: The text is none of these, or its bytes are no picture, or one of more
            than `most` pixels.
        RefusalError: The picture is too large.
    """
    if text[:8].lower().startswith(("http://", "https://")):
        return _from_url(text, pictures, most)
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
    return Input(_digest(content), *decoded(content, most))


def _from_url(url: str, pictures: Store, most: int) -> Input:
    try:
        path = urlsplit(url).path
    except ValueError as error:
        raise UnreadableError("not a URL") from error
    # Wherever the sandbox is mounted: the name is the picture's digest, so no other fits.
    picture = pictures.at(path)
    if picture is not None:
        return Input(picture.name, *decoded(picture.content, most))
    if most < PAINTED:
        raise UnreadableError(TOO_MANY)
    return Input(_digest(url.encode()), _placeholder(url), PAINTED)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=64)
def _placeholder(url: str) -> Image.Image:
    """A picture for a URL that is not the sandbox's own, with the URL as text."""
    image = paint(f"placeholder {url}", 12, Palette.of(f"placeholder {url}", 0.8))
    write(image, url, "placeholder: URLs are not fetched", at_top=True)
    return image
