"""The gate between contract and README: `name` (1 to 50) says what the contract says."""

import re
from collections.abc import Iterator
from typing import Any

from scripts.contract.documents import Json, operations
from scripts.generation import arguments

_STATED = re.compile(r"`(\w+)`\s+\((\d[\d.]*)\s+to\s+(\d[\d.]*)")


def problems(document: Json, text: str) -> list[str]:
    """The bounds in a text that are not the contract's; empty where they agree."""
    known: dict[str, list[Any]] = {}
    for *_, operation in operations(document):
        for name, field in arguments.of_operation(document, operation).items():
            known.setdefault(name, []).append(field.schema)
    return [
        f"README.md: `{name}` is said to go from {least} to {most}, and the contract says "
        f"{' or '.join(sorted(bounds)) or 'nothing'}: correct it"
        for name, least, most in _STATED.findall(text)
        for bounds in [{one for schema in known.get(name, ()) for one in _bounds(schema)}]
        if bounds != {f"{least} to {most}"}
    ]


def _bounds(schema: Any) -> Iterator[str]:
    """The bounds of a schema's values, or of their items."""
    for part in schema.get("anyOf", [schema]):
        if "minimum" in part or "maximum" in part:
            yield f"{part.get('minimum', 'any')} to {part.get('maximum', 'any')}"
        if "items" in part:
            yield from _bounds(part["items"])
