from pathlib import Path

import PIL.Image

from scripts.demonstration.__main__ import run
from scripts.demonstration.contact_sheet import save
from scripts.demonstration.drawing import PICTURES


def test_fourteen_pictures_are_drawn_and_no_two_are_alike(tmp_path: Path) -> None:
    """Fourteen files of different pixels, grouped by input, and a sheet that holds them all."""
    groups = run(tmp_path)
    paths = [cell.path for group in groups for cell in group.results]
    pixels = set[bytes]()
    for path in paths:
        with PIL.Image.open(path) as image:
            pixels.add(image.convert("RGB").tobytes())
    assert len(paths) == len(set(paths)) == len(pixels) == 14
    assert [group.source for group in groups] == [None, *PICTURES]
    save(groups, tmp_path / "sheet.png")
    with PIL.Image.open(tmp_path / "sheet.png") as sheet:
        assert len(sheet.getcolors(sheet.width * sheet.height) or []) > 1000
