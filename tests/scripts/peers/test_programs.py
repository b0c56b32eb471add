"""Other people's programs are installed once, in exact versions, and again when those change."""

import subprocess
from pathlib import Path

import pytest

from scripts.peers import __main__ as command
from scripts.peers import programs


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where they are installed; two small ones are all."""
    monkeypatch.setattr(programs, "FOLDER", tmp_path)
    monkeypatch.setattr(programs, "ENVIRONMENTS", {"small": ("sniffio==1.3.1",)})
    monkeypatch.setattr(programs, "PACKAGES", {"prism": "is-number@7.0.0"})
    monkeypatch.setattr(command, "NAMES", ("small", "prism"))
    return tmp_path


def test_they_are_installed_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second time nothing is run; what is wanted in another version is not there any more."""
    assert (programs.python("small"), programs.prism()) == (None, None)
    monkeypatch.setattr(command, "install_nginx", lambda: True)
    assert command.main() == 0
    python = programs.python("small")
    assert python
    said = subprocess.check_output([python, "-c", "import sniffio; print(sniffio.__version__)"])
    assert said == b"1.3.1\n"
    assert programs.prism()
    assert (folder / "prism/node_modules/is-number/package.json").exists()

    def run(*_: object, **__: object) -> None:
        raise AssertionError("nothing is to be run")

    monkeypatch.setattr(subprocess, "run", run)
    assert command.main() == 0
    assert "2 of 2 peers are in " in capsys.readouterr().out
    monkeypatch.setattr(programs, "ENVIRONMENTS", {"small": ("sniffio==1.3.0",)})
    assert programs.python("small") is None


def test_what_cannot_be_installed_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In pip's own words; the others are installed, and a missing nginx is no failure."""
    monkeypatch.setattr(programs, "ENVIRONMENTS", {"small": ("sniffio==0.0.0.dev0",)})
    monkeypatch.setattr(command, "install_nginx", lambda: False)
    assert command.main() == 1
    printed = capsys.readouterr()
    assert "small cannot be installed:\n" in printed.err
    assert "sniffio==0.0.0.dev0" in printed.err
    assert "nginx is not installed; its tests are skipped" in printed.out
    assert (programs.python("small"), programs.prism() is None) == (None, False)


def test_what_uses_this_project_follows_its_dependencies() -> None:
    """An environment with the project in it is made again when pyproject.toml changes."""
    assert [name for name in programs.ENVIRONMENTS if "pyproject" in programs.wanted(name)] == [
        "ray",
        "tools",
    ]
    assert all("==" in line or "--editable" in line for line in programs.ENVIRONMENTS["tools"])
