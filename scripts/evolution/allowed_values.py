"""What a schema comes to: the kinds of values it allows, however it writes that down.

`type: [string, 'null']`, `anyOf: [{type: string}, {type: 'null'}]`, a reference to either and an
`allOf` around it say the same, and come to the same alternatives here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from friendli_facade._rules.keywords import TYPES, is_array, is_object
from scripts.contract.documents import Json

# Said of a field, not of the values that it holds.
ANNOTATIONS = ("default", "deprecated", "readOnly", "writeOnly")
_COMBINING = {"$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf", *ANNOTATIONS}
# Names the alternatives that are compared themselves.
_IDLE = {"title", "description", "example", "examples", "$comment", "discriminator"}
_SPEAKS_ABOUT = {
    "string": {"minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"},
    "object": {
        *("properties", "required", "additionalProperties", "patternProperties", "propertyNames"),
        *("minProperties", "maxProperties", "dependentRequired"),
    },
}
_AT_LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_AT_MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}


@attrs.frozen
class Alternative:
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
        items: Any = self.facts.get("items")
        if is_object(items) and ("$ref" in items or isinstance(items.get("type"), str)):
            inner = items["$ref"].rpartition("/")[2] if "$ref" in items else items["type"]
            return f"{words} of {inner}"
        return words


def alternatives(
    schema: Any, schemas: Mapping[str, Any], passed: frozenset[str] = frozenset()
) -> list[Alternative]:
    """The kinds of values that a schema allows, where references lead into `schemas`."""
    if not is_object(schema):
        return [] if schema is False else [Alternative(None)]
    demands = [_own(schema)]
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        # A schema that is a union with itself allows nothing more for it.
        target: Any = False if name in passed else schemas.get(name, {})
        found = alternatives(target, schemas, passed | {name})
        demands.append([attrs.evolve(one, name=one.name or name) for one in found])
    demands += [alternatives(part, schemas, passed) for part in schema.get("allOf", ())]
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            parts = [alternatives(part, schemas, passed) for part in schema[keyword]]
            demands.append([one for part in parts for one in part])
    met = demands[0]
    for others in demands[1:]:
        both = [_meet(one, other) for one in met for other in others]
        met = [one for one in both if one is not None]
    return met


def annotation(schema: Any, schemas: Mapping[str, Any], keyword: str) -> tuple[bool, Any]:
    """Whether a field has an annotation, itself or by the schema it refers to, and its value."""
    passed: set[str] = set()
    while is_object(schema):
        if keyword in schema:
            return True, schema[keyword]
        name = schema.get("$ref", "").rpartition("/")[2]
        if not name or name in passed:
            break
        passed.add(name)
        schema = schemas.get(name)
    return False, None


def type_of(value: object) -> str:
    """JSON Schema's most special type of a value."""
    order = ("null", "boolean", "integer", "number", "string", "array", "object")
    return next(name for name in order if TYPES[name][1](value))


def _own(schema: Mapping[str, Any]) -> list[Alternative]:
    """What a schema's own keywords allow, its references and combinations aside."""
    facts = {
        keyword: value for keyword, value in schema.items() if keyword not in _COMBINING | _IDLE
    }
    types: Any = schema.get("type")
    values: Any = [schema["const"]] if "const" in schema else schema.get("enum")
    if types is None:
        types = list(dict.fromkeys(map(type_of, values))) if is_array(values) else [None]
    names: list[str | None] = [types] if isinstance(types, str) else list(types)
    found: list[Alternative] = []
    for name in names:
        mine = {keyword: facts[keyword] for keyword in facts if _concerns(keyword, name)}
        if is_array(values):
            fitting = [value for value in values if name is None or TYPES[name][1](value)]
            if not fitting:
                continue
            mine["enum"] = fitting
        found.append(Alternative(name, mine))
    return found


def _concerns(keyword: str, name: str | None) -> bool:
    kind = "number" if name == "integer" else name
    others = (words for about, words in _SPEAKS_ABOUT.items() if kind is not None and about != kind)
    return not any(keyword in words for words in others)


def _meet(one: Alternative, other: Alternative) -> Alternative | None:
    """The values that both allow; None where there are none."""
    types = {one.type, other.type} - {None}
    kind = "integer" if types == {"integer", "number"} else next(iter(types), None)
    if len(types) > 1 and kind != "integer":
        return None
    facts = {name: fact for name, fact in one.facts.items() if _concerns(name, kind)}
    for keyword, fact in other.facts.items():
        if _concerns(keyword, kind):
            facts[keyword] = _both(keyword, facts[keyword], fact) if keyword in facts else fact
    return Alternative(kind, facts, other.name or one.name)


def _both(keyword: str, one: Any, other: Any) -> Any:
    """A keyword's argument that demands what both arguments do."""
    result = other
    if keyword == "properties":
        shared = {name: {"allOf": [one[name], other[name]]} for name in one if name in other}
        result = {**one, **other, **shared}
    elif keyword == "required":
        result = list(dict.fromkeys([*one, *other]))
    elif keyword == "enum":
        result = [value for value in one if value in other]
    elif keyword in {"items", "additionalProperties"}:
        result = {"allOf": [one, other]}
    elif keyword in _AT_LEAST:
        result = max(one, other)
    elif keyword in _AT_MOST:
        result = min(one, other)
    return result


def matched(
    old: Sequence[Alternative], new: Sequence[Alternative]
) -> tuple[list[tuple[Alternative, Alternative]], list[Alternative], list[Alternative]]:
    """Pairs that are the same kind in both, and what is left of the old and of the new."""
    left, right = list(old), list(new)
    pairs: list[tuple[Alternative, Alternative]] = []
    # The closest first: two kinds that differ in one respect are one kind that changed.
    for alike in (_equal, _same_name, _same_items, _same_type, _numbers):
        for one in list(left):
            other = next((other for other in right if alike(one, other)), None)
            if other is not None:
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
    return pairs, left, right


def _equal(one: Alternative, other: Alternative) -> bool:
    return one == other


def _same_name(one: Alternative, other: Alternative) -> bool:
    return one.type == other.type and one.name is not None and one.name == other.name


def _same_items(one: Alternative, other: Alternative) -> bool:
    return one.type == other.type == "array" and one.facts.get("items") == other.facts.get("items")


def _same_type(one: Alternative, other: Alternative) -> bool:
    return one.type == other.type


def _numbers(one: Alternative, other: Alternative) -> bool:
    return {one.type, other.type} == {"integer", "number"}
