"""Files that go or cannot be read while a page is made, and facts that not all of them have."""

import errno
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from friendli_facade import gallery, models
from friendli_facade.gallery import _json, _pictures
from friendli_facade.gallery._folder import Folder
from tests.gallery.folders import PNG, drawn, edited, uploaded
from tests.gallery.told import told
from tests.provenance.pictures import document, encoded, noise, with_document


def test_a_file_that_cannot_be_read_is_told_of_and_the_others_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken disk below what lies beside a picture, and a picture that goes meanwhile."""
    for name in ("broken", "gone", "good"):
        (tmp_path / f"{name}.png").write_bytes(drawn("A kite"))
    (tmp_path / "broken.png.json").symlink_to("/proc/self/mem")  # whose first page no one reads
    read = Folder.read

    def changing(path: Path) -> Folder:
        found = read(path)
        (path / "gone.png").unlink()
        return found

    monkeypatch.setattr(Folder, "read", changing)
    pictures = told(gallery.write(tmp_path))["pictures"]
    broken, gone, good = sorted(pictures, key=lambda one: str(one["name"]))
    assert broken["problems"] == ["how it was made cannot be read (Input/output error)"]
    assert broken["thumbnail"]
    assert gone["problems"][0] == "how it was made cannot be read (No such file or directory)"
    assert good["problems"] == []


def test_what_went_away_or_cannot_be_read_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder and a file, while the page was made; the page says so and shows the others."""
    (tmp_path / "inner").mkdir()
    for name in ("good", "gone", "unreadable"):
        (tmp_path / f"{name}.png").write_bytes(PNG)
    (tmp_path / "a link").symlink_to("notes.txt")
    scandir, look_at = os.scandir, _pictures.provenance_of

    def scanned(path: str | Path) -> Any:
        if Path(path).name == "inner":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    def looked_at(path: Path, on_problem: Any) -> Any:
        if path.name == "unreadable.png":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return look_at(path, on_problem)

    def listed(self: Folder, path: Path) -> Any:
        found = real(self, path)
        (tmp_path / "gone.png").unlink(missing_ok=True)
        return found

    folder: Any = Folder
    real = folder._listed
    monkeypatch.setattr("os.scandir", scanned)
    monkeypatch.setattr(_pictures, "provenance_of", looked_at)
    monkeypatch.setattr(Folder, "_listed", listed)
    page = told(gallery.write(tmp_path))
    assert page["left_out"] == ["inner: Permission denied"]
    problems = {one["name"]: one["problems"] for one in page["pictures"]}
    assert problems == {
        "good.png": [],
        "gone.png": [
            "how it was made cannot be read (No such file or directory)",
            "there is no preview: it cannot be read (No such file or directory)",
        ],
        "unreadable.png": ["how it was made cannot be read (Permission denied)"],
    }


def test_a_picture_that_goes_while_its_folder_is_listed_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says so, and shows the others."""
    for name in ("good", "gone"):
        (tmp_path / f"{name}.png").write_bytes(PNG)
    scandir = os.scandir

    def scanned(path: Path) -> Any:
        with scandir(path) as entries:
            found = list(entries)
        (tmp_path / "gone.png").unlink()
        return nullcontext(found)

    monkeypatch.setattr("os.scandir", scanned)
    page = told(gallery.write(tmp_path))
    assert page["left_out"] == ["gone.png: No such file or directory"]
    assert [one["name"] for one in page["pictures"]] == ["good.png"]


def test_an_input_of_which_the_metadata_cannot_be_read_is_found(tmp_path: Path) -> None:
    """By its bytes; that a disk is broken is no reason to make no page."""
    folder, elsewhere = tmp_path / "a", tmp_path / "b"
    folder.mkdir()
    elsewhere.mkdir()
    plain = encoded(noise("L"), "PNG")
    (folder / "edit.png").write_bytes(edited("Winter", uploaded(plain)))
    (elsewhere / "sea.png").write_bytes(plain)
    (elsewhere / "sea.png.json").symlink_to("/proc/self/mem")  # whose first page no one reads
    _, sea = told(gallery.write(folder, inputs=[elsewhere]))["pictures"]
    assert (sea["name"], sea["shown"]) == ("sea.png", False)
    assert sea["problems"] == ["how it was made cannot be read (Input/output error)"]


def test_what_is_too_large_to_be_an_input_is_not_looked_for(tmp_path: Path) -> None:
    """No picture of more than 50 MiB is sent, and to read the others would take long."""
    content = PNG + bytes(80 * 1024 * 1024)
    (tmp_path / "edit.png").write_bytes(edited("Winter", uploaded(content)))
    (tmp_path / "large.png").write_bytes(content)
    edit, _ = told(gallery.write(tmp_path))["pictures"]
    assert [one["picture"] for one in edit["inputs"]] == [None]


def test_a_picture_tells_no_more_than_is_known(tmp_path: Path) -> None:
    """Without a model, a seed and the request's name, there is no line for them."""
    request = models.Request("containerImagesGenerate", {"prompt": "A kite"})
    plain = document(request=request, seed=None, request_id=None)
    (tmp_path / "a.png").write_bytes(with_document(PNG, plain))
    (picture,) = told(gallery.write(tmp_path))["pictures"]
    assert [name for name, _ in picture["facts"]] == ["Pixels", "Operation", "Program"]
    assert (picture["model"], picture["seed"]) == (None, None)


@pytest.mark.parametrize("nanoseconds", [10**30, -(10**30), 10**21])
def test_a_time_that_is_none_is_not_told(nanoseconds: int) -> None:
    """Some file systems hold any number."""
    assert _json._time(nanoseconds) is None  # pyright: ignore[reportPrivateUsage]


def test_a_kind_that_this_pillow_does_not_read_has_no_preview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As AVIF before Pillow 11.3; the page says so, and shows the picture itself."""
    (tmp_path / "a.png").write_bytes(drawn("A kite"))
    Image.init()
    monkeypatch.delitem(Image.OPEN, "PNG")
    (picture,) = told(gallery.write(tmp_path))["pictures"]
    assert picture["problems"] == ["there is no preview: this Pillow does not read image/png"]
    assert (picture["thumbnail"], picture["prompt"]) == (None, "A kite")
