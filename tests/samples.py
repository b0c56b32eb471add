"""Small real pictures and answers for tests."""

import base64
import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    """An encoded picture of one colour."""
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 90)).save(target, format=kind)
    return target.getvalue()


def chunk(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    """A chunk of a PNG, which may say that it has another size."""
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content) if size is None else size) + kind + content + checksum


PNG = picture()
PNG_BASE64 = base64.b64encode(PNG).decode()
JPEG = picture("JPEG")


def answer(path: str) -> dict[str, Any]:
    """An answer of the contract's shape for an operation's path."""
    if path.startswith("/dedicated"):
        return {"data": [{"seed": 7, "response_format": "png", "b64_json": PNG_BASE64}]}
    return {"image": PNG_BASE64}
