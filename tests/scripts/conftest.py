"""Copies of the contract to generate from, and the one build that the tests share."""

from pathlib import Path

import pytest

from scripts.contract.loading import ROOT
from scripts.generation import package
from scripts.generation.installation import PACKAGE
from tests.scripts.trees import Tree, copy, snapshot


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A directory with `openapi/` and the committed `generated/`, free to be changed."""
    for folder in ("openapi", PACKAGE):
        copy(folder, tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The files that the committed contract yields, built once."""
    fresh = tmp_path_factory.mktemp("fresh") / PACKAGE.name
    package.build(ROOT, fresh)
    return snapshot(fresh)
