"""OpenAPI documents as JSON: their operations, and the error of one that is of no use."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# What holds parts by their names, which are no keywords, and what holds values, not schemas.
NAMED = {
    *("paths", "responses", "headers", "content", "encoding", "schemas", "securitySchemes"),
    *("parameters", "requestBodies", "pathItems", "mapping", "variables"),
    *("properties", "patternProperties", "dependentSchemas"),
}
DATA = {"default", "enum", "const", "security", "example", "examples"}

Json = dict[str, Any]


class ContractError(Exception):
    """A contract from which no client can be generated, and why."""


class ShapeError(ContractError):
    """A document whose parts are not those that OpenAPI says."""


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Json, Json]]:
    """Path, method, path item and operation of each operation."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item, item[method]


@contextmanager
def shaped() -> Generator[None]:
    """Says of a document what its first part of a wrong shape amounts to."""
    try:
        yield
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ShapeError(f"the document is not shaped as OpenAPI says: {error!r}") from error


def check_version(document: Mapping[str, Any]) -> None:
    """Raises ContractError for a document that is no OpenAPI 3.1."""
    version = document.get("openapi", document.get("swagger"))
    if not str(document.get("openapi")).startswith("3.1."):
        raise ContractError(f"the document must be OpenAPI 3.1, not {version or 'without version'}")


def resolved(part: Mapping[str, Any], kind: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of a document, or the shared one that it refers to; raises ContractError."""
    shared: Mapping[str, Any] = document.get("components", {}).get(kind, {})
    passed: list[str] = []
    while "$ref" in part:
        reference = part["$ref"]
        name = reference.removeprefix(f"#/components/{kind}/")
        if name == reference or name not in shared or reference in passed:
            raise ContractError(f"the reference {reference} leads nowhere")
        passed.append(reference)
        part = shared[name]
    return part
