"""A tree to bring up to date, and documents of an upstream to bring it up to."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scripts.evolution import __main__ as command
from scripts.generation.installation import PACKAGE
from tests.scripts.evolution.contracts import VENDORED, Mutation, mutated
from tests.scripts.trees import copy

Upstream = Callable[[Mutation], str]
Sync = Callable[..., int]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A directory with `openapi/` and the committed `generated/`, free to be changed."""
    tree = tmp_path / "tree"
    for folder in ("openapi", PACKAGE):
        copy(folder, tree)
    return tree


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    """Writes an upstream document that differs from the vendored facts by a mutation."""

    def write(how: Mutation) -> str:
        path = tmp_path / "openapi.yaml"
        path.write_text(yaml.safe_dump(mutated(how, VENDORED), sort_keys=False), "utf-8")
        return str(path)

    return write


@pytest.fixture
def run(tree: Path) -> Sync:
    """`scripts/sync` on the tree."""
    return lambda *arguments: command.main([*arguments, "--output", str(tree)])
