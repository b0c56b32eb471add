"""The documentation's examples, as type checkers get them."""

import sys
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT
from scripts.gates import documentation_examples


def test_every_example_is_a_file_whose_lines_are_those_of_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what is wrong is named where it stands; nothing of an earlier run is left."""
    (tmp_path / "left.py").touch()
    monkeypatch.setattr(sys, "argv", ["documentation_examples", str(tmp_path)])
    documentation_examples.main()
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    pages = documentation_examples.pages()
    expected = [one for page in pages for one in documentation_examples.examples(page)]
    assert len(written) == len(expected)
    first = next(name for name in sorted(written) if name.startswith("readme_md_"))
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    code = written[first].splitlines()
    shown = [(number, line) for number, line in enumerate(code) if line]
    assert shown
    assert all(lines[number] == line for number, line in shown)
