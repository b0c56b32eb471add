"""Thumbnails look like their pictures, are made once, and go with them."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from friendli_facade import gallery
from tests.gallery.folders import PNG
from tests.gallery.told import told
from tests.provenance.pictures import encoded, noise


def _thumbnails(page: Path) -> dict[str, int]:
    folder = page.with_name(f"{page.stem}.thumbnails")
    return {path.name: path.stat().st_ino for path in folder.iterdir()}


def test_thumbnails_are_made_once_and_go_with_their_pictures(tmp_path: Path) -> None:
    """That of an unchanged picture stays the same file; one that nobody has any more is deleted."""
    for name in "abc":
        (tmp_path / f"{name}.png").write_bytes(encoded(noise("RGB", (900, 300)), "PNG"))
    page = gallery.write(tmp_path)
    assert page == tmp_path / "index.html"
    first = _thumbnails(page)
    (tmp_path / "index.thumbnails" / "mine.webp").write_bytes(b"mine")
    (tmp_path / "b.png").write_bytes(PNG)
    (tmp_path / "c.png").unlink()
    second = _thumbnails(gallery.write(tmp_path))
    assert len(first) == len(second) == 3
    assert len(first.items() & second.items()) == 1
    assert "mine.webp" in second
    (kept,) = first.keys() & second.keys()
    with Image.open(tmp_path / "index.thumbnails" / kept) as thumbnail:
        assert (thumbnail.size, thumbnail.format) == ((400, 133), "WEBP")
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_has_a_thumbnail_that_looks_like_it(tmp_path: Path, mode: str) -> None:
    """And stands upright, where EXIF says how."""
    image = Image.new("L", (800, 400), 40)
    image.paste(215, (0, 0, 400, 400))
    made = image.convert("RGB").quantize(4) if mode == "P" else image
    if mode == "I;16":
        made = Image.frombytes(mode, image.size, b"".join(bytes([p, p]) for p in image.tobytes()))
    elif mode != "P":
        made = image.convert(mode, dither=Image.Dither.NONE)
    kind = "TIFF" if mode == "CMYK" else "PNG"
    exif = Image.Exif()
    exif[0x0112] = 6  # it is shown turned to the right
    (tmp_path / f"a.{kind.lower()}").write_bytes(encoded(made, kind, exif=exif))
    page = gallery.write(tmp_path)
    (place,) = (tmp_path / "index.thumbnails").iterdir()
    assert told(page)["pictures"][0]["problems"] == []
    with Image.open(place) as thumbnail:
        assert thumbnail.size == (200, 400)
        light, dark = (thumbnail.convert("L").getpixel((100, y)) for y in (50, 350))
    bounds = (200, 60) if mode != "1" else (250, 5)
    assert isinstance(light, int)
    assert isinstance(dark, int)
    assert light > bounds[0]
    assert dark < bounds[1]


def test_thumbnails_are_not_put_through_a_link(tmp_path: Path) -> None:
    """Or files of somebody else would be replaced and deleted."""
    other = tmp_path / "other"
    other.mkdir()
    (other / f"{0:032}.webp").write_bytes(b"mine")
    (tmp_path / "index.thumbnails").symlink_to(other)
    with pytest.raises(NotADirectoryError):
        gallery.write(tmp_path)
    assert (other / f"{0:032}.webp").read_bytes() == b"mine"


def test_a_large_profile_is_not_in_a_thumbnail(tmp_path: Path) -> None:
    """It would be larger than the picture."""
    cms: Any = ImageCms  # not all of it has types
    profile = cms.ImageCmsProfile(cms.createProfile("sRGB")).tobytes()
    for name, content in (("small", profile), ("large", profile + bytes(1 << 15))):
        picture = encoded(noise("RGB", (500, 9)), "PNG", icc_profile=content)
        (tmp_path / f"{name}.png").write_bytes(picture)
    kept: dict[str, bool] = {}
    for one in told(gallery.write(tmp_path))["pictures"]:
        with Image.open(tmp_path / one["thumbnail"]) as thumbnail:
            kept[one["name"]] = "icc_profile" in thumbnail.info
    assert kept == {"small.png": True, "large.png": False}
