"""What the command line is told of the contract."""

from pathlib import Path
from typing import Any

import pytest

from scripts.contract import canonical_form
from scripts.contract.documents import Json
from scripts.contract.loading import ROOT
from scripts.generation import command_line
from tests.scripts.evolution.contracts import mutated, operation, schema

TEXT = {"type": "string"}
NULL = {"type": "null"}
PICTURE = {"$ref": "#/components/schemas/ImageInput"}

# A field of the contract, and all that is not usual of it.
FIELDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "anything": ({}, {"kind": "json"}),
    "an object": ({"type": "object"}, {"kind": "json"}),
    "a text": ({**TEXT, "minLength": 2}, {"rule": "must have at least 2 characters"}),
    "a flag": ({"type": "boolean", "default": False}, {"kind": "boolean", "default": False}),
    "a number": ({"type": "number"}, {"kind": "number"}),
    "a whole number or null": (
        {"anyOf": [{"type": "integer", "maximum": 3}, NULL]},
        {"kind": "integer", "nullable": True, "rule": "at most 3"},
    ),
    "some texts": ({**TEXT, "enum": ["b", "a"]}, {"choices": ("a", "b")}),
    "texts of some": (
        {"type": "array", "items": {**TEXT, "enum": ["b"]}},
        {"holds": "many", "choices": ("b",)},
    ),
    "a picture": (PICTURE, {"kind": "picture"}),
    "pictures": ({"type": "array", "items": PICTURE}, {"kind": "picture", "holds": "many"}),
    "a picture or some": (
        {"anyOf": [PICTURE, {"type": "array", "items": PICTURE}]},
        {"kind": "picture", "holds": "one or many"},
    ),
    "a text or some": (
        {"anyOf": [TEXT, {"type": "array", "items": TEXT}]},
        {"kind": "json"},
    ),
    "a text or a number": ({"type": ["string", "number"]}, {"kind": "json"}),
    "a list of anything": ({"type": "array"}, {"kind": "json", "holds": "many"}),
    "words": ({**TEXT, "description": "Two\n  lines. "}, {"description": "Two lines."}),
}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The operations of a contract that has those fields, a header and a required argument."""

    def how(document: Any) -> None:
        body = schema(document, "ContainerImageEditBody")
        body["properties"] = {name: field for name, (field, _) in FIELDS.items()}
        body["properties"]["needed"] = TEXT
        body["required"] = ["needed"]
        edit = operation(document, "containerImagesEdit")
        header = {"anyOf": [TEXT, NULL]}
        edit["parameters"] = [{"name": "X-Trace", "in": "header", "schema": header}]
        edit["requestBody"]["content"]["application/json"].pop("example", None)

    document = canonical_form.of(mutated(how))

    def load(root: Path) -> Json:
        return document

    monkeypatch.setattr(command_line, "load", load)
    found: dict[str, Any] = {}
    exec(command_line.source(ROOT), found)
    operations: dict[str, Any] = found["OPERATIONS"]
    return operations


def test_each_field_is_told_as_it_is_given(told: dict[str, Any]) -> None:
    """Its kind, how many it takes, which values and bounds it has; what is usual is left out."""
    usual = told["container.generate"].fields[0]._field_defaults
    fields = {field.name: field._asdict() for field in told["container.edit"].fields}
    for name, (_, facts) in FIELDS.items():
        assert fields[name] == usual | {"name": name} | facts
    assert fields["needed"] == usual | {"name": "needed", "required": True}
    # A header is sent or left out: there is no null that it could be.
    assert fields["x_trace"] == usual | {"name": "x_trace", "in_body": False}


def test_what_a_call_must_have_comes_first(told: dict[str, Any]) -> None:
    """Then the contract's order: headers, and the fields of the body."""
    names = [field.name for field in told["container.edit"].fields]
    assert names == ["needed", "x_trace", *sorted(FIELDS)]


def test_an_operation_is_told_by_its_name(told: dict[str, Any]) -> None:
    """With what it does, in a line, and whether it needs a token."""
    assert [(one.name, one.needs_token) for one in told.values()] == [
        ("dedicatedImagesEdit", True),
        ("dedicatedImagesGenerate", True),
        ("containerImagesEdit", False),
        ("containerImagesGenerate", False),
    ]
    assert all(one.summary for one in told.values())


def test_the_file_is_written_and_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not there, or says something else, is stale until it is written."""

    def source(root: Path) -> str:
        return f"# of {root.name}: é\n"

    monkeypatch.setattr(command_line, "source", source)
    path = tmp_path / command_line.PATH
    path.parent.mkdir(parents=True)
    assert command_line.differences(tmp_path) == [command_line.PATH.as_posix()]
    command_line.write(tmp_path)
    assert path.read_text(encoding="utf-8") == f"# of {tmp_path.name}: é\n"
    assert command_line.differences(tmp_path) == []
    assert (ROOT / command_line.PATH).is_file()
