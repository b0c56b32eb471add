"""Changes of schemas that others refer to: shared, named, far away, in a circle."""

import itertools
from typing import Any

from tests.scripts.evolution.comparison.mutations import judged, listed
from tests.scripts.evolution.contracts import (
    ANSWER,
    COMPATIBLE,
    MERGED,
    REQUEST,
    REQUESTS,
    compared,
    mutated,
    probing,
    schema,
)

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
IMAGE = {"$ref": "#/components/schemas/ImageInput"}


def test_several_changes_of_one_field_are_reported_apart() -> None:
    """An enum that lost one value and won another is a breaking and a compatible change."""
    found = judged(REQUEST, {"enum": ["a", "b"]}, {"enum": ["b", "c"]})
    assert [(said, meaning) for _, said, meaning in found] == [
        ('"a" was removed from the values', REQUESTS),
        ('"c" was added to the values', COMPATIBLE),
    ]


def test_schemas_in_a_circle_are_compared() -> None:
    """A schema that contains itself ends the comparison, and its changes are found."""

    def tree(kids: Any) -> Any:
        def how(document: Any) -> None:
            document["components"]["schemas"]["Tree"] = {"type": "object", "properties": kids}
            probing(REQUEST, {"$ref": "#/components/schemas/Tree"})(document)

        return how

    inner = listed({"$ref": "#/components/schemas/Tree"})
    before = mutated(tree({"kids": inner, "name": TEXT}))
    after = mutated(tree({"kids": inner, "name": WHOLE}))
    [change] = compared(before, after)
    assert (change.place, change.meaning) == ("Tree.name", REQUESTS)


def test_a_shared_schema_is_reported_once_for_each_direction() -> None:
    """ImageInput, made part of an answer too: one mutation, a judgement for each direction."""
    before = mutated(probing(ANSWER, IMAGE))

    def how(document: Any) -> None:
        schema(document, "ImageInput")["properties"]["image"]["maxLength"] = 9

    found = compared(before, mutated(how, before))
    assert {change.place for change in found} == {"ImageInput.image"}
    assert {change.meaning for change in found} == {REQUESTS, COMPATIBLE}
    [answer] = [change for change in found if change.meaning == COMPATIBLE]
    assert answer.operations == ("containerImagesEdit", "containerImagesGenerate")


def test_a_schema_under_another_name_is_the_same() -> None:
    """The wire is as it was; the generated class has another name, and that is said."""

    def how(document: Any) -> None:
        schemas = document["components"]["schemas"]
        schemas["Picture"] = schemas.pop("ImageInput")
        text = "#/components/schemas/ImageInput"
        for name in ("DedicatedImageGenerationBody", REQUEST):
            images = schemas[name]["properties"]["control_images"]["anyOf"][0]
            assert images["items"]["$ref"] == text
            images["items"]["$ref"] = "#/components/schemas/Picture"
        for name in ("DedicatedImageEditBody", "ContainerImageEditBody"):
            one, many = schemas[name]["properties"]["image"]["anyOf"]
            one["$ref"] = many["items"]["$ref"] = "#/components/schemas/Picture"

    noted = compared(MERGED, mutated(how))
    assert {change.words for change in noted} == {"is now Picture, where it was ImageInput"}
    assert {change.step for change in noted} == {"patch"}
    assert {change.facade for change in noted} == {"import the generated model under its new name"}


def test_an_enum_that_got_a_name_is_the_same() -> None:
    """What stood in place and is a schema of its own now allows the same values."""

    def how(document: Any) -> None:
        [formats, _] = schema(document, REQUEST)["properties"]["response_format"]["anyOf"]
        document["components"]["schemas"]["Format"] = dict(formats)
        formats.clear()
        formats["$ref"] = "#/components/schemas/Format"

    assert compared(MERGED, mutated(how)) == []


def test_a_change_far_away_is_found() -> None:
    """Of a chain of schemas the last is changed: those before it are not taken for the same."""

    def chain(last: Any) -> Any:
        def how(document: Any) -> None:
            names = ["First", "Second", "Third", "Fourth"]
            for name, following in itertools.pairwise(names):
                properties = {"next": {"$ref": f"#/components/schemas/{following}"}}
                inner = {"type": "object", "properties": properties}
                document["components"]["schemas"][name] = inner
            inner = {"type": "object", "properties": {"last": last}}
            document["components"]["schemas"]["Fourth"] = inner
            probing(REQUEST, {"$ref": "#/components/schemas/First"})(document)

        return how

    [change] = compared(mutated(chain(TEXT)), mutated(chain({**TEXT, "maxLength": 3})))
    assert (change.place, change.meaning) == ("Fourth.last", REQUESTS)


def test_a_union_with_itself_ends() -> None:
    """A schema that names itself as its own alternative allows what its others do."""

    def union(other: Any) -> Any:
        def how(document: Any) -> None:
            alternatives = [other, {"$ref": "#/components/schemas/Loop"}]
            document["components"]["schemas"]["Loop"] = {"anyOf": alternatives}
            probing(REQUEST, {"$ref": "#/components/schemas/Loop"})(document)

        return how

    found = compared(mutated(union(TEXT)), mutated(union({**TEXT, "maxLength": 3})))
    assert REQUESTS in {change.meaning for change in found}


def test_a_default_by_reference_is_a_default() -> None:
    """What the schema that a field refers to says of it counts, unless the field says it itself."""

    def kept(inner: Any, **own: Any) -> Any:
        def how(document: Any) -> None:
            probe = {"type": "object", "default": inner}
            document["components"]["schemas"]["Probe"] = probe
            field = {"$ref": "#/components/schemas/Probe", **own}
            probing(REQUEST, field)(document)

        return mutated(how, MERGED)

    [change] = compared(kept({"a": 1}), kept({"a": 2}))
    assert change.words == 'the default changed from {"a": 1} to {"a": 2}'
    assert compared(kept({"a": 1}, default={}), kept({"a": 2}, default={})) == []
