"""The kinds of values that two schemas allow, in pairs: what was, and what became of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from friendli_facade._rules.json_types import TYPES
from scripts.contract import canonical_kinds
from scripts.contract.documents import Json


@attrs.frozen
class Kind:
    """Values of one type (None: of any), what else is demanded, and the schema's own name."""

    type: str | None
    facts: Json = attrs.field(factory=dict[str, Any])
    name: str | None = None

    def __str__(self) -> str:
        if self.name:
            return self.name
        if self.type is None:
            return "any value"
        words = TYPES[self.type][0]
        items: Any = self.facts.get("items", {})
        inner = items["$ref"].rpartition("/")[2] if "$ref" in items else items.get("type")
        return f"{words} of {inner}" if inner else words


def kinds(schema: Any, schemas: Mapping[str, Any], name: str | None = None) -> list[Kind]:
    """The kinds of values that a canonical schema allows; references lead into `schemas`."""
    if schema is False:
        return []
    found: list[Kind] = []
    for part in schema.get("anyOf", [schema]):
        facts = canonical_kinds.facts(part)
        if "$ref" in facts:
            referred = facts["$ref"].rpartition("/")[2]
            found += kinds(schemas[referred], schemas, referred)
        elif facts.keys() == {"oneOf"}:
            found += [kind for one in facts["oneOf"] for kind in kinds(one, schemas)]
        else:
            found.append(Kind(facts.pop("type", None), facts, name))
    return found


def exactly_one(schema: Any) -> bool:
    """Whether a value may fit one part of a schema only, where several might fit."""
    return schema is not False and any("oneOf" in part for part in schema.get("anyOf", [schema]))


def annotation(schema: Any, schemas: Mapping[str, Any], keyword: str) -> tuple[bool, Any]:
    """Whether a field has an annotation, itself or by the schema it refers to, and its value."""
    if schema is False:
        return False, None
    if keyword not in schema and "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return keyword in schema, schema.get(keyword)


def matched(
    old: Sequence[Kind], new: Sequence[Kind]
) -> tuple[list[tuple[Kind, Kind]], list[Kind], list[Kind]]:
    """Pairs that are the same kind in both, and what is left of the old and of the new."""
    left, right = list(old), list(new)
    pairs: list[tuple[Kind, Kind]] = []
    # The closest first: two kinds that differ in one respect are one kind that changed.
    alike: tuple[Callable[[Kind, Kind], bool], ...] = (
        lambda one, other: one == other,
        lambda one, other: (
            one.type == other.type and one.name is not None and one.name == other.name
        ),
        lambda one, other: (
            one.type == other.type == "array" and one.facts["items"] == other.facts["items"]
        ),
        lambda one, other: one.type == other.type,
        lambda one, other: {one.type, other.type} == {"integer", "number"},
    )
    for is_alike in alike:
        for one in list(left):
            other = next((other for other in right if is_alike(one, other)), None)
            if other is not None:
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
    return pairs, left, right
