"""A distribution can be built from a tree whose lock matches its contract, and from no other."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hatch_build import LOCK, LockHook
from scripts.contract.loading import OVERLAY, ROOT
from scripts.generation.package import SETTINGS

NOTHING: Any = None


def built(kind: str, source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """A build by hatchling alone."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    return subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project that can be changed."""
    ignored = shutil.ignore_patterns(".*", "build", "tests", "__pycache__")
    return Path(shutil.copytree(ROOT, tmp_path / "tree", ignore=ignored))


def hook(root: Path, version: str = "standard") -> None:
    """Runs the hook as hatchling does."""
    LockHook(str(root), {}, NOTHING, NOTHING, str(root), "wheel").initialize(version, {})


def test_a_wheel_is_built_from_a_source_distribution(tree: Path, tmp_path: Path) -> None:
    """The source distribution holds the hook and what it compares; the wheel, the packages."""
    done = built("sdist", tree, tmp_path)
    assert done.returncode == 0, done.stderr
    (archive,) = tmp_path.glob("*.tar.gz")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps"]
    options = ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(archive)]
    done = subprocess.run([*pip, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        tops = {Path(name).parts[0] for name in content.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "friendli_api",
        "friendli_facade",
    }
    shutil.unpack_archive(archive, tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    (unpacked / OVERLAY).write_text("changed", encoding="utf-8")
    assert built("wheel", unpacked, tmp_path).returncode != 0


def test_a_git_tag_can_be_installed(tree: Path, tmp_path: Path) -> None:
    """What git holds is enough for a build: nothing that it needs is ignored or generated."""
    shutil.copy(ROOT / ".gitignore", tree)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init"], ["add", "."], ["commit", "-m", "a"], ["tag", "-m", "b", "v0.1.0"]):
        subprocess.run([*git, *command], cwd=tree, capture_output=True, check=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps"]
    requirement = f"friendli-facade @ git+{tree.as_uri()}@v0.1.0"
    options = ["--no-build-isolation", "--wheel-dir", str(tmp_path), requirement]
    done = subprocess.run([*pip, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        assert "friendli_api/lock.json" in content.namelist()


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_stale_tree_is_refused(tree: Path, tmp_path: Path, kind: str) -> None:
    """A changed overlay fails the build, with the file and the command that mends it."""
    with (tree / OVERLAY).open("a", encoding="utf-8") as overlay:
        overlay.write("# a comment is a change too\n")
    done = built(kind, tree, tmp_path / "target")
    assert done.returncode != 0
    assert (
        "generated/friendli_api was not made of this openapi/overlay.yaml: run scripts/generate"
    ) in done.stderr
    assert list((tmp_path / "target").glob("*")) == []


def test_every_input_counts(tree: Path) -> None:
    """The generator's settings are an input as well, and a missing input is a changed one."""
    hook(tree)
    (tree / SETTINGS).write_text("literal_enums: false\n", encoding="utf-8")
    (tree / OVERLAY).unlink()
    with pytest.raises(RuntimeError, match=r"openapi/overlay\.yaml, openapi/generator\.yaml"):
        hook(tree)


def test_a_tree_without_a_generated_package_is_refused(tree: Path) -> None:
    """Nothing is built of a contract alone."""
    shutil.rmtree((tree / LOCK).parent)
    with pytest.raises(RuntimeError, match="scripts/generate"):
        hook(tree)


def test_a_tree_without_a_contract_is_taken_as_it_is(tree: Path) -> None:
    """Who vendors the packages without openapi/ has nothing to compare them with."""
    shutil.rmtree(tree / "openapi")
    hook(tree)


def test_an_editable_installation_may_be_stale(tree: Path) -> None:
    """The way to scripts/generate leads over an editable installation."""
    (tree / OVERLAY).write_text("changed", encoding="utf-8")
    hook(tree, "editable")
