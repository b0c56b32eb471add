"""A package of any operations reads what its contract allows, and what it could not is repaired."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.contract import canonical_form, loading, overlay
from scripts.contract.documents import ContractError, Json
from scripts.contract.loading import OVERLAY, ROOT
from scripts.evolution import __main__ as command
from scripts.generation import package, repairs
from tests.scripts.evolution.generated_models import unread
from tests.scripts.trees import snapshot

TEXT = {"type": "string"}
NULLABLE = {"anyOf": [TEXT, {"type": "null"}]}
BYTES = {"type": "string", "format": "binary"}


def answering(schema: Json, **further: Any) -> Json:
    """An operation with a JSON answer."""
    content = {"application/json": {"schema": schema}}
    return {"responses": {"200": {"description": "", "content": content}}, **further}


def sending(media_type: str, schema: Any) -> Json:
    return {"required": True, "content": {media_type: {"schema": schema}}}


def fields(required: list[str], **properties: Any) -> Json:
    return {"type": "object", "required": required, "properties": properties}


def referring(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


# What Friendli's document has, and a code generator takes at its word.
DOCUMENT: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Other operations", "version": "1"},
    "paths": {
        "/pictures/{id}": {
            "get": answering(
                referring("Picture"),
                operationId="picture",
                parameters=[
                    {"name": "id", "in": "path", "required": True, "schema": TEXT},
                    {
                        "name": "cursor",
                        "in": "query",
                        "schema": {"anyOf": [BYTES, {"type": "null"}]},
                    },
                    {"name": "X-Team", "in": "header", "schema": NULLABLE},
                ],
            )
        },
        "/transcriptions": {
            "post": answering(
                referring("Transcription"),
                operationId="transcribe",
                requestBody=sending("multipart/form-data", referring("TranscriptionBody")),
            )
        },
        "/embeddings": {
            "post": answering(
                referring("Embedding"),
                operationId="embed",
                requestBody=sending("application/json", referring("EmbeddingBody")),
            )
        },
    },
    "components": {
        "schemas": {
            "Picture": fields(["b64"], b64=BYTES, next={"anyOf": [BYTES, {"type": "null"}]}),
            "Transcription": fields(["text", "at"], text=TEXT, at={**TEXT, "format": "date-time"}),
            "TranscriptionBody": fields(
                ["file"],
                file=BYTES,
                more={"type": "array", "items": BYTES},
                language=NULLABLE,
                strategy={"anyOf": [referring("Strategy"), {"type": "null"}]},
            ),
            "Strategy": fields(["kind"], kind=TEXT, sample={**BYTES}),
            "Embedding": fields(
                ["embedding"],
                embedding={"anyOf": [BYTES, {"type": "array", "items": {"type": "number"}}]},
                pairs={"type": "array", "items": {"type": "array", "items": BYTES}},
            ),
            "EmbeddingBody": fields(["input"], input=NULLABLE),
        }
    },
}
REPAIRED = canonical_form.of(
    overlay.apply(
        canonical_form.of(DOCUMENT),
        {"overlay": "1.0.0", "actions": repairs.of(canonical_form.of(DOCUMENT))},
    )
)


@pytest.mark.slow
def test_every_model_reads_its_examples(tmp_path: Path) -> None:
    """Bytes in JSON, forms, nulls and times: read, written and sent as the contract has them."""
    source = tmp_path / "openapi.yaml"
    source.write_text(yaml.safe_dump(DOCUMENT, sort_keys=False), encoding="utf-8")
    root = tmp_path / "tree"
    assert command.main([str(source), "--all-tags", "--output", str(root)]) == 0
    assert unread(root) == (6, {})


def test_the_committed_models_read_their_examples() -> None:
    """Those of the image operations."""
    assert unread(ROOT) == (9, {})


def test_bytes_stay_where_a_form_has_a_file() -> None:
    """The file, and a list of files, of a form are bytes; in a part that is JSON they are text."""
    schemas = REPAIRED["components"]["schemas"]
    assert schemas["TranscriptionBody"]["properties"]["file"] == BYTES
    assert schemas["TranscriptionBody"]["properties"]["more"]["items"] == BYTES
    assert schemas["Strategy"]["properties"]["sample"] == TEXT


def test_nothing_can_be_null_that_has_no_null() -> None:
    """A header and the parts of a form are sent or left out; JSON and a query keep their null."""
    body = REPAIRED["components"]["schemas"]["TranscriptionBody"]["properties"]
    assert body["language"] == TEXT
    assert body["strategy"] == referring("Strategy")
    cursor, header = (
        one["schema"]
        for one in sorted(
            (
                one
                for one in REPAIRED["paths"]["/pictures/{id}"]["get"]["parameters"]
                if one["in"] != "path"
            ),
            key=lambda one: one["name"] == "X-Team",
        )
    )
    assert (cursor, header) == (NULLABLE, TEXT)
    assert REPAIRED["components"]["schemas"]["EmbeddingBody"]["properties"]["input"] == NULLABLE


def test_what_is_repaired_needs_no_repair() -> None:
    """Nor does the contract of the images, whose overlay repairs it by hand."""
    assert repairs.of(REPAIRED) == []
    assert repairs.of(loading.load(ROOT)) == []


def test_what_allows_nothing_or_anything_needs_no_repair() -> None:
    """Schemas that are no objects, in forms, lists and fields."""
    document = json.loads(json.dumps(DOCUMENT))
    pair = {"type": "array", "prefixItems": [BYTES, False], "items": False}
    schemas = document["components"]["schemas"]
    schemas["Picture"]["properties"] |= {"pair": pair, "none": False, "any": True}
    schemas["TranscriptionBody"]["properties"] |= {"none": False, "any": True}
    paths = document["paths"]
    paths["/embeddings"]["post"]["requestBody"] = sending("multipart/form-data", True)
    found = [action["target"] for action in repairs.of(canonical_form.of(document))]
    place = "$.components.schemas.Picture.properties.pair.prefixItems"
    assert f"{place}[?@.format=='binary'].format" in found


def test_a_schema_of_json_and_of_a_form_is_jsons() -> None:
    """A null in it can be sent, and its bytes cannot."""
    document = json.loads(json.dumps(DOCUMENT))
    content = document["paths"]["/transcriptions"]["post"]["requestBody"]["content"]
    content["application/json"] = content["multipart/form-data"]
    found = [action["target"] for action in repairs.of(canonical_form.of(document))]
    place = "$.components.schemas.TranscriptionBody.properties"
    assert f"{place}.file.format" in found
    assert [target for target in found if target.startswith(f"{place}[")] == []


@pytest.mark.parametrize("number", range(3))
def test_a_contract_that_lacks_a_repair_is_refused(tree: Path, number: int) -> None:
    """One line with the action to add, and nothing is written."""
    overlaid = tree / OVERLAY
    actions = yaml.safe_load(overlaid.read_text(encoding="utf-8"))
    places = ("b64_json.format", "image.format", "=='null']")
    removed = [
        action
        for action in actions["actions"]
        if action["target"].endswith(places[number]) and action.get("remove")
    ]
    assert len(removed) == 1
    actions["actions"].remove(removed[0])
    # The one has no place to stand without the other, where the format is gone.
    overlaid.write_text(yaml.safe_dump(actions, sort_keys=False), encoding="utf-8")
    before = snapshot(tree)
    with pytest.raises(ContractError, match=r"lacks a repair, add the action {\"target\": \"\$\."):
        package.generate(tree)
    assert snapshot(tree) == before
