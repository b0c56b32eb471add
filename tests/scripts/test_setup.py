"""Environments: of other Pythons than that of `.venv`, and those that were not finished."""

import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT


def test_a_python_that_is_not_here_is_told_apart_from_a_failure() -> None:
    """CI goes on without it: exit code 69, one line, and no folder."""
    done = subprocess.run(
        [ROOT / "scripts" / "test", "--python", "9.9"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (69, "")
    assert done.stderr == (
        "Python 9.9 is not found: neither python9.9 nor pyenv's can make an environment\n"
    )
    assert not (ROOT / ".venv-9.9").exists()


# Notes what it is asked for; pip is there once an environment was made.
PYTHON = """\
#!/bin/sh
echo "$*" >> asked.txt
case "$*" in
    "-c import pip") test -e .venv/pip ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python && touch .venv/pip ;;
esac
"""


@pytest.mark.parametrize("left", [[], ["bin/python"], ["bin/python", "pip"]])
def test_an_environment_that_was_not_finished_is(left: list[str], tmp_path: Path) -> None:
    """One that was broken off before it had pip is made again, one that has it is not."""
    programs, environment = tmp_path / "programs", tmp_path / ".venv"
    programs.mkdir()
    for name in ("cmp", "cp", "dirname", "mkdir", "sh", "touch"):
        (programs / name).symlink_to(str(shutil.which(name)))
    (programs / "python3").write_text(PYTHON, encoding="utf-8")
    (programs / "python3").chmod(0o755)
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "setup", tmp_path / "scripts")
    (tmp_path / "pyproject.toml").touch()
    for name in left:
        (environment / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(programs / "python3", environment / name)
    for _ in range(2):
        setup = [tmp_path / "scripts" / "setup"]
        subprocess.run(setup, env={"PATH": str(programs)}, check=True)
    asked = (tmp_path / "asked.txt").read_text(encoding="utf-8").splitlines()
    assert asked.count("-m venv .venv") == ("pip" not in left)
    assert [words for words in asked if "pip install" in words] == asked[-2:]
    assert (environment / "installed-from").exists()
