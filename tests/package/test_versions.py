"""The lowest versions that pyproject.toml allows work on this Python; extras/ has each extra."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT
from scripts.generation.installation import PACKAGE

HERE = Path(__file__).parent
BOUND = re.compile(r"([\w.-]+)>=([\w.]+)(?:,<\w+)?")


def lowest() -> dict[str, str]:
    """The lowest version of each runtime dependency; a dependency without a bound is an error."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [BOUND.fullmatch(requirement) for requirement in project["dependencies"]]
    assert all(found), "every runtime dependency names its lowest version first: name>=1.2"
    return {match[1]: match[2] for match in found if match}


def run(python: Path, script: str, *path: Path) -> str:
    """What a script prints, with `path` alone beside the environment's packages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRIENDLI_")}
    surroundings = {**kept, "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [python, HERE / script], env=surroundings, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the lowest versions and nothing of the project."""
    folder = tmp_path_factory.mktemp("lowest")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python"]
    exact = [f"{name}=={version}" for name, version in lowest().items()]
    done = subprocess.run(
        [*pip, python, "install", *exact], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return python


def test_the_facade_works_on_the_lowest_versions(python: Path) -> None:
    """Every operation, sync and async, pictures, options and errors: monorepos pin old versions."""
    assert run(python, "smoke.py", ROOT, ROOT / PACKAGE.parent) == ""


def test_the_generated_package_works_alone(python: Path, tmp_path: Path) -> None:
    """Vendored into another tree it needs attrs and httpx, and nothing of the facade."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / PACKAGE, tmp_path / PACKAGE.name, ignore=ignored)
    used = set(run(python, "vendored.py", tmp_path).split())
    assert {"attrs", "httpx"} <= used
    assert used & {"python-dateutil", "friendli-facade"} == set()
