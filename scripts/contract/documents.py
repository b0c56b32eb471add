"""OpenAPI documents as JSON: their operations, and the error of one that is of no use."""

from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Json = dict[str, Any]


class ContractError(Exception):
    """A contract from which no client can be generated, and why."""


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Json, Json]]:
    """Path, method, path item and operation of each operation."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item, item[method]
