"""PIL images, to the PNG of what a viewer shows of them."""

import io
import sys
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from friendli_facade._inputs.turns import turn
from friendli_facade._rules.violations import RefusedError, reason

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112  # of EXIF
_NO_WHITE = {"F": "floats", "I": "32-bit integers"}


def is_image(value: object) -> "TypeGuard[Image]":
    """Whether `value` is a PIL image."""
    # Without Pillow imported, nobody can hold a Pillow image.
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(value, pillow.Image)


def png(image: "Image") -> bytes:
    """A PIL image as PNG: upright, in colours or grays; raises RefusedError.

    Of several frames it is the one at which the image stands. The caller's image stays as it is.
    """
    try:
        if image.mode in _NO_WHITE:
            rule = f"must have a mode that says what is white; {image.mode} holds"
            raise RefusedError(f"{rule} {_NO_WHITE[image.mode]}: scale them, and convert to L")
        return _png(image)
    except RefusedError:
        raise
    except Exception as error:  # each of Pillow's plugins has its own
        rule = f"must be a picture that Pillow can read and write as PNG ({reason(error)})"
        raise RefusedError(rule) from error


def _png(image: "Image") -> bytes:
    shown, profile = displayed(image)
    target = io.BytesIO()
    shown.save(target, format="PNG", icc_profile=profile)
    return target.getvalue()


def displayed(image: "Image") -> "tuple[Image, bytes | None]":
    """A PIL image as a viewer shows it, in L, LA, RGB or RGBA, with its profile if that fits.

    It is upright, and a copy. Raises RefusedError, and whatever Pillow raises.
    """
    with turn(image):  # Pillow reads a file when it is first asked for pixels
        copy, orientation = image.copy(), _orientation(image)
    profile = copy.info.get("icc_profile")
    space = profile[16:20] if isinstance(profile, bytes) else b""
    # Nothing else of what came with the image goes along: it was about other pixels, or private.
    copy.info = {name: copy.info[name] for name in ("transparency",) if name in copy.info}
    shown = _shown(_upright(copy, orientation), profile if space == b"CMYK" else None)
    shown.info = {}
    fits = space == (b"GRAY" if shown.mode in {"L", "LA"} else b"RGB ")
    fits = fits and copy.mode not in {"CMYK", "LAB"}
    return shown, profile if fits else None


def _orientation(image: "Image") -> Any:
    try:
        return image.getexif().get(_ORIENTATION)
    except Exception:
        return None  # viewers show a picture whose EXIF is broken as it is


def _upright(image: "Image", orientation: Any) -> "Image":
    from PIL import ImageOps

    image.getexif()[_ORIENTATION] = orientation
    ImageOps.exif_transpose(image, in_place=True)
    return image


def _shown(image: "Image", cmyk_profile: bytes | None) -> "Image":
    """An image in the mode of PNG that holds what it shows: L, LA, RGB or RGBA."""
    if image.mode.startswith("I;16"):
        if "transparency" in image.info:
            raise RefusedError(f"must not have a transparent value in mode {image.mode}")
        integers = cast("Any", image.convert("I"))
        return cast("Image", integers.point(_to_eight_bits).convert("L"))
    if cmyk_profile and image.mode == "CMYK" and (managed := _managed(image, cmyk_profile)):
        return managed
    mode = "L" if image.mode in {"1", "L", "LA", "La"} else "RGB"
    if image.has_transparency_data:
        mode += "A"
    return image if image.mode == mode else image.convert(mode)


def _to_eight_bits(value: Any) -> Any:
    return value * (1 / 257) + 0.5  # in just these terms, which Pillow takes apart


def _managed(image: "Image", profile: bytes) -> "Image | None":
    """An image in sRGB, as its profile says; None where the profile is of no use."""
    from PIL import ImageCms

    try:
        srgb = cast("Any", ImageCms).createProfile("sRGB")
        return ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode="RGB")
    except Exception:
        return None
