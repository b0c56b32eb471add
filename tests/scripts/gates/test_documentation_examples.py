"""The examples of the documentation, as they are found on its pages."""

import sys
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT
from scripts.gates import documentation_examples
from scripts.gates.documentation_examples import examples, languages, pages

PAGE = """\
# A page

```python
one = 1
two = 2
```

```text
what it prints
```

Words between them.

```python
three = 3
```

Words, so this is no output:

```text
nothing's
```

```
no language
```
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page of a project of its own."""
    monkeypatch.setattr(documentation_examples, "ROOT", tmp_path)
    page = tmp_path / "docs" / "guide" / "a-page.md"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE, encoding="utf-8")
    return page


def test_each_block_of_python_is_an_example(page: Path) -> None:
    """With its code and no other block's, and what it prints where that follows at once."""
    first, second = examples(page)
    assert (first.code, first.output) == ("one = 1\ntwo = 2\n", "what it prints\n")
    assert (second.code, second.output) == ("three = 3\n", None)
    assert languages(page) == {"python", "text", ""}


def test_an_example_has_the_lines_of_its_page(page: Path) -> None:
    """What fails in it is found where the page has it; its name is a place that editors know."""
    first, second = examples(page)
    assert [one.name for one in (first, second)] == [
        "docs/guide/a-page.md:4",
        "docs/guide/a-page.md:15",
    ]
    lines = PAGE.splitlines()
    for example in (first, second):
        shown = example.module.splitlines()
        assert not any(shown[: example.line])
        assert shown[example.line :] == lines[example.line : len(shown)]


def test_a_page_may_begin_with_an_empty_line(page: Path) -> None:
    """It counts, as in an editor."""
    page.write_text(f"\n{PAGE}", encoding="utf-8")
    assert [one.name.partition(":")[2] for one in examples(page)] == ["5", "16"]


def test_the_pages_are_the_readme_and_those_of_the_site(page: Path) -> None:
    """In the order of their names, at any depth; other files are none."""
    root = page.parents[2]
    for name in ("docs/b.md", "docs/a.md", "docs/style.css", "CHANGELOG.md"):
        (root / name).touch()
    found = [path.relative_to(root).as_posix() for path in pages(root)]
    assert found == ["README.md", "docs/a.md", "docs/b.md", "docs/guide/a-page.md"]
    assert pages()[0] == ROOT / "README.md"


def test_a_page_of_what_is_not_installed_has_no_examples_here(page: Path) -> None:
    """Its code is run by the tests of that peer."""
    assert list(examples(page.rename(page.with_name("cluster.md")))) == []


def test_type_checkers_find_each_example_in_a_file_of_its_own(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named after its place, in a folder that holds nothing of an earlier run."""
    folder = tmp_path / "build" / "examples"
    monkeypatch.setattr(documentation_examples, "pages", lambda: [page])
    monkeypatch.setattr(sys, "argv", ["documentation_examples", str(folder)])
    for _ in range(2):
        documentation_examples.main()
        assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == {
            "docs_guide_a_page_md_4.py": "\n\n\none = 1\ntwo = 2\n",
            "docs_guide_a_page_md_15.py": "\n" * 14 + "three = 3\n",
        }
        (folder / "stale.py").touch()
