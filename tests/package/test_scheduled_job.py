"""The scheduled job of docs/monorepo.md does what the page says, in an empty environment."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.contract.loading import DOCUMENT, ROOT
from tests.scripts.evolution.contracts import VENDORED, mutated, schema

pytestmark = pytest.mark.slow

_GH = """#!/bin/sh
# Knows of a change once it was created, and of nothing else.
echo "$@" >> "$HOME/gh.txt"
if [ "$2" = create ]; then touch "$HOME/created"; cp report.txt "$HOME/body.txt"; fi
[ -e "$HOME/created" ]
"""


def job() -> str:
    """The commands of the page's job, as they stand there."""
    page = (ROOT / "docs" / "monorepo.md").read_text(encoding="utf-8")
    found = re.search(r"^```text\n(name: contract\n.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert found
    document: Any = yaml.safe_load(found[1])
    commands: str = document["jobs"]["contract"]["steps"][-1]["run"]
    return commands


def git(*arguments: str, cwd: Path) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=cwd, capture_output=True, text=True, check=True
    )
    return done.stdout


class Runner:
    """A machine that runs the job: a home that is empty, and a clone that is new each time."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.origin = folder / "origin.git"
        self._folder = folder
        self._programs = folder / "programs"
        self.home.mkdir()
        self._programs.mkdir()
        (self._programs / "gh").write_text(_GH, encoding="utf-8")
        (self._programs / "gh").chmod(0o755)
        source = folder / "source"
        ignored = shutil.ignore_patterns(".*", "build", "tests", "__pycache__")
        shutil.copytree(ROOT, source, ignore=ignored)
        shutil.copy(ROOT / ".gitignore", source)
        git("init", "--quiet", "--initial-branch", "main", cwd=source)
        git("add", ".", cwd=source)
        git("commit", "--quiet", "-m", "a", cwd=source)
        git("clone", "--quiet", "--bare", str(source), str(self.origin), cwd=folder)

    def run(self, document: str) -> subprocess.CompletedProcess[str]:
        """The job on a document of upstream's; GitHub runs it with `bash -e`."""
        clone = self._folder / "clone"
        shutil.rmtree(clone, ignore_errors=True)
        git("clone", "--quiet", "--depth", "1", self.origin.as_uri(), str(clone), cwd=self._folder)
        self._install(clone)
        path = f"{self._programs}:{os.defpath}:{Path(shutil.which('git') or '').parent}"
        variables = {"HOME": self.home, "PATH": path, "SOURCE": document, "GH_TOKEN": "t"}
        settings = [f"{name}={value}" for name, value in variables.items()]
        return subprocess.run(
            ["env", "-i", *settings, "bash", "-e", "-c", job()],
            cwd=clone,
            capture_output=True,
            text=True,
            check=False,
        )

    def branches(self) -> dict[str, str]:
        """The branches of the origin but `main`, and their commits."""
        form = "--format=%(refname:short) %(objectname)"
        lines = git("for-each-ref", form, "refs/heads", cwd=self.origin).splitlines()
        found = dict(line.split() for line in lines)
        del found["main"]
        return found

    def _install(self, clone: Path) -> None:
        """What `scripts/setup` would make: the clone, and the packages that are here."""
        environment = clone / ".venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        (packages,) = environment.glob("lib/python*/site-packages")
        places = (clone, clone / "generated", sysconfig.get_path("purelib"))
        (packages / "clone.pth").write_text("\n".join(map(str, places)), encoding="utf-8")
        for tool in ("openapi-python-client", "ruff"):
            (environment / "bin" / tool).symlink_to(Path(sysconfig.get_path("scripts")) / tool)
        shutil.copy(clone / "pyproject.toml", environment / "installed-from")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def changed(path: Path, name: str) -> str:
    """A document of upstream's with another optional field, written to a file."""

    def how(document: Any) -> None:
        body = schema(document, "ContainerImageEditBody")
        body["properties"][name] = {"type": "string"}

    path.write_text(yaml.safe_dump(mutated(how, VENDORED), sort_keys=False), encoding="utf-8")
    return str(path)


def test_a_change_is_proposed_once(runner: Runner, tmp_path: Path) -> None:
    """All that it writes is in one commit of one branch, and the next weekday adds none."""
    document = changed(tmp_path / "upstream.yaml", "style")
    done = runner.run(document)
    assert done.returncode == 0, done.stderr
    ((branch, commit),) = runner.branches().items()
    listed = git("diff", "--name-only", "main", branch, cwd=runner.origin).splitlines()
    assert {DOCUMENT.as_posix(), "friendli_facade/cli/_contract.py"} < set(listed)
    assert not [name for name in listed if not name.startswith(("docs", "f", "g", "openapi"))]
    assert "`ContainerImageEditBody.style`" in (runner.home / "body.txt").read_text("utf-8")
    created = (runner.home / "gh.txt").read_text(encoding="utf-8").count("pr create")
    assert runner.run(document).returncode == 0
    assert runner.branches() == {branch: commit}
    assert created == (runner.home / "gh.txt").read_text(encoding="utf-8").count("pr create") == 1


def test_another_change_has_another_branch(runner: Runner, tmp_path: Path) -> None:
    """What people added to the branch of the one before stays."""
    document = changed(tmp_path / "upstream.yaml", "style")
    assert runner.run(document).returncode == 0
    before = runner.branches()
    assert runner.run(changed(tmp_path / "upstream.yaml", "mood")).returncode == 0
    after = runner.branches()
    assert (len(after), before.items() < after.items()) == (2, True)


def test_where_nothing_changed_nothing_is_pushed(runner: Runner) -> None:
    """The contract of the checkout is upstream's."""
    done = runner.run(str(ROOT / DOCUMENT))
    assert (done.returncode, runner.branches()) == (0, {}), done.stderr
    assert list(runner.home.iterdir()) == []


def test_a_download_that_fails_ends_the_job(runner: Runner, tmp_path: Path) -> None:
    """With the code of the command and its words, and nothing is pushed."""
    done = runner.run(str(tmp_path / "absent.yaml"))
    assert (done.returncode, runner.branches()) == (2, {})
    assert "absent.yaml: cannot be read" in done.stderr
    assert list(runner.home.iterdir()) == []
