from pathlib import Path

import PIL.Image
import pytest

from scripts.demonstration import __main__ as command
from scripts.demonstration import drawing
from scripts.demonstration.__main__ import run
from scripts.demonstration.contact_sheet import Group, save
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


def test_each_picture_is_a_line_and_a_file_named_after_its_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its input's name, or that of a prompt, and its seed; the folder is made."""
    monkeypatch.setattr(drawing, "PICTURES", ())
    folder = tmp_path / "pictures"
    (group,) = run(folder)
    assert [cell.path.name for cell in group.results] == [
        "prompt-dedicated-generate-9.png",
        "prompt-container-generate-10.png",
    ]
    for line, cell in zip(capsys.readouterr().out.splitlines(), group.results, strict=True):
        with PIL.Image.open(cell.path) as image:
            kind = image.get_format_mimetype()
            assert line == f"{cell.path}  {image.width}x{image.height}  {kind}"


def test_the_sheet_lies_beside_the_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the folder that is named, and the command ends with where that is."""
    drawn: list[Path] = []

    def run(folder: Path) -> list[Group]:
        drawn.append(folder)
        return [Group("From nothing", None, [])]

    monkeypatch.setattr(command, "run", run)
    command.main([str(tmp_path)])
    assert drawn == [tmp_path]
    sheet = tmp_path / "contact-sheet.png"
    assert capsys.readouterr().out == f"{sheet}  inputs and results side by side\n"
    with PIL.Image.open(sheet) as image:
        assert image.format == "PNG"
