"""Small changes to the contract, and what the comparison says of them."""

import copy
from collections.abc import Callable
from typing import Any

from scripts.contract import canonical_form, documents, loading
from scripts.contract.documents import Json
from scripts.contract.loading import ROOT
from scripts.evolution import compare_contracts
from scripts.evolution.severity import Change

MERGED = loading.load(ROOT)
VENDORED = loading.facts(ROOT)
REQUESTS = "breaking for requests"
RESPONSES = "breaking for responses"
COMPATIBLE = "compatible"

Mutation = Callable[[Any], object]

# Where a field of a request and one of an answer stands.
REQUEST = "ContainerImageGenerationBody"
ANSWER = "ImageGenerationContainerResult"


def mutated(how: Mutation, document: Json = MERGED) -> Json:
    """A copy of a document, changed."""
    document = copy.deepcopy(document)
    how(document)
    return document


def compared(old: Json, new: Json) -> list[Change]:
    """The changes from one document to another, as they come to be compared."""
    return compare_contracts.compare(canonical_form.of(old), canonical_form.of(new))


def found(how: Mutation, before: Mutation | None = None) -> list[Change]:
    """The changes that a mutation of the contract amounts to."""
    old = mutated(before) if before else MERGED
    return compared(old, mutated(how, old))


def schema(document: Any, name: str) -> Any:
    """A schema of a document."""
    return document["components"]["schemas"][name]


def probing(
    schema_name: str, probe: Any, *, name: str = "probe", required: bool = False
) -> Mutation:
    """Gives a schema one more property."""

    def how(document: Any) -> None:
        schema(document, schema_name)["properties"][name] = probe
        if required:
            schema(document, schema_name)["required"].append(name)

    return how


def operation(document: Any, name: str) -> Any:
    """An operation of a document, by its name."""
    return next(one for *_, one in documents.operations(document) if one["operationId"] == name)
