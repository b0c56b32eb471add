"""PIL images go out as what a viewer shows of them."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from tests.inputs import profiles
from tests.inputs.sending import refusal, sent
from tests.samples import picture

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
RED = (200, 30, 90, 255)
CLEAR = (0, 0, 0, 0)
ORIENTATION = 0x0112


def state(image: Image.Image) -> Any:
    """All that a caller sees of an image."""
    pixels = image.tobytes()  # first: it reads the file, which completes the rest
    palette = image.palette and (image.palette.mode, image.palette.tobytes())
    seen = (image.mode, image.size, dict(image.info), dict(image.getexif()), image.tell())
    return pixels, palette, seen


def shown(image: Image.Image) -> Image.Image:
    """The PNG that was sent for an image, which is what it was."""
    before = state(image)
    content = sent(image)
    assert state(image) == before
    with Image.open(io.BytesIO(content)) as found:
        found.load()
    assert found.format == "PNG"
    assert found.mode in {"L", "LA", "RGB", "RGBA"}
    assert not found.getexif()
    return found


def first_pixel(image: Image.Image) -> Any:
    return image.convert("RGBA").getpixel((0, 0))


# Where a pixel that is shown at x, y is stored, in a picture of w by h (Exif 2.3, 4.6.4 A).
STORED: dict[int, Callable[[int, int, int, int], tuple[int, int]]] = {
    1: lambda x, y, _w, _h: (x, y),
    2: lambda x, y, w, _h: (w - 1 - x, y),
    3: lambda x, y, w, h: (w - 1 - x, h - 1 - y),
    4: lambda x, y, _w, h: (x, h - 1 - y),
    5: lambda x, y, _w, _h: (y, x),
    6: lambda x, y, _w, h: (y, h - 1 - x),
    7: lambda x, y, w, h: (w - 1 - y, h - 1 - x),
    8: lambda x, y, w, _h: (w - 1 - y, x),
}
COLOURS = {
    (0, 0): (250, 10, 10),
    (1, 0): (10, 250, 10),
    (2, 0): (10, 10, 250),
    (0, 1): (250, 250, 250),
    (1, 1): (10, 10, 10),
    (2, 1): (250, 250, 10),
}
CELL = 32


def turned(kind: str, orientation: int) -> bytes:
    """A picture of three by two cells, each of its own colour, with an orientation in its EXIF."""
    image = Image.new("RGB", (3 * CELL, 2 * CELL))
    for (x, y), colour in COLOURS.items():
        image.paste(colour, (x * CELL, y * CELL, (x + 1) * CELL, (y + 1) * CELL))
    target, exif = io.BytesIO(), Image.Exif()
    exif[ORIENTATION] = orientation
    image.save(target, kind, exif=exif, quality=95)
    return target.getvalue()


def check_cells(found: Image.Image, orientation: int) -> None:
    """Compares each cell with what the orientation says."""
    wide, high = (2, 3) if orientation > 4 else (3, 2)
    assert found.size == (wide * CELL, high * CELL)
    for x in range(wide):
        for y in range(high):
            expected = COLOURS[STORED[orientation](x, y, 3, 2)]
            got: Any = found.getpixel((x * CELL + CELL // 2, y * CELL + CELL // 2))
            assert max(abs(a - b) for a, b in zip(got, expected, strict=True)) < 25


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "TIFF", "AVIF"])
def test_a_picture_is_sent_upright(kind: str, orientation: int) -> None:
    """EXIF orientation turns the picture as a viewer turns it, and is not sent on."""
    with Image.open(io.BytesIO(turned(kind, orientation))) as image:
        check_cells(shown(image), orientation)
        image.thumbnail((96, 96))
        check_cells(shown(image), orientation)


def test_exif_that_cannot_be_read_turns_nothing() -> None:
    """A picture with broken EXIF is sent as it is stored."""
    with Image.open(io.BytesIO(turned("PNG", 6))) as image:
        image.info["exif"] = b"Exif\x00\x00no TIFF"
        check_cells(Image.open(io.BytesIO(sent(image))), 1)


def test_one_image_serves_many_threads() -> None:
    """An image that was not read yet, in many calls at once, is the same in each."""
    content = turned("JPEG", 6)
    for _ in range(10):
        with Image.open(io.BytesIO(content)) as image, ThreadPoolExecutor(8) as threads:
            found = list(threads.map(sent, [image] * 8))
        assert len(set(found)) == 1
        check_cells(Image.open(io.BytesIO(found[0])), 6)


def new(mode: str, colour: Any, **info: Any) -> Image.Image:
    image = Image.new(mode, (5, 2), colour)
    image.info.update(info)
    return image


def converted(mode: str, colour: tuple[int, ...] = RED) -> Image.Image:
    return Image.new("RGBA" if len(colour) == 4 else "RGB", (5, 2), colour).convert(mode)


def with_palette(mode: str = "RGB", colours: Any = (*RED[:3], 1, 2, 3), **info: Any) -> Image.Image:
    image = new("P", 0, **info)
    image.putpalette(colours, mode)
    return image


def sixteen(mode: str, value: int) -> Image.Image:
    content = value.to_bytes(2, "big" if mode.endswith("B") else "little")
    return Image.frombytes(mode, (5, 2), content * 10)


HALF = (200, 30, 90, 128)
GRAY = (100, 100, 100, 255)
MODES: dict[str, tuple[Image.Image, tuple[int, ...]]] = {
    "1": (new("1", 1), (255,) * 4),
    "L": (new("L", 100), GRAY),
    "LA": (new("LA", (100, 50)), (100, 100, 100, 50)),
    "La": (new("LA", (100, 128)).convert("La"), (100, 100, 100, 128)),
    "RGB": (new("RGB", RED[:3]), RED),
    "RGBA": (new("RGBA", HALF), HALF),
    "RGBa": (converted("RGBa", HALF), HALF),
    "RGBX": (converted("RGBX"), RED),
    "YCbCr": (converted("YCbCr"), RED),
    "HSV": (converted("HSV"), RED),
    "LAB": (converted("LAB"), RED),
    "CMYK": (new("CMYK", (0, 255, 255, 0)), (255, 0, 0, 255)),
    "PA": (converted("PA", HALF), HALF),
    "P": (with_palette(), RED),
    "P, one clear": (with_palette(transparency=0), (*RED[:3], 0)),
    "P, another clear": (with_palette(transparency=1), RED),
    "P, half clear": (with_palette(transparency=b"\x80\xff"), HALF),
    "P, alpha in the palette": (with_palette("RGBA", HALF), HALF),
    "1, clear": (new("1", 0, transparency=0), CLEAR),
    "L, clear": (new("L", 7, transparency=7), (7, 7, 7, 0)),
    "RGB, clear": (new("RGB", RED[:3], transparency=RED[:3]), (*RED[:3], 0)),
    "RGB, another clear": (new("RGB", RED[:3], transparency=(0, 0, 0)), RED),
    **{f"{mode} black": (sixteen(mode, 0), (0, 0, 0, 255)) for mode in ("I;16", "I;16B")},
    **{f"{mode} gray": (sixteen(mode, 257 * 100), GRAY) for mode in ("I;16", "I;16L", "I;16B")},
    **{f"{mode} white": (sixteen(mode, 65535), (255,) * 4) for mode in ("I;16", "I;16B")},
}


@pytest.mark.parametrize("name", MODES)
def test_a_mode_is_sent_as_it_looks(name: str) -> None:
    """Whatever the mode, the PNG holds the colours and the transparency that a viewer shows."""
    image, expected = MODES[name]
    found = shown(image)
    assert found.size == (5, 2)
    got = first_pixel(found)
    assert max(abs(a - b) for a, b in zip(got, expected, strict=True)) <= 3


@pytest.mark.parametrize("mode", ["F", "I"])
def test_a_mode_without_white_is_refused_by_name(mode: str) -> None:
    """Floats and 32-bit integers say nothing of what is white: the caller must."""
    said = refusal(Image.new(mode, (5, 2)))
    assert f"must have a mode that says what is white; {mode} holds" in said
    assert f"mode={mode}" in said


def test_sixteen_bits_with_a_transparent_value_are_refused_by_name() -> None:
    """No mode of eight bits can tell which of the 65536 values was the clear one."""
    said = refusal(new("I;16", 7, transparency=7))
    assert "must not have a transparent value in mode I;16" in said


@pytest.mark.parametrize(
    ("image", "profile", "kept"),
    [
        (new("RGB", RED[:3]), SRGB, True),
        (new("RGBA", RED), SRGB, True),
        (with_palette(), SRGB, True),
        (converted("YCbCr"), SRGB, True),
        (new("L", 100), profiles.GRAY, True),
        (sixteen("I;16", 257 * 100), profiles.GRAY, True),
        (new("L", 100), SRGB, False),
        (new("RGB", RED[:3]), profiles.GRAY, False),
        (converted("LAB"), profiles.LAB, False),
        (new("CMYK", (0, 255, 255, 0)), SRGB, False),
        (new("RGB", RED[:3]), profiles.CMYK, False),
        (new("RGB", RED[:3]), b"short", False),
        (new("RGB", RED[:3]), "no bytes", False),
    ],
)
def test_a_profile_is_kept_where_it_fits(image: Image.Image, profile: Any, *, kept: bool) -> None:
    """An ICC profile goes along where it speaks about the colours that are sent."""
    image = image.copy()
    image.info["icc_profile"] = profile
    assert shown(image).info.get("icc_profile") == (profile if kept else None)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [(profiles.CMYK, (255, 53, 57, 255)), (profiles.CMYK[:300], (0, 255, 255, 255))],
    ids=["good", "broken"],
)
def test_inks_are_seen_through_their_profile(profile: bytes, expected: tuple[int, ...]) -> None:
    """CMYK becomes the sRGB of its profile; without one that is good, Pillow's own idea of it."""
    image = new("CMYK", (255, 0, 0, 0), icc_profile=profile)
    found = shown(image)
    assert max(abs(a - b) for a, b in zip(first_pixel(found), expected, strict=True)) <= 2
    assert "icc_profile" not in found.info


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_is_the_frame_at_which_it_stands(kind: str) -> None:
    """Of an animation the frame is sent that the caller looks at, and it stays there."""
    colours = [(250, 10, 10), (10, 250, 10), (10, 10, 250)]
    frames = [Image.new("RGB", (8, 8), colour) for colour in colours]
    target = io.BytesIO()
    frames[0].save(target, kind, save_all=True, append_images=frames[1:], lossless=True)
    with Image.open(target) as image:
        for index in (0, 2, 1):
            image.seek(index)
            got = first_pixel(shown(image))
            assert max(abs(a - b) for a, b in zip(got[:3], colours[index], strict=True)) < 5
            assert image.tell() == index


@pytest.mark.parametrize("kind", ["AVIF", "JPEG", "PNG", "GIF"])
def test_a_picture_that_is_cut_is_refused(kind: str) -> None:
    """A file that Pillow opens and cannot read to its end is refused, in Pillow's words."""
    content = picture(kind, (200, 200))
    at = content.rindex(b"mdat") + 8 if kind == "AVIF" else len(content) - 30
    broken = bytearray(content)
    broken[at:] = b"\x00" * (len(content) - at) if kind == "AVIF" else b""
    with Image.open(io.BytesIO(broken)) as image:
        assert "must be a picture that Pillow can read and write as PNG (" in refusal(image)


def test_a_picture_without_pixels_is_refused(tmp_path: Path) -> None:
    """Nothing is no picture; nor is one whose file was closed before it was read."""
    assert "must be a picture that Pillow can read and write as PNG" in refusal(
        Image.new("RGB", (0, 5))
    )
    path = tmp_path / "cat.png"
    path.write_bytes(picture())
    image = Image.open(path)
    image.close()
    assert "must be a picture that Pillow can read and write as PNG" in refusal(image)
