"""Friendli's own document, where the environment says where it is."""

import os
import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from scripts.contract import documents, loading, slices, yaml_documents
from scripts.contract.documents import Json
from scripts.contract.loading import DOCUMENT, ROOT
from scripts.evolution import __main__ as command
from scripts.evolution import compare_contracts
from scripts.generation import package
from scripts.generation.installation import PACKAGE
from tests.scripts.evolution.generated_models import unread, unread_examples
from tests.scripts.trees import copy, snapshot


@pytest.fixture(scope="module")
def path() -> str:
    """Where upstream's document is."""
    found = os.environ.get("FRIENDLI_UPSTREAM")
    if not found:
        pytest.skip("FRIENDLI_UPSTREAM does not name upstream's openapi.yaml")
    return found


@pytest.fixture(scope="module")
def whole(path: str) -> Json:
    return loading.read(Path(path))


def test_the_slice_is_the_vendored_contract(whole: Json) -> None:
    """Byte for byte, below the header."""
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    assert yaml_documents.dump(slices.cut(whole, slices.IMAGES)) == body


def test_the_contract_is_not_behind(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`scripts/sync --check` agrees, in one line."""
    assert command.main([path, "--check"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def calls(old: Json, new: Json) -> int:
    """How many functions of Python's are called for a comparison that finds nothing."""
    count = 0

    def profile(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        found = compare_contracts.compare(old, new)
    finally:
        sys.setprofile(None)
    assert found == []
    return count


def test_the_report_of_all_operations_is_cheap(whole: Json) -> None:
    """What is the same is not looked into, and what is not costs a schema less than 4,000 calls."""
    old, new = (slices.cut(whole, slices.tags(whole)) for _ in range(2))
    assert calls(old, new) < 100_000
    schemas = new["components"]["schemas"]
    for schema in schemas.values():
        schema["description"] = "Other."
    assert calls(old, new) < 4_000 * len(schemas)


@pytest.mark.slow
def test_all_operations_make_a_client(path: str, whole: Json, tmp_path: Path) -> None:
    """Every tag at once: no warning, rules for each operation, models that read their examples."""
    assert command.main([path, "--all-tags", "--output", str(tmp_path)]) == 0
    assert unread(tmp_path) == (340, {})
    examples, broken, wrong = unread_examples(tmp_path, whole)
    assert (examples, len(broken), wrong) == (55, 6, [])
    package = tmp_path / PACKAGE
    found: dict[str, Any] = {}
    exec((package / "rules.py").read_text(encoding="utf-8"), found)
    names = {operation["operationId"] for *_, operation in documents.operations(whole)}
    assert (set(found["OPERATIONS"]), len(names)) == (names, 84)
    assert [name for name in found["OPERATIONS"] if "#" in found["OPERATIONS"][name]["path"]] == []
    modules = [part for part in (package / "api").rglob("*.py") if part.name != "__init__.py"]
    assert len(modules) == 84
    with warnings.catch_warnings():
        for module in package.rglob("*.py"):
            compile(module.read_text(encoding="utf-8"), str(module), "exec")
    headers = [module.name for module in modules if "team: None" in module.read_text("utf-8")]
    assert headers == []
    streams = [module for module in modules if "cast(str, response.text)" in module.read_text()]
    assert streams == [] or all("stream" in module.name for module in streams)


def test_a_mutated_upstream_is_followed(path: str, tmp_path: Path) -> None:
    """From the whole document to a tree that agrees with it."""
    for folder in ("openapi", PACKAGE):
        copy(folder, tmp_path)
    text = Path(path).read_text(encoding="utf-8")
    changed = tmp_path.parent / f"{tmp_path.name}.yaml"
    changed.write_text(text.replace("controlnet_weights", "control_weights"), encoding="utf-8")
    before = snapshot(tmp_path)
    # The overlay speaks of the old name: it must follow first.
    assert command.main([str(changed), "--output", str(tmp_path)]) == 2
    assert snapshot(tmp_path) == before
    overlay = tmp_path / loading.OVERLAY
    followed = overlay.read_text(encoding="utf-8").replace("controlnet_weights", "control_weights")
    overlay.write_text(followed, encoding="utf-8")
    assert command.main([str(changed), "--output", str(tmp_path)]) == 0
    assert package.differences(tmp_path) == []
