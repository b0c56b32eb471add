"""Small changes to the contract, and what the comparison says of them."""

import copy
from collections.abc import Callable
from typing import Any

from scripts.contract import documents, loading
from scripts.contract.documents import Json
from scripts.contract.loading import DOCUMENT, ROOT
from scripts.evolution import compare_contracts
from scripts.evolution.severity import Change

MERGED = loading.load(ROOT)
VENDORED = loading.read(ROOT / DOCUMENT)
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


def found(how: Mutation, before: Mutation | None = None) -> list[Change]:
    """The changes that a mutation of the contract amounts to."""
    old = mutated(before) if before else MERGED
    return compare_contracts.compare(old, mutated(how, old))


def schema(document: Any, name: str) -> Any:
    """A schema of a document."""
    return document["components"]["schemas"][name]


def probing(name: str, probe: Any, *, required: bool = False) -> Mutation:
    """Gives a schema the property `probe`."""

    def how(document: Any) -> None:
        schema(document, name)["properties"]["probe"] = probe
        if required:
            schema(document, name)["required"].append("probe")

    return how


def operation(document: Any, name: str) -> Any:
    """An operation of a document, by its name."""
    return next(one for *_, one in documents.operations(document) if one["operationId"] == name)
