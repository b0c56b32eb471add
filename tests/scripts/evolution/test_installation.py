"""Contract and package change together: killed at any moment, the tree is old or new."""

import ctypes
import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.contract.documents import ContractError
from scripts.contract.loading import DOCUMENT, ROOT
from scripts.evolution import __main__ as command
from scripts.generation import installation, package
from scripts.generation.installation import PACKAGE
from tests.scripts.evolution.contracts import VENDORED, mutated
from tests.scripts.trees import Tree, copy, snapshot

from .test_sync import negative_prompt

MOMENTS = 20

# Syncs a tree with a package that was built before, and kills itself before the nth line that
# it runs of the modules that write.
KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from scripts.contract import loading
from scripts.evolution import __main__ as command, update
from scripts.generation import installation, package

tree, built, upstream, moment = sys.argv[1:]
files = {installation.__file__, update.__file__, command.__file__}
lines = 0

def write(document, root, package):
    shutil.copytree(built, package)

def trace(frame, event, argument):
    global lines
    if frame.f_code.co_filename not in files:
        return None
    if event == "line":
        lines += 1
        if lines == int(moment):
            os.kill(os.getpid(), signal.SIGKILL)
    return trace

package.write = write
loading.problems = lambda document: []  # as slow as it is beside the point
sys.settrace(trace)
status = command.main([upstream, "--output", tree])
sys.settrace(None)
print(lines)
sys.exit(status)
"""


def run(tree: Path, built: Path, upstream: Path, moment: int) -> subprocess.CompletedProcess[str]:
    """A sync that is killed at a moment, if it gets that far."""
    command = [sys.executable, "-c", KILLED, str(tree), str(built), str(upstream), str(moment)]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)


def whole(tree: Path) -> Tree:
    """What is committed of a tree: contract and package."""
    return {
        name: content
        for name, content in snapshot(tree).items()
        if name.startswith(("openapi/", "generated/"))
    }


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A tree as it is, the same brought up to date, and the document that it was brought to."""
    place = tmp_path_factory.mktemp("states")
    upstream = place / "upstream.yaml"
    changed = mutated(negative_prompt, VENDORED)
    upstream.write_text(yaml.safe_dump(changed, sort_keys=False), encoding="utf-8")
    old, new = place / "old", place / "new"
    for tree in (old, new):
        for folder in ("openapi", PACKAGE):
            copy(folder, tree)
    assert command.main([str(upstream), "--output", str(new)]) == 0
    return old, new, upstream


@pytest.mark.slow
def test_a_killed_sync_leaves_a_whole_tree(states: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """SIGKILL before any of twenty lines, spread over all: after recovery the tree is old or new.

    Contract and package are never of different states, and nothing is left over.
    """
    old, new, upstream = states
    complete = tmp_path / "complete"
    shutil.copytree(old, complete)
    done = run(complete, new / PACKAGE, upstream, 10**9)
    assert (done.returncode, done.stderr) == (0, "")
    assert whole(complete) == whole(new)
    lines = int(done.stdout.splitlines()[-1])
    met: list[str] = []
    for number in range(MOMENTS):
        # Most moments where it matters: the last lines are those that put things in place.
        moment = lines - number if number < MOMENTS - 5 else lines * (MOMENTS - number) // 8
        tree = tmp_path / f"moment-{number}"
        shutil.copytree(old, tree)
        killed = run(tree, new / PACKAGE, upstream, moment)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        installation.recover(tree)
        state = whole(tree)
        assert state in (whole(old), whole(new)), moment
        met.append("old" if state == whole(old) else "new")
        with installation.staging(tree):
            pass
        assert sorted(path.name for path in tree.iterdir()) == ["generated", "openapi"]
    assert set(met) == {"old", "new"}


def test_the_two_states_are_what_generation_yields(states: tuple[Path, Path, Path]) -> None:
    """`scripts/generate --check` passes on the old tree and on the new one."""
    old, new, _ = states
    assert package.differences(old) == []
    assert package.differences(new) == []
    assert whole(old) != whole(new)


def staged(tree: Path, new: Path, building: Path) -> Path:
    """What a sync has built when it begins to install."""
    place = building / "new"
    shutil.copytree(new / PACKAGE, place / PACKAGE.name)
    shutil.copy(new / DOCUMENT, place / DOCUMENT.name)
    return place


def test_the_next_command_finishes_what_was_broken_off(
    states: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """`scripts/generate --check` finds a pending installation, and completes it first."""
    old, new, _ = states
    tree = tmp_path / "tree"
    shutil.copytree(old, tree)
    with installation.staging(tree) as building:
        place = staged(tree, new, building)
        (place / "digest").write_text(installation.digest(place / PACKAGE.name), encoding="utf-8")
        place.rename(tree / ".pending")
    assert whole(tree) == whole(old)
    assert package.differences(tree) == []
    assert whole(tree) == whole(new)


@pytest.mark.skipif(sys.platform != "linux", reason="the system call is Linux's")
def test_directories_are_swapped_in_one_step(
    states: tuple[Path, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system can exchange two names, the old package is at no moment away."""
    old, new, _ = states
    tree, moved = tmp_path / "tree", list[Path]()
    shutil.copytree(old, tree)
    rename = Path.rename

    def watched(self: Path, target: Path) -> Path:
        moved.append(self)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", watched)
    with installation.staging(tree) as building:
        installation.install(tree, staged(tree, new, building))
    assert whole(tree) == whole(new)
    assert tree / PACKAGE not in moved
    assert len(moved) == 2


def test_a_tree_may_be_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path is one below the working directory, for the system call too."""
    monkeypatch.chdir(tmp_path)
    tree = Path("tree")
    for content in ("old", "new"):
        tree.mkdir(exist_ok=True)
        with installation.staging(tree) as building:
            package = building / "new" / PACKAGE.name
            package.mkdir(parents=True)
            (package / "client.py").write_text(content, encoding="utf-8")
            installation.install(tree, package.parent)
        assert snapshot(tmp_path / tree) == {
            "generated": None,
            str(PACKAGE): None,
            f"{PACKAGE}/client.py": content.encode(),
        }


def test_what_forbids_the_exchange_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its number and the folder; what waits is put in place once the reason is gone."""

    class Library:
        def renameat2(self, *arguments: object) -> int:
            ctypes.set_errno(errno.EACCES)
            return -1

    def library(name: str | None, *, use_errno: bool) -> Library:
        return Library()

    (tmp_path / PACKAGE).mkdir(parents=True)
    with monkeypatch.context() as patch, installation.staging(tmp_path) as building:
        patch.setattr(ctypes, "CDLL", library)
        package = building / "new" / PACKAGE.name
        package.mkdir(parents=True)
        (package / "client.py").touch()
        with pytest.raises(PermissionError) as caught:
            installation.install(tmp_path, package.parent)
    assert caught.value.filename == str(tmp_path / PACKAGE)
    assert list((tmp_path / PACKAGE).iterdir()) == []
    installation.recover(tmp_path)
    assert [path.name for path in (tmp_path / PACKAGE).iterdir()] == ["client.py"]
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


class Unable:
    """A C library that cannot exchange two names there."""

    def renameat2(self, *arguments: object) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1


@pytest.mark.parametrize("kind", [Unable, object], ids=["of another file system", "of another OS"])
def test_directories_are_swapped_without_the_system_call(
    states: tuple[Path, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    """Where the system cannot exchange two names, two renames do, and recovery covers the gap."""
    old, new, _ = states

    def library(name: str | None, *, use_errno: bool) -> Any:
        return kind()

    monkeypatch.setattr(ctypes, "CDLL", library)
    tree = tmp_path / "tree"
    shutil.copytree(old, tree)
    with installation.staging(tree) as building:
        installation.install(tree, staged(tree, new, building))
    assert whole(tree) == whole(new)


def test_a_gap_between_two_renames_is_closed(
    states: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """Killed after the old package was moved away: the new one is moved in by the next command."""
    old, new, _ = states
    tree = tmp_path / "tree"
    shutil.copytree(old, tree)
    with installation.staging(tree) as building:
        place = staged(tree, new, building)
        (place / "digest").write_text(installation.digest(place / PACKAGE.name), encoding="utf-8")
        place.rename(tree / ".pending")
    (tree / PACKAGE).rename(tree / ".pending" / "old")
    installation.recover(tree)
    assert whole(tree) == whole(new)
    assert sorted(path.name for path in tree.iterdir()) == ["generated", "openapi"]


def test_what_a_killed_build_left_is_cleared_away(tmp_path: Path) -> None:
    """The next writer deletes directories of builds that nobody finished."""
    (tmp_path / ".building-abandoned" / "new").mkdir(parents=True)
    with installation.staging(tmp_path) as building:
        assert [path.name for path in tmp_path.iterdir()] == [building.name]
    assert list(tmp_path.iterdir()) == []


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    """An error passes through, and the directory is gone."""
    with pytest.raises(ContractError, match="no"), installation.staging(tmp_path):
        raise ContractError("no")
    assert list(tmp_path.iterdir()) == []


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    """While one builds, another that wants to is not let in."""
    with installation.staging(tmp_path):
        directory = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(directory)
