"""Kinds of JSON values, as schemas with one type at most: made, met, and united."""

import json
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from friendli_facade._rules.json_types import TYPES, is_array, is_number, is_object
from scripts.contract.documents import Json

Kind = Json

# Said of a place in a document, not of the values that may stand there.
PLACES = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "readOnly"}
    | {"writeOnly", "externalDocs", "$comment", "discriminator"}
)
_FLAGS = {"deprecated", "readOnly", "writeOnly"}
_SPEAKS_ABOUT = {
    "string": {"minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "array": {
        *("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
        *("minContains", "maxContains", "unevaluatedItems"),
    },
    "object": {
        *("properties", "required", "additionalProperties", "patternProperties", "propertyNames"),
        *("minProperties", "maxProperties", "dependentRequired", "dependentSchemas"),
        "unevaluatedProperties",
    },
}
# What demands nothing when it stands alone.
_IDLE: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties"), (0,)),
    **dict.fromkeys(("required", "prefixItems"), ([],)),
    **dict.fromkeys(("properties", "patternProperties"), ({},)),
    **dict.fromkeys(("dependentRequired", "dependentSchemas"), ({},)),
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties"), (True, {})),
    **dict.fromkeys(("unevaluatedItems", "propertyNames"), (True, {})),
    "uniqueItems": (False,),
}
_AT_LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_AT_MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
_BOUNDS = _AT_LEAST | _AT_MOST | {"multipleOf"}
_ORDER = ("string", "integer", "number", "boolean", "array", "object")
# As far as a float tells whole numbers apart.
_LARGEST = 2**53

AllOf = Callable[[Any, Any], Any]


def is_place(name: str, value: Any) -> bool:
    """Whether a keyword says something of the place where a schema stands."""
    return (name in PLACES or name.startswith("x-")) and (name not in _FLAGS or value is True)


def places(kind: Mapping[str, Any]) -> Kind:
    """What a kind says of its place."""
    return {name: value for name, value in kind.items() if is_place(name, value)}


def facts(kind: Mapping[str, Any]) -> Kind:
    """What a kind says of its values."""
    return {
        name: value
        for name, value in kind.items()
        if name not in PLACES and not name.startswith("x-")
    }


def text(value: Any) -> str:
    """A text that two JSON values share if they are equal: 1 and 1.0 are, 1 and true are not."""
    return json.dumps(plain(value), sort_keys=True)


def plain(value: Any) -> Any:
    """A JSON value with its whole numbers written as such, and its keys in order."""
    if isinstance(value, float) and abs(value) <= _LARGEST and value.is_integer():
        return int(value)
    if is_object(value):
        return {name: plain(value[name]) for name in sorted(value)}
    return [plain(part) for part in value] if is_array(value) else value


def type_of(value: object) -> str:
    """JSON Schema's most special type of a value."""
    order = ("null", "boolean", "integer", "number", "string", "array", "object")
    return next(name for name in order if TYPES[name][1](value))


def of(schema: Mapping[str, Any], about: Mapping[str, Any]) -> list[Kind]:
    """The kinds that a schema's `type`, `enum` and `const` allow, where `about` is its facts."""
    values: Any = schema.get("enum")
    if "const" in schema:
        values = [one for one in values or [schema["const"]] if text(one) == text(schema["const"])]
    said: Any = schema.get("type")
    types: Sequence[str] | None = [said] if isinstance(said, str) else said
    if not is_array(values):
        return [_tidy({"type": name, **about}) for name in types] if types else [_tidy({**about})]
    found: list[Kind] = []
    for name in dict.fromkeys(map(type_of, values)):
        mine = [value for value in values if type_of(value) == name]
        if types is None or any(_is_part(name, other) for other in types):
            found.append(_tidy({"type": name, "enum": mine, **about}))
    return found


def _is_part(name: str, other: str) -> bool:
    return name == other or (name, other) == ("integer", "number")


def _tidy(kind: Kind) -> Kind:
    """A kind without what says nothing, its lists in order and its numbers in one spelling."""
    name = kind.get("type")
    tidy = {
        keyword: _spelled(keyword, value)
        for keyword, value in kind.items()
        if _concerns(keyword, name) and value not in _IDLE.get(keyword, ())
    }
    if name == "array":
        tidy.setdefault("items", {})
    if name == "integer":
        _include_bounds(tidy)
    if name == "null" or (name == "boolean" and len(tidy.get("enum", ())) == 2):
        tidy.pop("enum", None)
    if tidy.get("additionalProperties") is False and "properties" in tidy:
        fields: Json = tidy["properties"]
        tidy["properties"] = {name: fields[name] for name in fields if fields[name] is not False}
    for including, excluding, strictest in (
        ("minimum", "exclusiveMinimum", max),
        ("maximum", "exclusiveMaximum", min),
    ):
        if is_number(tidy.get(including)) and is_number(tidy.get(excluding)):
            excludes = strictest(tidy[including], tidy[excluding]) == tidy[excluding]
            del tidy[including if excludes else excluding]
    return tidy


def _spelled(keyword: str, value: Any) -> Any:
    if keyword == "required":
        return sorted(set(value))
    if keyword == "enum":
        return sorted({text(one): plain(one) for one in value}.values(), key=text)
    return plain(value) if keyword in _BOUNDS else value


def _include_bounds(kind: Kind) -> None:
    """Makes the bounds of integers whole numbers that are allowed themselves."""
    rounded: tuple[tuple[str, str, Callable[[Any], int], Callable[..., Any]], ...] = (
        ("minimum", "exclusiveMinimum", lambda bound: math.floor(bound) + 1, max),
        ("maximum", "exclusiveMaximum", lambda bound: math.ceil(bound) - 1, min),
    )
    for including, excluding, within, strictest in rounded:
        bounds: list[int] = []
        if is_number(kind.get(including)):
            bound = kind[including]
            bounds.append(math.ceil(bound) if strictest is max else math.floor(bound))
        if is_number(kind.get(excluding)):
            bounds.append(within(kind.pop(excluding)))
        if bounds:
            kind[including] = strictest(bounds)
    if kind.get("multipleOf") == 1:
        del kind["multipleOf"]


def _concerns(keyword: str, name: str | None) -> bool:
    if keyword == "format":
        return name not in {"null", "boolean", "array", "object"}
    kind = "number" if name == "integer" else name
    others = (words for about, words in _SPEAKS_ABOUT.items() if kind is not None and about != kind)
    return not any(keyword in words for words in others)


def both(one: Kind, other: Kind, all_of: AllOf) -> list[Kind]:
    """The kind of the values that are of both kinds; none where there are none."""
    types = {kind["type"] for kind in (one, other) if "type" in kind}
    if len(types) > 1 and types != {"integer", "number"}:
        return []
    kind: Kind = {"type": min(types)} if types else {}
    one, other = _with_each_others_fields(one, other)
    beside: list[Any] = [*one.get("allOf", ()), *other.get("allOf", ())]
    for keyword in dict.fromkeys([*one, *other]):
        if keyword in {"type", "allOf"}:
            continue
        if keyword not in one or keyword not in other:
            kind[keyword] = one[keyword] if keyword in one else other[keyword]
            continue
        kind[keyword], rest = _merged(keyword, one[keyword], other[keyword], all_of)
        beside += rest
    if beside:
        kind["allOf"] = sorted({text(part): part for part in beside}.values(), key=text)
    if kind.get("enum") == []:
        return []
    return [_tidy(kind)]


def _with_each_others_fields(one: Kind, other: Kind) -> tuple[Kind, Kind]:
    """The kinds, where what one says of further fields is said of those that the other names."""

    def extended(kind: Kind, beside: Kind) -> Kind:
        if "additionalProperties" not in kind or "properties" not in beside:
            return kind
        further = dict.fromkeys(beside["properties"], kind["additionalProperties"])
        return {**kind, "properties": {**further, **kind.get("properties", {})}}

    return extended(one, other), extended(other, one)


def _merged(keyword: str, one: Any, other: Any, all_of: AllOf) -> tuple[Any, list[Any]]:
    """An argument that demands what both do, and what has to be demanded beside it."""
    if keyword in PLACES or keyword.startswith("x-") or text(one) == text(other):
        return one, []
    if keyword == "properties":
        shared = {name: all_of(one[name], other[name]) for name in one if name in other}
        merged: Any = {**one, **other, **shared}
    elif keyword == "required":
        merged = [*one, *other]
    elif keyword == "enum":
        kept = {text(value) for value in other}
        merged = [value for value in one if text(value) in kept]
    elif keyword in {"items", "additionalProperties", "propertyNames"}:
        merged = all_of(one, other)
    elif keyword in _AT_LEAST:
        merged = max(one, other)
    elif keyword in _AT_MOST:
        merged = min(one, other)
    elif keyword == "multipleOf" and one % other == 0:
        merged = one
    elif keyword == "multipleOf" and other % one == 0:
        merged = other
    else:
        first, second = sorted((one, other), key=text)
        return first, [{keyword: second}]
    return merged, []


def union(kinds: Iterable[Kind]) -> list[Kind]:
    """The kinds without those that are part of another, in order, null last."""
    found: dict[str, Kind] = {}
    listed: dict[str, Kind] = {}
    for kind in sorted(kinds, key=text):
        if "enum" in kind:
            rest = {name: value for name, value in facts(kind).items() if name != "enum"}
            before = listed.setdefault(text(rest), {**kind, "enum": []})
            before["enum"] = [*before["enum"], *kind["enum"]]
        else:
            found.setdefault(text(facts(kind)), kind)
    for kind in map(_tidy, listed.values()):
        found.setdefault(text(facts(kind)), kind)
    every = list(found.values())
    kept = [one for one in every if not any(_covers(other, one) for other in every)]
    return sorted(kept, key=_rank)


def _covers(other: Kind, one: Kind) -> bool:
    """Whether a kind is another than `one`, and has all of its values as far as can be seen."""
    if other is one:
        return False
    if "type" in other and not ("type" in one and _is_part(one["type"], other["type"])):
        return False
    demands = {name: value for name, value in facts(other).items() if name != "type"}
    return all(_is_met(keyword, argument, one) for keyword, argument in demands.items())


def _is_met(keyword: str, argument: Any, kind: Kind) -> bool:
    """Whether every value of a kind keeps to a keyword."""
    for excluding, including, stricter in (
        ("exclusiveMinimum", "minimum", operator.gt),
        ("exclusiveMaximum", "maximum", operator.lt),
    ):
        if keyword in {excluding, including}:
            is_stricter = including in kind and stricter(kind[including], argument)
            within = [kind[bound] for bound in (excluding, keyword) if bound in kind]
            return is_stricter or any(one == argument or stricter(one, argument) for one in within)
    if keyword in _AT_LEAST:
        return keyword in kind and bool(kind[keyword] >= argument)
    if keyword in _AT_MOST:
        return keyword in kind and bool(kind[keyword] <= argument)
    if keyword == "items" and argument == {}:
        return True
    return keyword in kind and text(kind[keyword]) == text(argument)


def _rank(kind: Kind) -> tuple[bool, bool, int, str]:
    name = kind.get("type")
    place = _ORDER.index(name) if name in _ORDER else len(_ORDER)
    return name == "null", "$ref" not in kind, place, text(kind)
