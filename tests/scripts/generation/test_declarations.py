"""Declared operations, as they are read from their files."""

from pathlib import Path

from scripts.generation import declarations
from scripts.generation.declarations import OPERATIONS, RESULTS, Argument

SOURCE = '''\
"""A surface."""

import os
from typing import Protocol

LIMIT = 3


class PlainImage(Protocol):
    """Pictures of a kind."""

    kind = 1

    def draw(
        self, *, model: str, seed: int | None = None, size=(1, 2)
    ) -> Drawn:
        """A picture
        drawn.

        What is said of it,
        on two lines.

        Args:
            model: Which model: a name.
            seed: A number, which is
                told on two lines.

        Raises:
            OneError: It is
                refused.
            OtherError: It is not.
        """

    def bare(self): ...


class Bare(Protocol): ...
'''


def declared(root: Path) -> list[declarations.Resource]:
    folder = root / OPERATIONS
    folder.mkdir(parents=True)
    (folder / "plain.py").write_text(SOURCE, encoding="utf-8")
    (folder / "other.py").write_text("class One: ...\n", encoding="utf-8")
    (folder / "_private.py").write_text("class Two: ...\n", encoding="utf-8")
    return declarations.resources(root)


def test_the_public_files_are_read_by_their_names(tmp_path: Path) -> None:
    """Each class in them is a resource, with the imports of its file."""
    found = declared(tmp_path)
    assert [(one.surface, one.name, one.description) for one in found] == [
        ("other", "One", ""),
        ("plain", "PlainImage", "Pictures of a kind."),
        ("plain", "Bare", ""),
    ]
    assert found[1].imports == ("import os", "from typing import Protocol")
    assert [operation.name for operation in found[1].operations] == ["draw", "bare"]


def test_a_declaration_is_read_with_all_that_its_docstring_says(tmp_path: Path) -> None:
    """Arguments and what is said of them, the result, remarks, errors: each on one line."""
    draw, bare = declared(tmp_path)[1].operations
    assert draw.arguments == (
        Argument("model", "str", None, "Which model: a name."),
        Argument("seed", "int | None", "None", "A number, which is told on two lines."),
        Argument("size", "", "(1, 2)", ""),
    )
    assert [argument.required for argument in draw.arguments] == [True, False, False]
    assert draw.result == "Drawn"
    assert draw.remarks == "What is said of it, on two lines."
    assert draw.raises == {"OneError": "It is refused.", "OtherError": "It is not."}
    assert (bare.arguments, bare.result, bare.summary, bare.raises) == ((), "", "", {})


def test_a_result_is_told_by_its_first_line(tmp_path: Path) -> None:
    """Of the class of that name; nothing of one that there is not, or that says nothing."""
    path = tmp_path / RESULTS
    path.parent.mkdir(parents=True)
    path.write_text(
        'LIMIT = 1\nclass One:\n    """First.\n\n    More.\n    """\nclass Two: ...\n',
        encoding="utf-8",
    )
    assert [declarations.summary(tmp_path, name) for name in ("One", "Two", "Three")] == [
        "First.",
        "",
        "",
    ]
