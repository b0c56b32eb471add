"""The rooms: what each may import, how large it is, and that it says what it does."""

import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT
from tests.scripts.trees import copy

pytestmark = pytest.mark.slow

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS: dict[str, list[str]] = {
    contract["containers"][0]: contract["layers"]
    for contract in SETTINGS["tool"]["importlinter"]["contracts"]
    if contract["type"] == "layers"
}
# Each room, with one that stands above it: an import of that would run back up.
UPWARD = [
    (f"{package}.{lower}", f"{package}.{above.split(' | ')[0]}")
    for package, layers in LAYERS.items()
    for above, level in pairwise(layers)
    for lower in level.split(" | ")
]
FOLDERS = sorted(
    path.parent
    for package in ("friendli_facade", "scripts")
    for path in (ROOT / package).rglob("__init__.py")
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all rooms, free to be changed."""
    root = tmp_path_factory.mktemp("rooms")
    for package in ("friendli_facade", "scripts"):
        copy(package, root)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def linted(root: Path) -> tuple[int, str]:
    """The exit code of import-linter, and what it prints."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(
        [*command, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def module_file(root: Path, module: str) -> Path:
    """The file of a module or package."""
    path = root / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_no_import_runs_back_up(tree: Path) -> None:
    """The project as it stands keeps to the order of its rooms."""
    code, said = linted(tree)
    assert (code, "0 broken" in said) == (0, True), said


@pytest.mark.parametrize(("room", "above"), UPWARD)
def test_an_import_that_runs_back_up_is_named(tree: Path, room: str, above: str) -> None:
    """Inside of a function too."""
    path = module_file(tree, room)
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n\ndef _late() -> None:\n    import {above}\n", encoding="utf-8")
    try:
        code, said = linted(tree)
    finally:
        path.write_text(before, encoding="utf-8")
    assert code == 1
    assert f"{room} is not allowed to import {above}" in " ".join(said.split())


def test_a_room_that_no_layer_has_is_named(tree: Path) -> None:
    """A new room is given its place before it is used."""
    path = tree / "friendli_facade" / "_attic.py"
    path.write_text('"""Nothing."""\n', encoding="utf-8")
    try:
        code, said = linted(tree)
    finally:
        path.unlink()
    assert code == 1
    assert "_attic" in said


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_says_what_it_does_and_is_not_large(folder: Path) -> None:
    """Every package begins with a sentence, and a folder holds a dozen files at most."""
    assert (folder / "__init__.py").read_text(encoding="utf-8").startswith('"""')
    files = [path.name for path in folder.iterdir() if path.is_file() and path.suffix != ".pyi"]
    code = [name for name in files if name.endswith(".py") and name != "__init__.py"]
    assert len(code) <= 12
