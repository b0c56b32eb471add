"""What `scripts/generate` writes: the same bytes everywhere, and its `--check`."""

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts.contract import documents, loading
from scripts.contract.documents import ContractError
from scripts.contract.loading import ROOT
from scripts.generation import __main__ as command
from scripts.generation import command_line, package, reference, resources, rules
from scripts.generation.installation import PACKAGE
from scripts.generation.python import mending
from tests.scripts.trees import Tree, change, copy, snapshot

pytestmark = pytest.mark.slow

BUILD = """import sys
from pathlib import Path
from scripts.generation.package import build
build(Path(sys.argv[1]), Path(sys.argv[2]))
"""
HOSTILE = """line-length = 40
indent-width = 8
[format]
quote-style = "single"
indent-style = "tab"
[lint]
select = ["ALL"]
[lint.isort]
force-single-line = true
"""


def build_elsewhere(package: Path, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """A build by a new process whose working directory is the package's parent."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **surroundings}
    command = [sys.executable, "-c", BUILD, str(ROOT), str(package)]
    return subprocess.run(
        command, cwd=package.parent, env=environment, text=True, capture_output=True, check=False
    )


def plain(directory: Path) -> dict[str, str]:
    """Nothing around the build but its directory."""
    return {"PYTHONHASHSEED": "1"}


def another_hash_seed(directory: Path) -> dict[str, str]:
    """A process that orders its sets differently, in another locale and time zone."""
    return {"PYTHONHASHSEED": "4242", "LC_ALL": "C", "TZ": "Asia/Seoul", "PYTHONUTF8": "0"}


def hostile_ruff(directory: Path) -> dict[str, str]:
    """Settings of ruff above the build that would rewrite everything."""
    (directory / "ruff.toml").write_text(HOSTILE, encoding="utf-8")
    (directory.parent / "pyproject.toml").write_text("[tool.ruff]\nline-length = 20\n", "utf-8")
    return {}


def repository(directory: Path) -> dict[str, str]:
    """A git repository around the build."""
    subprocess.run(["git", "init", "--quiet", str(directory)], check=True)
    return {}


def ignoring_repository(directory: Path) -> dict[str, str]:
    """A git repository that ignores what is built in it, as temporary files often are."""
    (directory / ".gitignore").write_text("*\n", encoding="utf-8")
    return repository(directory)


@pytest.mark.parametrize(
    "surroundings", [plain, another_hash_seed, hostile_ruff, repository, ignoring_repository]
)
def test_the_surroundings_do_not_matter(
    surroundings: Callable[[Path], dict[str, str]], fresh: Tree, tmp_path: Path
) -> None:
    """The package is byte for byte the same, wherever and however it is built."""
    directory = tmp_path / "around"
    directory.mkdir()
    done = build_elsewhere(directory / "friendli_api", **surroundings(directory))
    assert (done.returncode, done.stderr) == (0, "")
    actual = snapshot(directory / "friendli_api")
    assert [name for name in actual if actual[name] != fresh.get(name)] == []
    assert actual == fresh


def test_the_committed_package_is_what_the_contract_yields(fresh: Tree) -> None:
    """Nobody edited generated/, and nobody forgot to run the generator."""
    committed = snapshot(ROOT / PACKAGE)
    assert [name for name in committed if committed[name] != fresh.get(name)] == []
    assert committed == fresh


def test_nothing_but_the_package_is_in_generated() -> None:
    """No temporary directory was left beside it, or committed."""
    assert [path.name for path in (ROOT / PACKAGE).parent.iterdir()] == [PACKAGE.name]


def test_generate_replaces_the_old_package(tree: Path, fresh: Tree) -> None:
    """After it the package is fresh: edits are undone, strange files gone, nothing left over."""
    edited = tree / PACKAGE / "client.py"
    edited.write_text("edited", encoding="utf-8")
    (tree / PACKAGE / "models" / "stale.py").touch()
    package.generate(tree)
    assert snapshot(tree / PACKAGE) == fresh
    assert sorted(path.name for path in tree.iterdir()) == ["generated", "openapi"]
    assert [path.name for path in (tree / "generated").iterdir()] == [PACKAGE.name]


def test_the_command_writes_all_that_follows_from_the_contract(
    tree: Path, fresh: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package, the clients' methods, the command line's arguments and the reference."""
    for folder in ("friendli_facade", "docs"):
        copy(folder, tree)
    written = [resources.PATH, command_line.PATH, *reference.pages(ROOT)]
    for path in (PACKAGE / "client.py", *written):
        (tree / path).write_text(f"{reference.HEADER}edited", encoding="utf-8")
    monkeypatch.setattr(command, "generate", partial(package.generate, tree))
    for module in (resources, command_line, reference):
        monkeypatch.setattr(module, "write", partial(module.write, tree))
    assert command.main([]) == 0
    assert snapshot(tree / PACKAGE) == fresh
    for path in written:
        assert (tree / path).read_bytes() == (ROOT / path).read_bytes()


def check(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """`scripts/generate --check`, on another tree than the project's own."""
    monkeypatch.setattr(command, "differences", partial(package.differences, root))
    return command.main(["--check"])


def test_check_is_silent_on_a_fresh_tree(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0, no word, nothing written; bytecode beside the sources is no difference."""
    cache = tree / PACKAGE / "__pycache__" / "client.cpython-311.pyc"
    cache.parent.mkdir()
    cache.touch()
    before = snapshot(tree)
    assert check(tree, monkeypatch) == 0
    assert capsys.readouterr() == ("", "")
    assert snapshot(tree) == before


def test_check_names_each_file_that_differs(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1; the changed, the missing and the extra file are named, one a line, and no other."""
    package = tree / PACKAGE
    with (package / "client.py").open("a", encoding="utf-8") as changed:
        changed.write("\n")
    (package / "models" / "image_input.py").unlink()
    (package / "models" / "extra.py").touch()
    before = snapshot(tree)
    assert check(tree, monkeypatch) == 1
    said = capsys.readouterr()
    named = [line.partition(":")[0] for line in said.err.splitlines()]
    expected = ["client.py", "models/extra.py", "models/image_input.py"]
    assert named == [f"{PACKAGE.as_posix()}/{name}" for name in expected]
    assert all("scripts/generate" in line for line in said.err.splitlines())
    assert said.out == ""
    assert snapshot(tree) == before


def test_check_sees_a_changed_contract(tree: Path, fresh: Tree) -> None:
    """A new bound shows in the rules, the merged document and the lock, not in the models."""
    change(tree, _five_hundred_steps, Path("openapi/overlay.yaml"))
    names = [Path(name).relative_to(PACKAGE).as_posix() for name in package.differences(tree)]
    assert names == ["lock.json", "openapi.json", "rules.py"]


def _five_hundred_steps(overlay: documents.Json) -> None:
    overlay["actions"][0]["update"]["maximum"] = 500


def test_check_without_a_package_names_every_file(tmp_path: Path, fresh: Tree) -> None:
    """Where nothing was ever generated, every file is missing."""
    (tmp_path / "openapi").symlink_to(ROOT / "openapi")
    files = [
        f"{PACKAGE.as_posix()}/{name}" for name, content in fresh.items() if content is not None
    ]
    assert package.differences(tmp_path) == sorted(files)
    assert [path.name for path in tmp_path.iterdir()] == ["openapi"]


def test_check_on_a_broken_contract_says_why(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and one message, no traceback."""
    (tree / loading.DOCUMENT).write_bytes(b"")
    assert check(tree, monkeypatch) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("scripts/generate: ")
    assert "friendli-images.yaml: is empty" in said.err
    assert len(said.err.splitlines()) == 1


def test_check_passes_without_docstrings_and_utf_8() -> None:
    """Package, methods and pages are the same under `python -OO`, in a locale of ASCII alone."""
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-OO", "-m", "scripts.generation", "--check"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **bare}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_lock_says_how_the_package_was_made(fresh: Tree) -> None:
    """It has the command, the exact versions of the tools, and hashes that match the inputs."""
    content = fresh["lock.json"]
    assert content is not None
    locked = json.loads(content)
    inputs = ["openapi/friendli-images.yaml", "openapi/overlay.yaml", "openapi/generator.yaml"]
    assert locked == {
        "command": "scripts/generate",
        "tools": {
            name: importlib.metadata.version(name) for name in ("openapi-python-client", "ruff")
        },
        "inputs": {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in inputs},
    }
    assert (ROOT / locked["command"]).is_file()


def test_the_package_carries_its_contract(fresh: Tree) -> None:
    """It is typed, and openapi.json is the merged contract in the order of its keys."""
    assert fresh["py.typed"] == b""
    content = fresh["openapi.json"]
    assert content is not None
    assert json.dumps(json.loads(content)) == json.dumps(loading.load(ROOT))


def test_the_package_has_the_rules(fresh: Tree) -> None:
    """rules.py, formatted, holds the data that the contract's rules are."""
    content = fresh["rules.py"]
    assert content is not None
    formatted: dict[str, object] = {}
    raw: dict[str, object] = {}
    exec(content, formatted)
    exec(rules.source(loading.load(ROOT)), raw)
    for name in ("SCHEMAS", "OPERATIONS"):
        assert formatted[name] == raw[name]


def test_the_rules_have_the_json_of_a_body() -> None:
    """Wherever it stands among the forms; where there is none, the first form's schema."""
    document = loading.load(ROOT)
    content = document["paths"]["/v1/images/edits"]["post"]["requestBody"]["content"]
    json_form, text = content.pop("application/json"), {"schema": {"type": "string"}}
    for forms, schema in (
        ({"text/plain": text, "application/json": json_form}, json_form["schema"]),
        ({"text/plain": text, "text/html": {}}, text["schema"]),
        ({}, None),
    ):
        content.clear()
        content.update(forms)
        found: dict[str, Any] = {}
        exec(package.usable_rules(document), found)
        assert found["OPERATIONS"]["containerImagesEdit"]["body"] == schema


def test_what_is_mended_in_the_generators_code_must_be_wrong(tmp_path: Path) -> None:
    """Once the generator writes it right, or otherwise, generation fails until we look."""
    client = tmp_path / "client.py"
    client.write_bytes((ROOT / PACKAGE / "client.py").read_bytes())
    with pytest.raises(ContractError, match=r"writes client\.py in another way"):
        mending.mend(tmp_path)
