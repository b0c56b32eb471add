"""The gate that compares each operation's function with its contract."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pytest

from friendli_facade import models
from friendli_facade._inputs.image_source import ImageSource
from friendli_facade._requests.calls import Call, describe
from friendli_facade.operations.dedicated import DedicatedImage
from friendli_facade.utils import UNSET, Unset
from scripts.gates import signatures
from scripts.gates.signatures import Function
from tests.scripts.gates.contracts import Change, changed, merged

PLACE = "friendli_facade.operations.dedicated.generate"
NAME = "dedicatedImagesGenerate"
FORMATS = {"response_format": {"type": "string", "enum": ["url", "raw", "png", "jpeg", "webp"]}}


def found(document: dict[str, Any], generate: Function = DedicatedImage.generate) -> list[str]:
    """The gate's lines, for the facade with another dedicated.generate."""
    return signatures.problems(document, {**signatures.functions(), "dedicated.generate": generate})


def properties(**schemas: Any) -> Change:
    """Adds or replaces properties."""
    return lambda body: body["properties"].update(schemas)


def without(name: str) -> Change:
    """Deletes a property, and its being required."""

    def change(body: Any) -> None:
        del body["properties"][name]
        body["required"] = [one for one in body["required"] if one != name]

    return change


def test_the_facade_has_what_its_contract_has() -> None:
    """There is nothing to say of the project as it stands, and four functions were compared."""
    assert found(merged()) == []
    assert sorted(signatures.functions()) == [
        "container.edit",
        "container.generate",
        "dedicated.edit",
        "dedicated.generate",
    ]


CHANGES: dict[str, tuple[Change, str]] = {
    "a new property": (
        properties(argument_of_tomorrow={"type": "string"}),
        f"`argument_of_tomorrow` is in {NAME}'s contract and not in {PLACE}: add the argument",
    ),
    "a property that is gone": (
        without("seed"),
        f"`seed` is in {PLACE} and not in {NAME}'s contract: delete the argument",
    ),
    "a property that became required": (
        lambda body: body["required"].append("seed"),
        f"`seed` of {PLACE} is required by {NAME}'s contract: delete its default",
    ),
    "a property that became optional": (
        lambda body: body["required"].remove("model"),
        f"`model` of {PLACE} is optional in {NAME}'s contract: give it a default",
    ),
    "another type": (
        properties(num_inference_steps={"type": "number"}),
        f"`num_inference_steps` of {PLACE} is not declared as its contract has it: "
        "make it `float | None | Unset`",
    ),
    "another item": (
        properties(controlnet_weights={"type": "array", "items": {"type": "integer"}}),
        f"`controlnet_weights` of {PLACE} is not declared as its contract has it: "
        "make it `Sequence[int] | None | Unset`",
    ),
    "another enum": (
        properties(**FORMATS),
        f"`response_format` of {PLACE} is not declared as its contract has it: "
        "make it `Literal['jpeg', 'png', 'raw', 'url', 'webp'] | None | Unset`",
    ),
    "a value of any type": (
        properties(num_inference_steps={}),
        f"`num_inference_steps` of {PLACE} is not declared as its contract has it: "
        "make it `Any | None | Unset`",
    ),
    "a list that became one picture": (
        properties(control_images={"$ref": "#/components/schemas/ImageInput"}),
        f"`control_images` of {PLACE} is not declared as its contract has it: "
        "make it `ImageSource | None | Unset`",
    ),
    "a required property that became nullable": (
        properties(model={"type": ["string", "null"]}),
        f"`model` of {PLACE} is not declared as its contract has it: make it `str | None`",
    ),
    "an optional property that became nullable": (
        properties(num_inference_steps={"type": ["integer", "null"]}),
        f"`num_inference_steps=None` of {PLACE} is not sent, "
        "and the contract has a null for it: pass it on as it is",
    ),
    "a property that is no longer nullable": (
        properties(seed={"type": "integer"}),
        f"`seed=None` of {PLACE} is sent, and the contract has no null for it: "
        "leave it out of the body",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_contract_is_named_with_what_to_do(name: str) -> None:
    """One change of the contract is one line that names the argument and the repair."""
    change, line = CHANGES[name]
    assert line in found(changed(change))


def test_changes_are_named_together() -> None:
    """An argument that is gone keeps none behind it from being compared."""
    changes = [CHANGES[name] for name in ("a property that is gone", "another item")]

    def how(body: Any) -> None:
        for change, _ in changes:
            change(body)

    assert {line for _, line in changes} <= {*found(changed(how))}


def test_a_new_operation_is_named() -> None:
    """An operation without a function is missing in the facade."""
    document = merged()
    post = document["paths"]["/v1/images/edits"]["post"]
    document["paths"]["/v1/images/upscales"] = {
        "post": {**post, "operationId": "containerImagesUpscale"}
    }
    assert found(document) == [
        "containerImagesUpscale is in the contract and friendli_facade.operations.container.upscale"
        " is missing: declare it"
    ]


def test_an_operation_that_is_gone_is_named() -> None:
    """A function without an operation shall go."""
    document = merged()
    del document["paths"]["/v1/images/edits"]
    assert found(document) == [
        "friendli_facade.operations.container.edit has no operation in the contract: delete it"
    ]


def test_a_new_header_is_an_argument() -> None:
    """A header of the contract is compared under Python's spelling of its name."""
    document = merged()
    operation = document["paths"]["/v1/images/edits"]["post"]
    operation["parameters"] = [{"name": "X-Trace-Id", "in": "header", "schema": {"type": "string"}}]
    assert found(document) == [
        "`x_trace_id` is in containerImagesEdit's contract and not in "
        "friendli_facade.operations.container.edit: add the argument"
    ]


def test_what_nobody_gave_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A right signature is not enough: the body holds what was given, and nothing else."""

    def defaulting(operation: str, arguments: Mapping[str, Any]) -> Call:
        return describe(operation, {"num_inference_steps": 20, **arguments})

    monkeypatch.setattr(signatures, "describe", defaulting)
    assert (
        f"{NAME} sends ['num_inference_steps'], though nobody asked: leave it to the server"
    ) in found(merged())


def declared(
    self: object,
    model: str,
    prompt: str,
    *,
    x_friendli_team: str | None = None,
    num_inference_steps: int | None = 20,
    guidance_scale: float | int | None | Unset = UNSET,
    seed: int | Unset = UNSET,
    response_format: Literal["raw"] | None | Unset = UNSET,
    control_images: list[ImageSource] | None | Unset = UNSET,
    controlnet_weights: Sequence[float] | None | Unset = UNSET,
    retries: object = None,
    server_url: str | None = None,
    timeout: float | None = None,
) -> models.DedicatedImageGenerateSuccess:
    raise AssertionError("it is looked at, and not called")


def test_every_wrong_declaration_is_named() -> None:
    """All differences of a signature come at once, and a list for a sequence is none."""
    wrong = "is not declared as its contract has it: make it"
    expected = [
        f"`http_headers` is an option of every call and not in {PLACE}: add the argument",
        f"`model` of {PLACE} can be given without its name: put it behind the `*`",
        f"`prompt` of {PLACE} can be given without its name: put it behind the `*`",
        f"`num_inference_steps` of {PLACE} has a default of its own: "
        "make it UNSET, and the server's counts",
        f"`num_inference_steps` of {PLACE} {wrong} `int | None | Unset`",
        f"`seed` of {PLACE} {wrong} `int | None | Unset`",
        f"`response_format` of {PLACE} {wrong} "
        "`Literal['jpeg', 'jpg', 'png', 'raw', 'url'] | None | Unset`",
    ]
    assert [line for line in found(merged(), declared) if line in expected] == expected


def test_an_annotation_may_be_text() -> None:
    """As it is in a module that puts off what its annotations mean."""

    def generate(self: object, *, model: Any, prompt: Any) -> None:
        raise AssertionError

    generate.__annotations__ = {"model": "str", "prompt": "float"}
    named = [line for line in found(merged(), generate) if "is not declared as its" in line]
    assert named == [
        f"`prompt` of {PLACE} is not declared as its contract has it: make it `str`",
    ]
