"""What the overlay protects callers from stays protected, or nothing is written."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.scripts.evolution.contracts import Mutation, operation, schema
from tests.scripts.trees import snapshot

from .conftest import Sync, Upstream

pytestmark = pytest.mark.slow

Output = pytest.CaptureFixture[str]
BODIES = ("DedicatedImageGenerationBody", "ContainerImageGenerationBody")
LIST = {"type": "array", "items": {"type": "number"}}
NULLABLE = {"anyOf": [LIST, {"type": "null"}]}


def weights(written: Any, *, of: tuple[str, ...] = BODIES[:1], **named: Any) -> Mutation:
    """`controlnet_weights` in other words."""

    def how(document: Any) -> None:
        document["components"]["schemas"] |= copy.deepcopy(named)
        for name in of:
            schema(document, name)["properties"]["controlnet_weights"] = copy.deepcopy(written)

    return how


# Each says what upstream says now; the range used to go from all of them but the last.
SPELLINGS: dict[str, Mutation] = {
    "a list of types": weights({"type": ["array", "null"], "items": {"type": "number"}}),
    "a reference": weights({"$ref": "#/components/schemas/Weights"}, Weights=NULLABLE),
    "a reference in a union": weights(
        {"anyOf": [{"$ref": "#/components/schemas/Weights"}, {"type": "null"}]}, Weights=LIST
    ),
    "an allOf": weights({"allOf": [NULLABLE]}),
    "an allOf in a union": weights({"anyOf": [{"allOf": [LIST]}, {"type": "null"}]}),
    "oneOf": weights({"oneOf": [{"type": "null"}, LIST]}),
    "a union in a union": weights({"anyOf": [{"anyOf": [LIST]}, {"type": "null"}]}),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_spelling_takes_no_range_away(
    run: Sync, upstream: Upstream, capsys: Output, name: str
) -> None:
    """Weights that are written otherwise are the same weights, and keep their range."""
    assert run(upstream(SPELLINGS[name]), "--check") == 0
    assert capsys.readouterr().out.startswith("The contract agrees with")


def multipart(document: Any) -> None:
    """The JSON body of one operation became a form."""
    content = operation(document, "dedicatedImagesEdit")["requestBody"]["content"]
    content["multipart/form-data"] = content.pop("application/json")


def unions_of_pairs(document: Any) -> None:
    """One of the two kinds of weights became pairs of numbers."""
    pair = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}
    weights({"oneOf": [pair, {**LIST, "minItems": 1}]})(document)


# A change under which an action of ours fits fewer places, and what is said of it.
LOST: dict[str, tuple[Mutation, str]] = {
    "a body that became a form": (
        multipart,
        "post.requestBody.content['application/json']): matches nothing",
    ),
    "weights that may not be null": (
        weights(LIST),
        "controlnet_weights.anyOf[?@.type=='array'].items): fits 1 of the 2 places",
    ),
    "weights of another kind": (unions_of_pairs, "fits 1 of the 2 places"),
    "a header of one operation less": (
        lambda document: operation(document, "dedicatedImagesEdit").pop("parameters"),
        "parameters[?@.in=='header'].schema.anyOf[?@.type=='null']): fits 1 of the 2 places",
    ),
    "a name for a type that is not listed any more": (
        lambda document: schema(document, BODIES[0])["properties"].update(
            response_format={"anyOf": [{"type": "string"}, {"type": "null"}]}
        ),
        "response_format.anyOf[?@.enum]): fits 3 of the 4 places",
    ),
    "an answer that says nothing of its formats": (
        lambda document: schema(document, "UrlImageItem")["properties"]["response_format"].pop(
            "enum"
        ),
        "response_format.enum): fits 1 of the 2 places",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_a_repair_that_is_lost_anywhere_is_an_obstacle(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output, name: str
) -> None:
    """Nothing is written before somebody has looked at the action."""
    how, words = LOST[name]
    before = snapshot(tree)
    assert run(upstream(how)) == 2
    assert words in capsys.readouterr().out
    assert snapshot(tree) == before


@pytest.mark.parametrize(
    "update",
    [{"type": ["integer", 3]}, {"items": 3}, {"maximum": "50"}],
)
def test_an_overlay_that_writes_no_schema_is_refused_in_one_line(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output, update: Any
) -> None:
    """The line says what is wrong with what it made, and where; nothing is written."""
    steps = f"components/schemas/{BODIES[0]}/properties/num_inference_steps"
    path = tree / "openapi" / "overlay.yaml"
    actions = yaml.safe_load(path.read_text(encoding="utf-8"))
    actions["actions"].append({"target": f"$.{steps.replace('/', '.')}", "update": update})
    path.write_text(yaml.safe_dump(actions, sort_keys=False), encoding="utf-8")
    before = snapshot(tree)
    assert run(upstream(weights(LIST, of=BODIES))) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "not valid OpenAPI 3.1: at " in line
    assert "num_inference_steps" in line
    assert snapshot(tree) == before


def test_a_form_in_place_of_json_breaks_callers(
    run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """The overlay does not bring the old body back, so the report says what upstream did."""
    run(upstream(multipart), "--dry-run")
    said = capsys.readouterr().out
    assert "Version step: major" in said
    assert "- `dedicatedImagesEdit.body` (dedicatedImagesEdit): application/json was rem" in said


def test_an_action_that_fits_more_places_is_named_by_a_gate(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """A new field under an old name is repaired with the others, and somebody shall look."""
    from scripts.contract import loading

    def how(document: Any) -> None:
        steps = {"type": "integer", "default": 20}
        schema(document, "ImageInput")["properties"]["num_inference_steps"] = steps

    assert loading.wider(tree) == []
    assert run(upstream(how)) == 0
    assert [line.partition(":")[2] for line in loading.wider(tree)] == [
        " fits 5 places: see that it is meant for all of them, and give it `x-fits: 5`"
    ] * 2
    capsys.readouterr()
