"""What the tests of the installed package share."""

import shutil
import sys
import venv
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT
from tests.package.installed import USER, run


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and its sandbox extra, and a user's file in it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    # Other processes write bytecode at any time, under names that are gone when it is copied.
    ignored = shutil.ignore_patterns(".*", "build", "tests", "__pycache__")
    shutil.copytree(ROOT, folder / "source", ignore=ignored)
    run(*pip, "wheel", "--no-deps", "--wheel-dir", folder, folder / "source", cwd=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", symlinks=True)
    python = str(folder / "venv" / "bin" / "python")
    run(*pip, "--python", python, "install", f"{wheel}[sandbox]", cwd=folder)
    (folder / "user.py").write_text(USER, encoding="utf-8")
    return folder
