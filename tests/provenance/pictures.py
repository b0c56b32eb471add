"""Pictures of each kind, and what is written into them."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import attrs
from hypothesis import strategies
from PIL import Image

from friendli_facade import models
from friendli_facade._provenance import files
from friendli_facade._provenance.documents import Document
from friendli_facade._provenance.splices import digest, pieces

CREATED = datetime(2026, 8, 2, 12, 30, tzinfo=UTC)


def noise(mode: str, size: tuple[int, int] = (13, 9)) -> Image.Image:
    """A picture of many colours, transparent in part where its mode has that."""
    count = size[0] * size[1] * Image.getmodebands(mode)
    return Image.frombytes(mode, size, Random(count).randbytes(count))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture's file."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def _animated(kind: str, **options: Any) -> Callable[[], bytes]:
    return lambda: encoded(
        noise("RGBA"), kind, save_all=True, append_images=[noise("RGBA")], **options
    )


_EXIF = Image.Exif()
_EXIF[0x010E] = "a description"

KINDS: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: encoded(noise("RGB"), "PNG"),
    "PNG with alpha": lambda: encoded(noise("RGBA"), "PNG"),
    "PNG with a palette": lambda: encoded(noise("RGB").quantize(16), "PNG"),
    "PNG, animated": _animated("PNG"),
    "JPEG": lambda: encoded(noise("RGB"), "JPEG"),
    "JPEG, progressive, gray": lambda: encoded(noise("L"), "JPEG", progressive=True),
    "JPEG with EXIF": lambda: encoded(noise("RGB"), "JPEG", exif=_EXIF),
    "WebP, lossy": lambda: encoded(noise("RGB"), "WEBP"),
    "WebP, lossless": lambda: encoded(noise("RGB"), "WEBP", lossless=True),
    "WebP, lossy with alpha": lambda: encoded(noise("RGBA"), "WEBP"),
    "WebP, lossless with alpha": lambda: encoded(noise("RGBA"), "WEBP", lossless=True),
    "WebP with EXIF": lambda: encoded(noise("RGB"), "WEBP", exif=_EXIF),
    "WebP, animated": _animated("WEBP"),
    "WebP, animated, lossless": _animated("WEBP", lossless=True),
}

# What XML, JSON, HTML, a terminal or a PNG's text might stumble over.
_MARKS = [
    *("]]>", "<!--", "<script>alert(1)</script>", "&amp;", "&#0;", "\x00", "\x0b", "\x1b[31m"),
    *("\ud800", "\udfff", "\ufffe", "\u202e", "\u2066", "\r\n", "\n", "\\", '"', "\\u0041"),
    *("漢字", "🎈", "Steps: 1, Seed: 2, Size: 3", "\nNegative prompt: a", "<?xpacket end='r'?>"),
    "urn:x-friendli-facade:provenance:",
]
PROMPTS = strategies.lists(
    strategies.sampled_from(_MARKS) | strategies.text(strategies.characters(), max_size=20)
).map("".join)


def document(prompt: str = "A kite", **others: Any) -> Document:
    """What is written with a picture."""
    body = {"model": "m", "prompt": prompt, "num_inference_steps": 28, "guidance_scale": 3.5}
    made = Document(
        request=models.Request("dedicatedImagesGenerate", body),
        seed=7,
        response_format="png",
        request_id="req-1",
        created=CREATED,
        generator="friendli-facade 0",
        media_type="image/png",
        size=3,
        sha256="ab",
    )
    return attrs.evolve(made, **others)


def edit(prompt: str = "A kite") -> models.Request:
    """What was asked for of an edit."""
    picture = {"image": {"media_type": "image/png", "size": 3, "sha256": "ab"}}
    return models.Request("dedicatedImagesEdit", {"prompt": prompt, "image": picture})


def with_document(content: bytes, written: Document) -> bytes:
    """A picture's file with a document in it."""
    file = io.BytesIO(content)
    splices = files.embedding(file, written)
    assert splices
    assert digest(io.BytesIO(content)) == digest(file)
    return b"".join(pieces(file, splices))
