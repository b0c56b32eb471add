"""What generation refuses: it says why, and leaves the old package as it was."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.contract import loading
from scripts.contract.documents import ContractError
from scripts.contract.loading import DOCUMENT, OVERLAY
from scripts.generation import package
from scripts.generation.installation import PACKAGE
from scripts.generation.package import SETTINGS
from tests.scripts.trees import change, snapshot

pytestmark = pytest.mark.slow

Change = Callable[[Any], object]
UNKNOWN = {"type": "object", "patternProperties": {"^a": {"type": "string"}}}
QUERY = {"name": "q", "in": "query", "schema": UNKNOWN}
HEADER = {"name": "X-Q", "in": "header", "schema": UNKNOWN}
SHARED = {"$ref": "#/components/parameters/Shared"}


def field(schema: Any) -> Change:
    """ImageInput with one more property."""

    def how(document: Any) -> None:
        document["components"]["schemas"]["ImageInput"]["properties"]["extra"] = schema

    return how


def operation(**parts: Any) -> Change:
    """The container's edit, changed."""

    def how(document: Any) -> None:
        document["paths"]["/v1/images/edits"]["post"] |= parts

    return how


def answer(content: Any, code: str | int = "200") -> Change:
    """The container's edit, with one answer."""
    return operation(responses={code: {"description": "Fine.", **content}})


def shared_parameter(document: Any) -> None:
    operation(parameters=[SHARED])(document)
    document["components"]["parameters"] = {"Shared": HEADER}


def typed(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


NO_TYPED_200 = "containerImagesEdit: has no typed 200"

# A change to an otherwise good contract, and what the error must say.
REFUSED: dict[str, tuple[Change, str]] = {
    # The generator only warns of these two: left to itself it exits 0, less a class.
    "an enum of fractions": (field({"enum": [1.5]}), "Unable to process schema"),
    "an enum of lists": (field({"enum": [[1]]}), "Unable to process schema"),
    "an unknown keyword": (field(UNKNOWN), r"ImageInput\.extra: .*'patternProperties'"),
    "an unknown keyword deep inside": (
        field({"anyOf": [{"type": "array", "items": {"allOf": [{"not": {}}]}}]}),
        r"ImageInput\.extra\.items: .*'not'",
    ),
    "an unknown keyword in a body": (
        operation(requestBody=typed(UNKNOWN)),
        r"containerImagesEdit\.body: .*'patternProperties'",
    ),
    "an unknown keyword in an answer": (
        answer(typed(UNKNOWN)),
        r"containerImagesEdit\.response: .*'patternProperties'",
    ),
    "an unknown keyword in a header": (
        operation(parameters=[HEADER]),
        r"containerImagesEdit\.X-Q: .*'patternProperties'",
    ),
    "an unknown keyword in a query": (operation(parameters=[QUERY]), "containerImagesEdit.*q"),
    "an unknown keyword in a shared header": (shared_parameter, "containerImagesEdit"),
    "no 200": (answer(typed({"type": "object"}), "201"), NO_TYPED_200),
    "a 200 without a content": (answer({}), NO_TYPED_200),
    "a 200 that is not JSON": (answer({"content": {"image/png": {}}}), NO_TYPED_200),
    "a 200 without a schema": (answer({"content": {"application/json": {}}}), NO_TYPED_200),
    "a 200 of anything": (answer(typed({})), NO_TYPED_200),
    "a 200 of anything with a title": (answer(typed({"title": "Answer"})), NO_TYPED_200),
    "no paths": (lambda document: document["paths"].clear(), "has no operations"),
    "no operations": (
        lambda document: document.update(paths={"/v1": {"description": "Nothing."}}),
        "has no operations",
    ),
    "an operationId twice": (
        operation(operationId="dedicatedImagesEdit"),
        "dedicatedImagesEdit.*(unique|two operations)",
    ),
    "no operationId": (operation(operationId=None), "operationId"),
    "another version of OpenAPI": (lambda document: document.update(openapi="2.0"), "OpenAPI"),
    "a parameter that is a document": (
        operation(parameters=[{"name": "q", "in": "query", **typed({"type": "string"})}]),
        "containerImagesEdit.q: a parameter with `content` cannot be sent",
    ),
    "an example that breaks its schema": (
        operation(
            requestBody={"content": {"application/json": {"schema": UNKNOWN, "example": {"a": 1}}}}
        ),
        r'containerImagesEdit: the example \{"a": 1\} breaks its schema: 1 is not of type',
    ),
    "an answer's example that breaks its schema": (
        answer({"content": {"application/json": {"schema": {"type": "object"}, "example": []}}}),
        r"containerImagesEdit: the example \[\] breaks its schema",
    ),
    "a bound that is no number of JSON": (
        field({"type": "number", "maximum": float("inf")}),
        "inf|JSON",
    ),
    "a reference to a part of a schema": (
        field({"$ref": "#/components/schemas/UrlImageItem/properties/url"}),
        "UrlImageItem/properties/url",
    ),
}


def assert_refused(tree: Path, reason: str) -> None:
    """Generation fails with that reason, and neither package nor temporary files changed."""
    before = snapshot(tree)
    with pytest.raises(ContractError, match=reason):
        package.generate(tree)
    assert snapshot(tree) == before


@pytest.fixture
def merged(tree: Path) -> Path:
    """A tree whose document is good without an overlay, so that any part of it can go."""
    text = yaml.safe_dump(loading.load(tree), sort_keys=False)
    (tree / DOCUMENT).write_text(text, encoding="utf-8")
    (tree / OVERLAY).write_text("overlay: 1.0.0\nactions: []\n", encoding="utf-8")
    return tree


@pytest.fixture(autouse=True)
def no_leftovers(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What is temporary goes to a directory of its own, which is empty afterwards."""
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_contract_without_a_client_is_refused(merged: Path, name: str) -> None:
    """The error says what is wrong and where; the old package stays byte for byte."""
    how, reason = REFUSED[name]
    change(merged, how)
    assert_refused(merged, reason)


def test_the_contract_that_the_refusals_start_from_is_good(merged: Path) -> None:
    """Unchanged, the merged document without an overlay is one that can be generated from."""
    package.generate(merged)
    assert [path.name for path in (merged / "generated").iterdir()] == [PACKAGE.name]


@pytest.mark.parametrize("file", [DOCUMENT, OVERLAY])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"- a list\n", "not an object"),
        (b"a: b: c\n", "cannot be read as YAML"),
        (b"\xff\xfe\x00", "cannot be read as YAML"),
        (b"a: 1\na: 2\n", "cannot be read as YAML|twice|duplicate"),
    ],
)
def test_a_file_that_is_no_yaml_object_is_refused(
    tree: Path, file: Path, content: bytes, reason: str
) -> None:
    """The error names the file; an empty document does not yield an empty client."""
    (tree / file).write_bytes(content)
    assert_refused(tree, rf"{file.name}: .*({reason})")


@pytest.mark.parametrize("file", [DOCUMENT, OVERLAY])
def test_a_missing_file_is_refused(tree: Path, file: Path) -> None:
    """The error names the file."""
    (tree / file).unlink()
    assert_refused(tree, file.name)


def test_status_codes_may_be_numbers(merged: Path) -> None:
    """YAML reads an unquoted 200 as a number: that is understood, or refused with a reason."""
    change(merged, answer(typed({"type": "object", "properties": {"id": {"type": "string"}}}), 200))
    reason = ""
    try:
        package.generate(merged)
    except ContractError as error:
        reason = str(error)
    assert reason == "" or "200" in reason


def test_settings_that_the_generator_does_not_know_are_refused(tree: Path) -> None:
    """The generator's own error is passed on."""
    (tree / SETTINGS).write_text("post_hooks: 7\n", encoding="utf-8")
    assert_refused(tree, "openapi-python-client fails")


def test_a_name_for_a_class_that_is_not_there_is_refused(tree: Path) -> None:
    """Once upstream has renamed a schema, what we called its class would be lost in silence."""
    renamed = {"class_name": "Picture", "module_name": "picture"}
    change(tree, lambda content: content.update(class_overrides={"ImageInput": renamed}), SETTINGS)
    package.generate(tree)
    assert (tree / PACKAGE / "models" / "picture.py").is_file()
    overrides = {"ImageInput": renamed, "Gone": renamed}
    change(tree, lambda content: content.update(class_overrides=overrides), SETTINGS)
    assert_refused(tree, "generator.yaml: class_overrides has Gone, and no class is called so")


def test_a_generator_that_says_something_is_refused(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is, and though it ends as if all were well: silence is what a success says."""
    tool = tmp_path / "openapi-python-client"
    tool.write_text("#!/bin/sh\necho Generating friendli_api\necho One model is lost.\n")
    tool.chmod(0o755)

    def at(name: str) -> str:
        return str(tmp_path / name)

    monkeypatch.setattr(package, "_tool", at)
    assert_refused(tree, "openapi-python-client warns:\nOne model is lost.$")


def test_a_hook_that_fails_is_refused(tree: Path) -> None:
    """A hook that the generator only warns of leaves the old package in place."""
    change(tree, lambda settings: settings.update(post_hooks=["ruff no-such-verb"]), SETTINGS)
    assert_refused(tree, "no-such-verb|post_hook")


def test_a_repair_that_upstream_made_is_refused(tree: Path) -> None:
    """An overlay action that matches nothing is named, by its number and target."""

    def repaired(document: Any) -> None:
        del document["components"]["schemas"]["B64ImageItem"]["properties"]["b64_json"]["format"]

    change(tree, repaired)
    assert_refused(tree, r"overlay\.yaml: overlay action 3 \(\$.*b64_json.*matches nothing")


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ({"target": "$.info.nowhere", "remove": True}, "matches nothing"),
        ({"target": "$.info", "update": {"version": "0.1.0"}}, "changes nothing"),
        ({"target": "$.paths['/v1/images/edits']", "remove": "yes"}, "needs `update`"),
        ("remove everything", "overlay action"),
    ],
)
def test_an_idle_or_broken_action_is_refused(tree: Path, action: Any, reason: str) -> None:
    """Whatever action is added, the error says which, and the old package stays."""
    change(tree, lambda overlay: overlay["actions"].append(action), OVERLAY)
    assert_refused(tree, f"overlay.yaml: .*{reason}")


def test_the_first_generation_that_fails_leaves_nothing(tree: Path) -> None:
    """Where there was no generated/ there is none afterwards."""
    (tree / "generated").rename(tree / "elsewhere")
    (tree / DOCUMENT).write_bytes(b"")
    assert_refused(tree, "is empty")
