"""Local pictures: bytes, paths, binary files and PIL images, to bytes that can be read again.

They are looked into: they must begin like a picture and hold at most 50 MiB.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

from friendli_facade._images import media_types
from friendli_facade._inputs import other_files, pillow, reading, sizes
from friendli_facade._inputs.pictures import Picture
from friendli_facade._inputs.reading import File, Held, Source
from friendli_facade._inputs.turns import turn
from friendli_facade._rules.violations import RefusedError, reason


def is_buffer(value: object) -> bool:
    """Whether `value` gives its bytes as they are: bytes, a memoryview, an mmap, an array."""
    try:
        memoryview(cast("bytes", value)).release()
    except TypeError:
        return False
    except Exception:
        return True  # of which the bytes are gone
    return True


def picture(argument: str, value: object) -> Picture:
    """The local picture that an argument is, checked; raises RefusedError."""
    found = _source(value)
    sizes.check(found.size)
    pieces = found.pieces()
    try:
        head = next(pieces, b"")[: media_types.HEAD]
    except OSError as error:
        raise RefusedError(f"must be a readable file ({reason(error)})") from error
    finally:
        pieces.close()
    media_type = media_types.media_type(head)
    if media_type is None:
        rule = f"must be a picture ({other_files.wanted(head)})"
        raise RefusedError(f'{rule}; to send it all the same, pass {{"image": <base64 text>}}')
    return Picture(argument, media_type, found)


def _source(value: object) -> Source:
    if isinstance(value, Held | File):  # which a batch has read already
        return value
    if is_buffer(value):
        return Held(_copied(value))
    if hasattr(type(value), "__fspath__"):
        return _file(cast("os.PathLike[str]", value))
    if pillow.is_image(value):
        return Held.alone(pillow.png(value))
    read = getattr(value, "read", None)
    if callable(read):
        return _stream(value, read)
    raise RefusedError(
        "must be a pathlib.Path, bytes, a binary file, a PIL image, a URL or base64 text"
    )


def _copied(value: object) -> bytes:
    if type(value) is bytes:
        return value
    with memoryview(cast("bytes", value)) as view:
        if view.ndim != 1 or view.itemsize != 1:
            rule = "must be the bytes of a picture file; of an array of pixels make a picture: "
            raise RefusedError(f"{rule}PIL.Image.fromarray(...)")
        sizes.check(view.nbytes)
        return bytes(view)


def _file(path: os.PathLike[str]) -> Source:
    try:
        return File.of(Path(os.fsdecode(path)))
    except FileNotFoundError:
        raise RefusedError("must be a file that exists") from None
    except (OSError, ValueError) as error:
        raise RefusedError(f"must be a readable file ({reason(error)})") from error


def _stream(file: object, read: Callable[[int], object]) -> Source:
    with turn(file):
        found = reading.of_file(file, read, sizes.MAX_IMAGE_BYTES + 1)
    if not found.size:
        raise RefusedError("must have something left to read: call its seek(0) first")
    if found.is_held and found.size > sizes.MAX_IMAGE_BYTES:
        raise sizes.too_large("more")  # of which no more than that was read
    return found
