"""The documentation's site."""

import re
import shutil
import tomllib
from pathlib import Path

import PIL.Image
import PIL.ImageChops
import PIL.ImageStat
import pytest

from friendli_facade.sandbox import Sandbox
from scripts.contract.loading import ROOT
from scripts.gates.documentation_examples import examples
from scripts.website import __main__ as command
from scripts.website import findings, pictures
from scripts.website.building import SITE, build
from tests.examples import run


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A copy of the project with its site, and what is wrong with that."""
    root = tmp_path_factory.mktemp("project")
    for name in ("README.md", "CHANGELOG.md", "zensical.toml"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "docs", root / "docs", ignore=shutil.ignore_patterns("pictures"))
    (root / "friendli_facade").symlink_to(ROOT / "friendli_facade")
    return root, build(root)


def test_the_site_is_whole_and_asks_no_other_host(built: tuple[Path, list[str]]) -> None:
    """It is built strict, has every picture and page that it names, and loads nothing elsewhere."""
    root, found = built
    assert found == []
    assert len(list((root / SITE).rglob("*.html"))) > len(list((ROOT / "docs").rglob("*.md")))
    assert len(findings.external(root / SITE)) == 0


@pytest.mark.parametrize("found", [[], ["a link is broken", "a picture is missing"]])
def test_the_command_says_what_is_wrong_or_where_the_site_is(
    found: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line for each thing, and exit code 1 where there is one."""
    monkeypatch.setattr(command, "build", lambda: found)
    assert command.main() == bool(found)
    place = f"{ROOT / SITE / 'index.html'}: no request to another host"
    assert capsys.readouterr().out.splitlines() == (found or [place])


def test_the_reference_has_the_docstrings(built: tuple[Path, list[str]]) -> None:
    """What docstrings say stands on the pages of the reference."""
    root, _ = built
    page = (root / SITE / "reference" / "clients.html").read_text(encoding="utf-8")
    assert "Send the token over plain http to any host." in page


def test_every_page_is_in_the_navigation() -> None:
    """A page that nobody finds is none."""
    navigation = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"]
    named = re.findall(r"[\w/-]+\.md", str(navigation))
    there = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(named) == sorted(there)


def test_a_picture_that_no_example_saves_is_an_error(tmp_path: Path) -> None:
    """So no page shows what its code does not draw."""
    (tmp_path / "README.md").touch()
    (tmp_path / "docs").mkdir()
    page = "```python\nprint('no picture')\n```\n\n![A kite](pictures/page/kite.png)\n"
    (tmp_path / "docs" / "page.md").write_text(page, encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.md: no example of the page saves page/kite\.png"):
        pictures.draw(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project whose site has one page, of which an example saves the picture."""
    (tmp_path / "README.md").touch()
    (tmp_path / "docs").mkdir()
    page = "```python\nopen('kite.jpg', 'x').close()\n```\n\n![A kite](pictures/index/kite.jpg)\n"
    (tmp_path / "docs" / "index.md").write_text(page, encoding="utf-8")
    settings = '[project]\nsite_name = "A kite"\nsite_dir = "build/site"\ntheme.font = false\n'
    (tmp_path / "zensical.toml").write_text(settings, encoding="utf-8")
    return tmp_path


def test_what_a_page_loads_from_elsewhere_is_told(small: Path) -> None:
    """Of a page that is built with its pictures, for nothing is broken."""
    with (small / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write('\n<img src="https://example.com/kite.png">\n')
    assert build(small) == ["index.html loads https://example.com/kite.png"]
    assert (small / SITE / "pictures" / "index" / "kite.jpg").exists()


def test_a_broken_link_is_an_error(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The build names the page and stops."""
    with (small / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[there](nowhere.md)\n")
    assert build(small) == ["the site was not built: mend what is named above"]
    assert "page does not exist" in "".join(capfd.readouterr())


def test_a_picture_that_is_not_drawn_is_told_before_anything_is_built(small: Path) -> None:
    """In the line that says which page shows it."""
    page = small / "docs" / "index.md"
    page.write_text("![A kite](pictures/index/kite.jpg)\n", encoding="utf-8")
    assert build(small) == [f"{page}: no example of the page saves index/kite.jpg"]
    assert not (small / SITE).exists()


def test_the_readme_shows_what_its_first_example_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, friendli_sandbox: Sandbox
) -> None:
    """Its picture is the example's; versions of Pillow may differ by a shade."""
    monkeypatch.chdir(tmp_path)
    run(next(examples(ROOT / "README.md")).module, "README.md")
    shown = ROOT / "docs" / "mountains.jpg"
    assert shown.stat().st_size < 60_000
    with PIL.Image.open(shown) as one, PIL.Image.open("mountains.jpg") as other:
        difference = PIL.ImageStat.Stat(PIL.ImageChops.difference(one, other))
    assert max(difference.mean) < 2
