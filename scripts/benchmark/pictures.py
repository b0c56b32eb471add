"""Pictures of any size that tell by themselves whether they arrived whole.

The standard library alone: the official SDK's process imports this too.
"""

import hashlib
import random
from pathlib import Path

MIB = 1024 * 1024
PROMPT = "A lighthouse above a calm harbour, in the style of a travel poster"
_START = b"\x89PNG\r\n\x1a\n"


def picture(size: int) -> bytes:
    """`size` bytes that begin as a PNG does and end with the hash of all before."""
    noise = random.Random(size).randbytes(size - len(_START) - 32)  # noqa: S311
    return _START + noise + hashlib.sha256(_START + noise).digest()


def is_whole(content: bytes) -> bool:
    """Whether these are the bytes that `picture` made, all of them."""
    return hashlib.sha256(content[:-32]).digest() == content[-32:]


def base64_length(size: int) -> int:
    """How many characters `size` bytes have as base64."""
    return (size + 2) // 3 * 4


def stored(folder: Path, size: int) -> Path:
    """A file in `folder` that holds a picture of `size` bytes."""
    path = folder / f"{size}.png"
    if not path.exists():
        path.write_bytes(picture(size))
    return path
