"""A distribution can be built from a tree whose lock matches its contract, and from no other."""

import email
import os
import re
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

pytestmark = pytest.mark.slow

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
    """The source distribution holds the hook and what it compares; the wheel, the packages.

    It is, byte for byte, the wheel that is built without one: what holds for it holds for both.
    """
    done = built("sdist", tree, tmp_path)
    assert done.returncode == 0, done.stderr
    assert built("wheel", tree, tmp_path / "direct").returncode == 0
    (archive,) = tmp_path.glob("*.tar.gz")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps"]
    options = ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(archive)]
    done = subprocess.run([*pip, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    (direct,) = (tmp_path / "direct").glob("*.whl")
    assert (wheel.name, wheel.read_bytes()) == (direct.name, direct.read_bytes())
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


def test_a_source_distribution_can_be_regenerated(tmp_path: Path) -> None:
    """It holds scripts, contract, pages and tests, and what it would write is what it holds."""
    assert built("sdist", ROOT, tmp_path).returncode == 0
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    for name in ("tests/package/test_build.py", "docs/monorepo.md", "CONTRIBUTING.md", "LICENSE"):
        assert (unpacked / name).read_bytes() == (ROOT / name).read_bytes()
    # The first on the path, so that nothing of this checkout answers for it.
    surroundings = {"PYTHONPATH": f"{unpacked}:{unpacked / 'generated'}", "PATH": os.defpath}
    where = "import scripts; print(scripts.__file__)"
    for command in (["-c", where], ["-m", "scripts.generation", "--check"]):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=unpacked,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout in {"", f"{unpacked / 'scripts' / '__init__.py'}\n"}


def test_the_page_of_an_index_links_to_pages_that_exist(tmp_path: Path) -> None:
    """The README of a distribution has no relative link, and those to the repository are right."""
    assert built("wheel", ROOT, tmp_path).returncode == 0
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        (name,) = (one for one in content.namelist() if one.endswith(".dist-info/METADATA"))
        text = content.read(name).decode()
    metadata = email.message_from_string(text)
    home = dict(line.split(", ") for line in metadata.get_all("Project-URL") or ())["Homepage"]
    links: list[str] = re.findall(r"\]\(([^)]+)\)", str(metadata.get_payload()))
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    pages = [link.removeprefix(f"{home}/blob/main/") for link in links if link.startswith(home)]
    assert "docs/monorepo.md" in pages
    assert [page for page in pages if not (ROOT / page).is_file()] == []
    assert metadata["Author-email"]


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
