"""The canonical form: one text for all documents that say the same."""

import json
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.contract import canonical_form, loading, overlay, validation, yaml_documents
from scripts.contract.documents import ContractError, Json
from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT
from scripts.evolution import __main__ as sync
from scripts.generation import package
from scripts.generation.installation import PACKAGE
from tests.scripts.contract.rewrites import rewritten
from tests.scripts.contract.test_facts import BODIES, OBJECTS, VALUES
from tests.scripts.trees import copy, snapshot

FACTS = loading.facts(ROOT)
MERGED = loading.load(ROOT)
ACTIONS = loading.read(ROOT / OVERLAY)
# What any of the bodies needs.
LEAST: Json = {"model": "m", "prompt": "p", "image": {"image": "x"}}
SEEDS = st.integers(0, 2**32)


def text(document: Json) -> str:
    """A document byte for byte, in the order of its keys."""
    return yaml_documents.dump(document)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(SEEDS)
def test_500_rewrites_of_the_contract_are_the_same_contract(seed: int) -> None:
    """However upstream spells it, contract and merged document are byte for byte what they were."""
    facts = canonical_form.of(rewritten(FACTS, Random(seed)))
    assert json.dumps(facts) == json.dumps(FACTS)
    merged = canonical_form.of(overlay.apply(facts, ACTIONS))
    assert json.dumps(merged) == json.dumps(MERGED)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_a_rewrite_of_the_merged_document_is_the_same_document(seed: int) -> None:
    """With bounds, descriptions and examples in it too."""
    assert json.dumps(canonical_form.of(rewritten(MERGED, Random(seed)))) == json.dumps(MERGED)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_the_rewrites_say_the_same_to_another_library(seed: int) -> None:
    """What jsonschema takes and refuses by a rewrite is what it does by the canonical form."""
    other = rewritten(MERGED, Random(seed))
    assert json.dumps(other) != json.dumps(MERGED)
    for body in BODIES:
        for field, (taken, refused) in VALUES.items():
            if field in OBJECTS[body][1]:
                parts = [
                    one["components"]["schemas"][body]["properties"] for one in (MERGED, other)
                ]
                for value in (*taken, *refused):
                    judged = [
                        validation.validator(part[field], document).is_valid(value)
                        for part, document in zip(parts, (MERGED, other), strict=True)
                    ]
                    assert judged[0] == judged[1], (body, field, value)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_generated_is_the_same_byte_for_byte(tmp_path: Path, seed: int) -> None:
    """From a rewritten contract `scripts/generate` writes this very package, lock included.

    The contract itself comes back into canonical form.
    """
    copy("openapi", tmp_path)
    committed = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    header = "".join(one for one in committed.splitlines(keepends=True) if one.startswith("#"))
    other = yaml.safe_dump(rewritten(FACTS, Random(seed)), sort_keys=False)
    (tmp_path / DOCUMENT).write_text(header + other, encoding="utf-8")
    assert str(DOCUMENT) in package.differences(tmp_path)
    package.generate(tmp_path)
    assert snapshot(tmp_path / PACKAGE) == snapshot(ROOT / PACKAGE)
    assert (tmp_path / DOCUMENT).read_text(encoding="utf-8") == committed


@pytest.mark.parametrize("seed", range(5))
def test_a_rewritten_upstream_is_no_change(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """`scripts/sync --check` exits 0 and says so in one line."""
    other = yaml.safe_dump(rewritten(FACTS, Random(seed)), sort_keys=False)
    (tmp_path / "upstream.yaml").write_text(other, encoding="utf-8")
    assert sync.main([str(tmp_path / "upstream.yaml"), "--check"]) == 0
    assert capsys.readouterr().out.startswith("The contract agrees with upstream.yaml")


def test_the_committed_contract_is_canonical() -> None:
    """What is in openapi/ and in the package is the form itself, and stays so."""
    assert canonical_form.of(FACTS) == FACTS
    assert canonical_form.of(MERGED) == MERGED
    body = "".join(
        line
        for line in (ROOT / DOCUMENT).read_text(encoding="utf-8").splitlines(keepends=True)
        if not line.startswith("#")
    )
    assert body == text(FACTS)


def test_another_version_has_no_canonical_form() -> None:
    """It is refused before its parts are looked at."""
    with pytest.raises(ContractError, match=r"must be OpenAPI 3\.1, not 3\.0\.3"):
        canonical_form.of({"openapi": "3.0.3", "paths": 3})


def test_what_http_says_itself_is_no_parameter() -> None:
    """OpenAPI ignores headers called Accept, Content-Type and Authorization, and so do we."""
    parameters = [
        {"name": name, "in": "header", "schema": {"type": "string"}}
        for name in ("accept", "Content-Type", "AUTHORIZATION", "x-mine")
    ]
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "parameters": parameters}}},
    }
    operation = canonical_form.of(document)["paths"]["/a"]["get"]
    assert [one["name"] for one in operation["parameters"]] == ["X-Mine"]
