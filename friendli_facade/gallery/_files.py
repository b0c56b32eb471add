"""Files that are there whole, or not at all."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write(place: Path, content: bytes, *, sync: bool = False) -> None:
    """Puts a file in its place, instead of the one that is there; raises OSError.

    With `sync`, a power cut leaves one or the other.
    """
    part = place.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            part.chmod(place.stat().st_mode & 0o777)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
