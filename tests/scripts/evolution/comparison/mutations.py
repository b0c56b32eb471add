"""Small changes of operations and schemas, and what is to be said of each."""

import copy
from typing import Any

from tests.scripts.evolution.contracts import (
    Mutation,
    compared,
    found,
    mutated,
    operation,
    probing,
    schema,
)

# A change; its place, its words, its meaning, the version step, and what the facade does.
Judged = tuple[Mutation, str, str, str, str, str]
TEXT = {"type": "string"}
GENERATE = "containerImagesGenerate"
DEDICATED = "dedicatedImagesGenerate"
HEADER = {"name": "X-Trace", "in": "header", "schema": TEXT}


def of(name: str, **parts: Any) -> Mutation:
    """Parts of an operation, replaced."""
    return lambda document: operation(document, name).update(copy.deepcopy(parts))


def without(name: str, *path: str) -> Mutation:
    """An operation less what lies at a path in it."""

    def how(document: Any) -> None:
        part = operation(document, name)
        for key in path[:-1]:
            part = part[key]
        del part[path[-1]]

    return how


def field(name: str, key: str, how: Mutation) -> Mutation:
    """A property of a schema, changed."""
    return lambda document: how(schema(document, name)["properties"][key])


def removed(name: str, key: str) -> Mutation:
    """A schema less one of its properties."""

    def how(document: Any) -> None:
        del schema(document, name)["properties"][key]
        required = schema(document, name)["required"]
        schema(document, name)["required"] = [one for one in required if one != key]

    return how


def required(name: str, *keys: str) -> Mutation:
    return lambda document: schema(document, name).update(required=list(keys))


def moved(old: str, new: str) -> Mutation:
    """A path under another name."""
    return lambda document: document["paths"].update({new: document["paths"].pop(old)})


def put(document: Any) -> None:
    item = document["paths"]["/v1/images/generations"]
    item["put"] = item.pop("post")


def operation_removed(document: Any) -> None:
    del document["paths"]["/v1/images/edits"]


def operation_added(document: Any) -> None:
    item = copy.deepcopy(document["paths"]["/v1/images/edits"])
    item["post"]["operationId"] = "containerImagesVary"
    document["paths"]["/v1/images/variations"] = item


def media_type(part: Any, name: str) -> None:
    part["content"][name] = {"schema": TEXT}


def bearer_to_key(document: Any) -> None:
    scheme = {"type": "apiKey", "in": "header", "name": "X-Key"}
    document["components"]["securitySchemes"]["token"] = scheme


def response(code: str, content: Any) -> Mutation:
    def how(document: Any) -> None:
        operation(document, GENERATE)["responses"][code] = {"description": "", **content}

    return how


TYPED = {"content": {"application/json": {"schema": TEXT}}}


def assert_judged(expected: Judged, before: Mutation | None = None) -> None:
    """The change alone is noted; of the contract, or of the contract after another change."""
    how, place, words, meaning, step, facade = expected
    noted = found(how, before)
    assert {change.place for change in noted} == {place}
    assert {change.meaning for change in noted} == {meaning}
    assert {change.step for change in noted} == {step}
    assert words in noted[0].words
    assert any(facade in change.facade for change in noted)


def listed(items: Any, **more: Any) -> Any:
    return {"type": "array", "items": items, **more}


def judged(where: str, old: Any, new: Any) -> list[tuple[str, str, str]]:
    """Place, words and meaning of each change from one property to another."""
    before, after = (mutated(probing(where, probe)) for probe in (old, new))
    changes = compared(before, after)
    assert all(change.operations for change in changes)
    return [(change.place, change.words, change.meaning) for change in changes]
