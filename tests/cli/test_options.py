"""The options are those of the contract, whatever it has; help shows what it says of each."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from friendli_facade.cli import _contract
from friendli_facade.cli._arguments import options
from scripts.contract.loading import DOCUMENT, ROOT
from scripts.generation import command_line
from tests.cli.running import run
from tests.requests.arguments import operations
from tests.scripts.evolution.contracts import schema
from tests.scripts.trees import change

BODIES = [
    f"{name}Image{kind}Body"
    for name in ("Dedicated", "Container")
    for kind in ("Generation", "Edit")
]


def negative_prompt(document: Any) -> None:
    """The mutation of `sync`'s own tests, in every body."""
    for name in BODIES:
        schema(document, name)["properties"]["negative_prompt"] = {
            "type": "string",
            "description": "What the picture should not show.",
        }


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project that can be changed and generated again."""
    tree = tmp_path / "tree"
    ignored = shutil.ignore_patterns("__pycache__", ".*", "build")
    for name in ("friendli_facade", "generated", "openapi", "scripts", "docs"):
        shutil.copytree(ROOT / name, tree / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def python(tree: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A run of Python on the packages of the tree."""
    surroundings = {**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'generated'}"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={**surroundings, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def loaded(source: str, path: Path) -> ModuleType:
    """A module of this source."""
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_body_field_is_an_option_or_has_a_place() -> None:
    """Nothing of the contract is out of reach, and help has its words, bounds and default."""
    for operation in operations():
        help_text = " ".join(run(operation.method, "--help").out.split())
        for name, rules in operation.properties.items():
            label = options.option(name)
            if name == "prompt" and operation.method == "generate":
                label = "PROMPT"
            elif name == "image":
                label = "IMAGE"
            assert label in help_text
            if label.startswith("--"):
                assert rules["description"] in help_text
            for bound in ("minimum", "maximum"):
                if bound in rules:
                    assert (
                        f"at {'least' if bound == 'minimum' else 'most'} {rules[bound]}"
                        in help_text
                    )
            if "default" in rules:
                assert f"default {rules['default']}" in help_text


@pytest.mark.slow
def test_a_field_that_the_contract_gains_is_an_option(tree: Path) -> None:
    """`scripts/generate`, and a line in the declaration; the command's own code stays as it is."""
    change(tree, negative_prompt, DOCUMENT)
    for path in (tree / "friendli_facade" / "operations").glob("[!_]*.py"):
        text = path.read_text(encoding="utf-8")
        last = "        retries: RetryConfig | None | Unset = UNSET,\n"
        text = text.replace(last, f"        negative_prompt: str | Unset = UNSET,\n{last}")
        path.write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in (tree / "friendli_facade" / "cli").rglob("*.py")}
    stale = python(tree, "-m", "scripts.generation", "--check")
    assert "friendli_facade/cli/_contract.py: does not match its sources" in stale.stderr
    done = python(tree, "-m", "scripts.generation")
    assert done.returncode == 0, done.stderr
    changed = {path.name for path, content in before.items() if path.read_bytes() != content}
    assert changed == {"_contract.py"}
    for method in ("generate", "edit"):
        shown = python(tree, "-m", "friendli_facade", method, "--help").stdout
        assert "--negative-prompt TEXT" in shown
        assert "What the picture should not show." in " ".join(shown.split())
    words = ["generate", "a pier", "--negative-prompt", "fog", "--sandbox", "--dry-run", "--json"]
    done = python(tree, "-m", "friendli_facade", *words)
    assert json.loads(done.stdout)["body"]["negative_prompt"] == "fog", done.stderr


NEW: dict[str, tuple[Any, list[str], Any]] = {
    "a flag": ({"type": "boolean"}, ["--no-probe"], False),
    "a whole number": ({"type": "integer"}, ["--probe", "7"], 7),
    "a number or null": ({"anyOf": [{"type": "number"}, {"type": "null"}]}, ["--probe=.5"], 0.5),
    "a text of some": ({"type": "string", "enum": ["a", "b"]}, ["--probe", "b"], "b"),
    "numbers": (
        {"type": "array", "items": {"type": "integer"}},
        ["--probe", "1", "--probe", "2"],
        [1, 2],
    ),
    "an object": ({"type": "object"}, ["--probe", '{"a": [1]}'], {"a": [1]}),
    "anything": ({}, ["--probe", "[null]"], [None]),
    "a text or a number": (
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        ["--probe", "text"],
        "text",
    ),
    "a picture": ({"$ref": "#/components/schemas/ImageInput"}, ["--probe", "a.png"], "a.png"),
    "pictures": (
        {"type": "array", "items": {"$ref": "#/components/schemas/ImageInput"}},
        ["--probe", "a.png"],
        ["a.png"],
    ),
}


@pytest.mark.parametrize("name", NEW)
def test_any_field_has_an_option_of_its_kind(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever JSON Schema can say of a field, words on the command line become its value."""
    rules, words, value = NEW[name]
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi")

    def probe(document: Any) -> None:
        schema(document, "ContainerImageGenerationBody")["properties"]["probe"] = rules

    change(tmp_path, probe, DOCUMENT)
    found = loaded(command_line.source(tmp_path), tmp_path / "found.py")
    monkeypatch.setattr(options, "OPERATIONS", found.OPERATIONS)
    made = click.Command("generate", params=options.options(["generate"], ["prompt"]))
    params = made.make_context("generate", list(words)).params
    given, wrong = options.values("generate", "container", params)
    assert (given, wrong) == ({"probe": value}, [])
    assert options.values("generate", "dedicated", params)[1] == ["--dedicated has no --probe"]


def test_the_committed_file_is_that_of_the_contract() -> None:
    """Nobody edits it, and nobody forgets to write it."""
    assert command_line.differences() == []
    assert sorted(_contract.OPERATIONS) == [
        f"{surface}.{method}"
        for surface in ("container", "dedicated")
        for method in ("edit", "generate")
    ]


def test_an_option_of_the_other_surface_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be left out silently is named: a team means nothing to a container."""
    done = run("generate", "a kite", "--container", "--team", "t")
    assert (done.status, done.err) == (2, "error: --container has no --team\n")


def test_null_is_sent_where_it_is_asked_for() -> None:
    """Nothing given is nothing sent; null is, and contradicts a value."""
    words = ["generate", "a kite", "--sandbox", "--dry-run", "--json", "--null", "seed"]
    assert run(*words).records[0]["body"] == {"model": "sandbox", "prompt": "a kite", "seed": None}
    done = run(*words, "--seed", "1")
    assert (done.status, done.err) == (2, "error: --null seed contradicts --seed\n")
    assert run(*words, "--null", "prompt").status == 2
