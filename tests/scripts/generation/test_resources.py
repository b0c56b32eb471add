"""The methods of the clients: written from declarations and contract, and held by `--check`."""

import ast
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT
from scripts.generation import __main__ as command
from scripts.generation import reference, resources
from scripts.generation.declarations import OPERATIONS
from tests.scripts.evolution.contracts import operation, probing
from tests.scripts.trees import change, copy


@pytest.fixture
def declared(tree: Path) -> Path:
    """The contract with the declarations and the methods written from them."""
    copy(OPERATIONS, tree)
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


def docstring(source: str, method: str) -> str:
    """What the first method of that name says, on one line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name == method:
            return " ".join((ast.get_docstring(node) or "").split())
    raise AssertionError


SAID: dict[str, tuple[Any, str]] = {
    "values": (
        {"type": "string", "enum": ["a", "b"], "default": "a", "deprecated": True},
        ' Deprecated. One of `"a"`, `"b"`. Left to the server, it is `"a"`.',
    ),
    "a bound": (
        {"type": "integer", "minimum": 0, "default": 0},
        " At least 0. Left to the server, it is 0.",
    ),
    "a null": ({"type": ["string", "null"], "default": None}, ""),
    "anything": ({}, ""),
    "a long pattern": (
        {"type": "string", "pattern": "x" * 120},
        f" Must match the pattern {'x' * 120}.",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_a_docstring_has_what_the_contract_adds(declared: Path, name: str) -> None:
    """Behind the declaration's own words: bounds, values, the server's default, deprecation."""
    schema, words = SAID[name]
    change(declared, probing("ContainerImageGenerationBody", schema, name="seed"))
    source = resources.source(declared)
    own = "seed: Start of the random numbers; the same seed repeats a picture."
    assert f"{own}{words} response_format:" in docstring(source, "generate")
    assert max(map(len, source.splitlines())) <= (100 if "long" not in name else 140)


def test_docstrings_are_a_hundred_wide(declared: Path) -> None:
    """Remarks, and what is said of an argument: no line is longer, and none is cut before."""
    path = declared / OPERATIONS / "container.py"
    # One of these fills a line to its last column, whatever stands before it.
    words = " ".join(word for width in (1, 2, 4) for word in ["w" * width] * 99)
    for own in (
        "An argument that is left out is left to the server.",
        "What the picture should show.",
    ):
        edit(path, own, words)
        lines = resources.source(declared).splitlines()
        assert max(len(line) for line in lines if "w w" in line or "ww ww" in line) == 100
        edit(path, words, own)


def test_an_operation_that_will_go_says_so(declared: Path) -> None:
    """In both of its methods, and in no other's."""
    change(
        declared,
        lambda document: operation(document, "containerImagesEdit").update(deprecated=True),
    )
    source = resources.source(declared)
    assert source.count("Deprecated: Friendli means to drop this operation.") == 2
    assert " Deprecated: Friendli means to drop" in docstring(source, "edit")
    assert "Deprecated" not in docstring(source, "generate")
