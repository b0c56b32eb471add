"""Other people's programs are installed once, in exact versions, and again when those change."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

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


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, Any]]]:
    """What would be run, which is not."""
    run: list[tuple[list[str], dict[str, Any]]] = []

    def note(command: list[object], **options: Any) -> None:
        run.append(([str(word) for word in command], options))

    monkeypatch.setattr(subprocess, "run", note)
    return run


def test_nginx_is_installed_without_being_started(
    commands: list[tuple[list[str], dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By Debian's own command, whose run level has no services; once it is there, by none."""
    found = iter([None, "/usr/sbin/nginx", "/usr/sbin/nginx", "/usr/sbin/nginx"])
    monkeypatch.setattr(programs, "nginx", lambda: next(found))
    monkeypatch.setattr(shutil, "which", "/usr/bin/{}".format)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert programs.install_nginx()
    assert [words[:3] for words, _ in commands] == [
        ["apt-get", "--quiet", "update"],
        ["apt-get", "--quiet", "install"],
    ]
    assert commands[1][0][-1] == "nginx"
    assert all(options["env"]["RUNLEVEL"] == "1" for _, options in commands)
    assert programs.install_nginx()
    assert len(commands) == 2


@pytest.mark.parametrize(("user", "apt"), [(1000, "/usr/bin/apt-get"), (0, None)])
def test_a_system_of_somebody_else_is_left_as_it_is(
    user: int,
    apt: str | None,
    commands: list[tuple[list[str], dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only root installs packages, and only on Debian."""
    monkeypatch.setattr(programs, "nginx", lambda: None)
    monkeypatch.setattr(shutil, "which", {"apt-get": apt}.get)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert not programs.install_nginx()
    assert commands == []


@pytest.mark.parametrize("uv", ["/usr/bin/uv", None])
def test_uv_installs_where_it_is_there(
    uv: str | None,
    folder: Path,
    commands: list[tuple[list[str], dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And pip where it is not; both into the peer's own environment."""
    monkeypatch.setattr(shutil, "which", {"uv": uv}.get)
    programs.install("small")
    ((words, options),) = commands
    assert (words[0] == uv) is bool(uv)
    assert words[words.index("--python") + 1] == str(folder / "small/bin/python")
    assert words[-1] == "sniffio==1.3.1"
    assert options["check"]


def test_what_is_no_refusal_of_a_program_is_raised(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full, say, is nothing to be told as a peer that cannot be installed."""

    def install(_: str) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(command, "install_nginx", lambda: True)
    monkeypatch.setattr(command, "install", install)
    with pytest.raises(OSError, match="no space left"):
        command.main()
