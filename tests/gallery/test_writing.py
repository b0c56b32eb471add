"""What is written, what is left alone, and what is told of files that are not as they should be."""

import hashlib
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from friendli_facade import gallery
from tests.cli.running import run
from tests.gallery.folders import PNG, drawn, edited, uploaded
from tests.gallery.told import told
from tests.provenance.pictures import document, encoded, noise, with_document
from tests.samples import chunk


def _bomb(side: int) -> bytes:
    """A PNG of a few bytes that claims to be large."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return PNG[:8] + chunk(b"IHDR", header) + PNG[33:]


def test_files_that_are_no_pictures_are_told_and_the_others_shown(tmp_path: Path) -> None:
    """Broken, cut, too large, links, pipes, folders: each in words, which hold no path."""
    for side in (9_000, 12_000, 20_000):  # of which Pillow says nothing, warns, and raises
        (tmp_path / f"bomb-{side}.png").write_bytes(_bomb(side))
    (tmp_path / "cut.png").write_bytes(encoded(noise("RGB", (300, 300)), "PNG")[:9000])
    (tmp_path / "eps.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n")
    (tmp_path / "good.png").write_bytes(drawn("A kite"))
    broken = drawn("A kite").replace(b'"version": 1', b'"version": x')
    (tmp_path / "broken.png").write_bytes(broken)
    (tmp_path / "link.png").symlink_to("good.png")
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / ".hidden.png").write_bytes(PNG)
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "notes.txt").write_text("no picture")
    os.mkfifo(tmp_path / "pipe.png")
    problems: list[str] = []
    page = told(gallery.write(tmp_path, on_problem=problems.append))
    by_name = {one["name"]: one for one in page["pictures"]}
    bombs = ["bomb-12000.png", "bomb-20000.png", "bomb-9000.png"]
    assert sorted(by_name) == [*bombs, "broken.png", "cut.png", "eps.png", "good.png"]
    assert by_name["good.png"]["problems"] == []
    assert sorted(page["left_out"]) == ["circle: it is a link", "link.png: it is a link"]
    said = "\n".join(problems)
    for words in (
        "bomb-9000.png: there is no preview: it has 81000000 pixels, more than 67108864",
        "bomb-12000.png: there is no preview: it has 144000000 pixels, more than 67108864",
        "bomb-20000.png: there is no preview: ",
        "cut.png: there is no preview: ",
        "eps.png: there is no preview: it is of no kind that is known here",
        "broken.png: what broken.png tells of itself cannot be read: ",
    ):
        assert words in said
    assert str(tmp_path) not in said


def test_names_are_one_line_in_what_is_told(tmp_path: Path) -> None:
    """Control characters, and bytes that are no text, are written as escapes; no path is told."""
    folder = tmp_path / "pic\x1btures"
    folder.mkdir()
    (folder / "a\nb\x1b[2J\u202e\udcff.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "c\nd\x1b[2J.png").symlink_to("nowhere")
    problems: list[str] = []
    page = told(gallery.write(folder, on_problem=problems.append))
    words = [*problems, *page["left_out"], *page["pictures"][0]["problems"]]
    assert len(words) == 3 + 1 + 2
    assert all(map(str.isprintable, words))
    assert "tures/" not in "".join(words)


def test_a_page_of_ours_is_replaced_and_no_other_file(tmp_path: Path) -> None:
    """Unless that is asked for."""
    page = tmp_path / "index.html"
    page.write_text("<h1>Mine</h1>")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        gallery.write(tmp_path)
    assert page.read_text() == "<h1>Mine</h1>"
    gallery.write(tmp_path, overwrite=True)
    (tmp_path / "a.png").write_bytes(PNG)
    assert len(told(gallery.write(tmp_path))["pictures"]) == 1


def test_inputs_are_found_by_what_they_are(tmp_path: Path) -> None:
    """As they came, as they lie there, and in other folders; a false claim is not believed."""
    folder, elsewhere = tmp_path / "a", tmp_path / "b"
    folder.mkdir()
    elsewhere.mkdir()
    plain = encoded(noise("L"), "PNG")
    liar = with_document(PNG, document("A lie", sha256="0" * 64, size=len(PNG)))
    (folder / "came.png").write_bytes(drawn("A kite"))
    (folder / "liar.png").write_bytes(liar)
    (elsewhere / "plain.png").write_bytes(plain)
    (elsewhere / "unused.png").write_bytes(encoded(noise("RGB", (5, 5)), "PNG"))
    claimed = {"image": {"media_type": "image/png", "size": len(PNG), "sha256": "0" * 64}}
    asked = [uploaded(PNG), uploaded(plain), uploaded(liar), claimed]
    (folder / "edit.png").write_bytes(edited("Winter", *asked))
    alone, both = (
        told(gallery.write(folder, tmp_path / name, inputs=inputs))["pictures"]
        for name, inputs in (("alone.html", []), ("both.html", [elsewhere]))
    )
    for pictures, expected in (
        (alone, ["came.png", None, "liar.png", None]),
        (both, ["came.png", "plain.png", "liar.png", None]),
    ):
        (edit,) = (one for one in pictures if one["name"] == "edit.png")
        places = [one["picture"] for one in edit["inputs"]]
        assert [None if one is None else pictures[one]["name"] for one in places] == expected
    assert [one["name"] for one in both if not one["shown"]] == ["plain.png"]
    assert both[-1]["url"] == "b/plain.png"


def test_a_picture_with_its_metadata_beside_it_is_told_of(tmp_path: Path) -> None:
    """A GIF cannot carry it; a page in another folder leads to the picture all the same."""
    folder = tmp_path / "a"
    folder.mkdir()
    content = encoded(noise("P"), "GIF")
    facts = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "a.gif").write_bytes(content)
    (folder / "a.gif.json").write_bytes(document("A kite", **facts).json())
    (picture,) = told(gallery.write(folder, tmp_path / "page.html"))["pictures"]
    assert (picture["prompt"], picture["url"]) == ("A kite", "a/a.gif")


def test_the_command_writes_the_page_and_tells_its_path(tmp_path: Path) -> None:
    """What is wrong with files is on standard error, and no failure."""
    (tmp_path / "a.png").write_bytes(drawn("A kite"))
    (tmp_path / "b\x1b[2J.png").write_bytes(b"")
    done = run("gallery", str(tmp_path))
    assert (done.status, done.out) == (0, f"{tmp_path}/index.html\n")
    assert done.err == ("b\\x1b[2J.png: there is no preview: it is of no kind that is known here\n")
    done = run("gallery", str(tmp_path), "-o", str(tmp_path / "a.png"))
    assert (done.status, done.out) == (5, "")
    assert "it is no gallery; --overwrite replaces it" in done.err
    done = run("gallery", str(tmp_path / "nowhere"))
    assert (done.status, "No such file" in done.err) == (5, True)


def test_a_page_takes_no_folders_place(tmp_path: Path) -> None:
    """Nor that of a pipe, though overwriting is asked for."""
    (tmp_path / "index.html").mkdir()
    with pytest.raises(OSError, match="it is no regular file"):
        gallery.write(tmp_path, overwrite=True)


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("jinja2", "friendli_facade.gallery needs jinja2: pip install 'friendli-facade[gallery]'"),
        ("PIL", "friendli_facade.gallery needs PIL: pip install 'friendli-facade[gallery]'"),
        ("friendli_facade.gallery._json", "import of friendli_facade.gallery._json halted; None "),
    ],
)
def test_without_the_extra_it_says_what_to_install(missing: str, told: str) -> None:
    """What else is missing, the extra would not bring."""
    code = f"import sys; sys.modules[{missing!r}] = None\nimport friendli_facade.gallery"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"ModuleNotFoundError: {told}" in done.stderr.splitlines()[-1]
