"""The gate of calls: what the contract takes is sent, what it answers is read."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from friendli_facade import _sender
from scripts.contract import canonical_form
from scripts.contract.documents import Json
from scripts.gates import calls
from tests.scripts.evolution.contracts import operation, schema
from tests.scripts.gates.contracts import merged

Change = Callable[[Any], object]
EDIT = "containerImagesEdit"
DEDICATED = "dedicatedImagesGenerate"
RESULTS = "mend friendli_facade/_answers/results.py"
TEXT = {"type": "string"}
NULLABLE = {"type": ["string", "null"]}


def found(change: Change) -> list[str]:
    """What the gate says of a changed contract."""
    document: Json = merged()
    change(document)
    return calls.problems(canonical_form.of(document))


def field(name: str, **parts: Any) -> Change:
    """A schema with other properties, or with more."""
    return lambda document: schema(document, name)["properties"].update(parts)


def scheme(**parts: Any) -> Change:
    def how(document: Any) -> None:
        document["components"]["securitySchemes"]["token"] = parts

    return how


def removed(name: str, key: str) -> Change:
    def how(document: Any) -> None:
        del schema(document, name)["properties"][key]
        schema(document, name)["required"].remove(key)

    return how


def header(name: str) -> Change:
    parameter = {"name": name, "in": "header", "required": True, "schema": TEXT}
    return lambda document: operation(document, DEDICATED)["parameters"].append(parameter)


def test_the_client_does_all_that_the_contract_says() -> None:
    """Nothing to be said of the contract as it is."""
    assert found(lambda document: None) == []


# A change of the contract, and what of the client no longer fits.
CHANGES: dict[str, tuple[Change, str]] = {
    "a key in place of a token": (
        scheme(type="apiKey", **{"in": "header"}, name="X-Key"),
        'dedicatedImagesEdit: asks for {"token": {"name": "X-Key"',
    ),
    "a key in the query": (
        scheme(type="apiKey", **{"in": "query"}, name="key"),
        "that is not what is sent",
    ),
    "basic authentication": (scheme(type="http", scheme="basic"), '"scheme": "basic"'),
    "a scope": (
        lambda document: operation(document, DEDICATED).update(security=[{"token": ["images"]}]),
        f"{DEDICATED}: asks for",
    ),
    "a URL that may be null": (
        field("UrlImageItem", url=NULLABLE),
        "dedicatedImagesEdit: the answer {'data': [",
    ),
    "base64 that may be null": (
        field("B64ImageItem", b64_json={**NULLABLE, "contentEncoding": "base64"}),
        "is not read",
    ),
    "a seed that may be null": (
        field("UrlImageItem", seed={"type": ["integer", "null"]}),
        "is not read",
    ),
    "a picture that may be null": (
        field("ImageGenerationContainerResult", image=NULLABLE),
        f"{EDIT}: the answer {{'image': None}} is not read",
    ),
    "an answer without its seed": (removed("UrlImageItem", "seed"), "is not read"),
    "an answer without its picture": (
        removed("ImageGenerationContainerResult", "image"),
        f"{EDIT}: the answer {{}} is not read",
    ),
    "a seed that may be missing": (
        lambda document: schema(document, "B64ImageItem")["required"].remove("seed"),
        "is not read",
    ),
    "a new field of an item": (
        field("UrlImageItem", cost={"type": "number"}),
        "the answer's data has `cost`, and its result has not",
    ),
    "a new field of an answer": (
        field("ImageGenerationContainerResult", seed={"type": "integer"}),
        f"{EDIT}: the answer has `seed`, and its result has not: {RESULTS}",
    ),
    "a URL that is only sent": (
        field("UrlImageItem", url={**TEXT, "writeOnly": True}),
        "dedicatedImagesEdit: the answer {'data': [",
    ),
    "a picture that is only sent": (
        field("ImageGenerationContainerResult", image={**TEXT, "writeOnly": True}),
        f"{EDIT}: the answer {{}} is not read",
    ),
    "a seed that is text": (field("UrlImageItem", seed=TEXT), "is not read"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_the_client_does_not_do_yet_is_named(name: str) -> None:
    """Each change of credentials or answers that needs work is a line with what to mend."""
    change, words = CHANGES[name]
    lines = found(change)
    assert any(words in line for line in lines), lines
    assert all("mend friendli_facade/" in line for line in lines)


def test_an_argument_that_is_declared_and_not_sent_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A method that takes an argument and drops it is found out, in the body and in a header."""
    send = _sender.SyncSender.send

    def forgetful(self: Any, kind: Any, name: str, **given: Any) -> Any:
        return send(self, kind, name, **given | {"seed": None, "x_friendli_team": None})

    monkeypatch.setattr(_sender.SyncSender, "send", forgetful)
    lines = found(lambda document: None)
    assert f"{DEDICATED}: `seed` is not sent: mend friendli_facade/_requests/calls.py" in lines
    assert any(f"{DEDICATED}: header parameter X-Friendli-Team is not sent" in one for one in lines)


def test_what_is_only_sent_is_in_no_answer() -> None:
    """A result needs no such field, whether it is required or not, at any depth."""
    sent = {**TEXT, "writeOnly": True}
    for required in (["note"], []):

        def how(document: Any, required: list[str] = required) -> None:
            item = schema(document, "UrlImageItem")
            item["properties"]["note"] = sent
            item["required"] += required

        assert found(how) == []
    inner = {"type": "object", "properties": {"note": sent, "cost": {"type": "number"}}}
    lines = found(field("UrlImageItem", meta=inner))
    assert any("the answer's data has `meta`, and its result has not" in line for line in lines)
    assert not any("note" in line for line in lines)


def test_what_a_result_lacks_of_an_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that are lost, values that are others, and a picture that is in neither form."""
    send = _sender.SyncSender.send

    def losing(self: Any, kind: Any, name: str, **given: Any) -> Any:
        result = send(self, kind, name, **given)
        if name == EDIT:
            return SimpleNamespace(image="other", images=[SimpleNamespace(url=None, b64_json=None)])
        return SimpleNamespace(data=result.data[1:])

    monkeypatch.setattr(_sender.SyncSender, "send", losing)
    lines = found(lambda document: None)
    assert f"{DEDICATED}: the answer's data has 2 entries, and its result has 1: {RESULTS}" in lines
    without = "the answer may have no picture, and its result has one that cannot be read"
    assert f"{EDIT}: {without}: {RESULTS}" in lines
    assert any(
        line.startswith(f"{EDIT}: the answer's image may be '")
        and line.endswith(f", and its result says 'other': {RESULTS}")
        for line in lines
    )


def test_a_call_that_the_client_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the client's own checks let no call through, it is the client that is wrong."""

    def violations(*given: object) -> Any:
        raise ValueError("no")

    monkeypatch.setattr("friendli_facade._rules.request_bodies.violations", violations)
    assert found(lambda document: None)[0] == (
        "dedicatedImagesEdit: a call with every argument is refused (no)"
    )


def test_what_the_client_lacks_altogether_is_for_another_gate() -> None:
    """A new argument or operation is named once, by the gate of signatures."""

    def how(document: Any) -> None:
        header("X-Trace")(document)
        document["paths"]["/v1/images/variations"] = {
            "post": {**operation(document, EDIT), "operationId": "containerImagesVary"}
        }

    assert found(how) == []
