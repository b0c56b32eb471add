"""The methods of the clients: written from declarations and contract, and held by `--check`."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT
from scripts.generation import __main__ as command
from scripts.generation import reference, resources
from scripts.generation.declarations import OPERATIONS


@pytest.fixture
def declared(tree: Path) -> Path:
    """The contract with the declarations and the methods written from them."""
    shutil.copytree(ROOT / OPERATIONS, tree / OPERATIONS)
    shutil.copy(ROOT / resources.PATH, tree / resources.PATH)
    return tree


def edit(path: Path, old: str, new: str) -> None:
    """Replaces what stands in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_committed_methods_are_those_of_the_declarations() -> None:
    """Nobody edits the file, and nobody forgets to write it."""
    assert resources.differences() == []


CHANGES: dict[str, tuple[Path, str, str]] = {
    "a bound": (OVERLAY, "maximum: 50", "maximum: 60"),
    "a default": (DOCUMENT, "default: 20", "default: 25"),
    "a docstring": (OPERATIONS / "dedicated.py", "What to change.", "What changes."),
    "the methods": (resources.PATH, "self._sender.send(", "print("),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_stale_file_of_methods_is_named(
    declared: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Bounds, defaults and words in docstrings are never other than in their sources."""
    path, old, new = CHANGES[name]
    edit(declared / path, old, new)
    monkeypatch.setattr(command, "differences", list)
    monkeypatch.setattr(reference, "differences", list)
    monkeypatch.setattr(resources, "differences", partial(resources.differences, declared))
    assert command.main(["--check"]) == 1
    assert "friendli_facade/_resources.py: does not match its sources" in capsys.readouterr().err
    resources.write(declared)
    assert resources.differences() == []


def test_values_come_from_the_contract_in_its_order(declared: Path) -> None:
    """An enum stands in the signature as its values."""
    edit(declared / DOCUMENT, "- jpg", "- tga")
    text = resources.source(declared)
    assert 'Literal["jpeg", "png", "raw", "tga", "url"]' in text
    assert "ResponseFormat" not in text


def test_a_declaration_without_an_operation_is_left_out(declared: Path) -> None:
    """The gate of signatures says that it shall go; a method would have nothing to call."""
    path = declared / OPERATIONS / "container.py"
    edit(path, "    def edit(", "    def upscale(")
    assert "upscale" not in resources.source(declared)
