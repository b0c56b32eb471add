"""The pictures that edits begin with are the project's own."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from scripts.demonstration.drawing import FOLDER
from scripts.demonstration.pictures import draw


@pytest.mark.slow
def test_both_pictures_are_what_the_module_beside_them_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kite point for point; the harbour but for what JPEG's encoders round otherwise."""
    monkeypatch.setattr(draw, "FOLDER", tmp_path)
    draw.main()
    for name, most in (("kite.png", 0.0), ("harbour.jpg", 0.2)):
        with Image.open(FOLDER / name) as committed, Image.open(tmp_path / name) as drawn:
            assert drawn.mode == committed.mode
            difference = ImageStat.Stat(ImageChops.difference(drawn, committed))
            assert max(difference.mean) <= most
