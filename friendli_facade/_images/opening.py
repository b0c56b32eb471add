"""Pictures, as Pillow has them."""

import io
from typing import TYPE_CHECKING

from friendli_facade._images import media_types

if TYPE_CHECKING:
    import PIL.Image


def opened(content: bytes) -> "PIL.Image.Image":
    """The picture, of which only the header is read yet.

    Raises ImportError without Pillow, and its UnidentifiedImageError.
    """
    try:
        import PIL.Image
    except ImportError as error:
        message = "to_pil needs Pillow: pip install 'friendli-facade[images]'"
        raise ImportError(message) from error
    kind = media_types.kind(content[: media_types.HEAD])
    if kind is None:
        raise PIL.UnidentifiedImageError(
            f"a picture that begins with {content[:8]!r} is of no kind that Pillow is asked to "
            "open here; read() and save() give it as it is"
        )
    try:
        # Of its other plugins some start programs: Ghostscript, for an EPS.
        return PIL.Image.open(io.BytesIO(content), formats=(kind.pillow,))
    except KeyError:
        message = f"this Pillow does not read {kind.media_type}; read() and save() give it as it is"
        raise PIL.UnidentifiedImageError(message) from None


def loaded(content: bytes) -> "PIL.Image.Image":
    """The same, with all its pixels."""
    image = opened(content)
    image.load()
    return image
