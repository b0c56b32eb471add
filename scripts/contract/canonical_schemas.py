"""Schemas in canonical form: one kind of values, or an `anyOf` of several, whatever was written.

JSON Schema has many spellings for one set of values. Here

- a kind says one `type` and only what speaks about values of that type; its values, if they are
  listed, stand in `enum`, never in `const`; an object with a name is a `$ref` to it;
- a union is an `anyOf` of different kinds, flat, null last; no kind is part of another;
- `allOf` is carried out, `oneOf` is `anyOf` wherever no value fits two of its parts, and a
  reference to what is no object is replaced by what it leads to. What cannot be said so (two
  patterns, overlapping parts of a `oneOf`, a list of itself) stays, in canonical parts;
- nothing is said that says nothing: `minLength: 0`, `additionalProperties: true`; numbers that are
  whole are written so, and bounds of integers include themselves;
- a default or a description stays at the place that it is about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from friendli_facade._rules.json_types import is_array, is_object
from scripts.contract import canonical_kinds
from scripts.contract.canonical_kinds import Kind, facts, places, text
from scripts.contract.documents import ContractError, Json

REFERENCE = "#/components/schemas/"
_COMBINING = {"$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf", "discriminator"}
_MAPS = {"properties", "patternProperties", "dependentSchemas"}
_PARTS = {
    *("items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "contains"),
    *("propertyNames", "contentSchema", "not", "if", "then", "else"),
}
_DATA = {"default", "example", "examples", "enum", "const"}
_Names = frozenset[str]


class Schemas:
    """The named schemas of a document; those that are referred to come into canonical form."""

    def __init__(self, named: Mapping[str, Any]) -> None:
        self._named = named
        self._known: dict[str, tuple[list[Kind], Json]] = {}
        self._begun: set[str] = set()
        self._circular: set[str] = set()
        # The names above a place that a union at that place led back to.
        self._led_back: set[str] = set()

    def canonical(self, schema: Any) -> Any:
        """The canonical form of a schema; raises ContractError for a reference to nowhere."""
        return _schema(*self._split(schema, frozenset(), in_union=False))

    def referred(self, schemas: Iterable[Any]) -> dict[str, Json]:
        """The named schemas that canonical ones refer to, and those that these refer to."""
        found: dict[str, Json] = {}
        waiting = [name for schema in schemas for name in _names(schema)]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = _schema(*self._known[name])
                waiting += _names(found[name])
        return found

    def _split(self, schema: Any, above: _Names, *, in_union: bool) -> tuple[list[Kind], Json]:
        """The kinds of values that a schema allows, and what it says of its place.

        `above` are the names that led to this place; part of a union with themselves, they allow
        nothing more.
        """
        if isinstance(schema, bool):
            return ([{}] if schema else []), {}
        if not is_object(schema):
            raise TypeError(f"{schema!r} is no schema")
        found = [self._split(part, above, in_union=in_union) for part in schema.get("allOf", ())]
        if "$ref" in schema:
            found.append(self._reference(schema["$ref"], above, in_union=in_union))
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                # A field says which part is meant, so no value fits two.
                exactly_one = keyword == "oneOf" and "discriminator" not in schema
                found.append(self._union(schema[keyword], above, exactly_one=exactly_one))
        kinds, place = self._own(schema), places(schema)
        for others, inner in found:
            kinds = [both for one in kinds for other in others for both in self._both(one, other)]
            place = {**inner, **place}
        if "discriminator" in schema:
            place["discriminator"] = self._discriminator(schema["discriminator"])
        kinds = canonical_kinds.union(kinds)
        if len(kinds) == 1:
            place.pop("discriminator", None)
        return kinds, place

    def _own(self, schema: Mapping[str, Any]) -> list[Kind]:
        """What a schema's own keywords allow, references and combinations aside."""
        about: Json = {}
        for keyword, value in facts(schema).items():
            if keyword in _PARTS:
                about[keyword] = self.canonical(value)
            elif keyword == "prefixItems":
                about[keyword] = [self.canonical(part) for part in value]
            elif keyword in _MAPS:
                about[keyword] = {name: self.canonical(part) for name, part in value.items()}
            elif keyword not in _COMBINING:
                about[keyword] = value
        return canonical_kinds.of(schema, about)

    def _discriminator(self, discriminator: Mapping[str, Any]) -> Json:
        said: Json = {"propertyName": discriminator["propertyName"]}
        mapping: Mapping[str, str] = discriminator.get("mapping", {})
        if mapping:
            found = {
                value: self.canonical({"$ref": name if "/" in name else REFERENCE + name})
                for value, name in mapping.items()
            }
            said["mapping"] = {v: one["$ref"] for v, one in found.items() if "$ref" in one}
        return said

    def _union(
        self, parts: Sequence[Any], above: _Names, *, exactly_one: bool
    ) -> tuple[list[Kind], Json]:
        split = [self._split(part, above, in_union=len(parts) > 1) for part in parts]
        if len(split) == 1:
            return split[0]
        told = [place.pop("discriminator") for _, place in split if "discriminator" in place]
        said: Json = {"discriminator": told[0]} if len(told) == 1 else {}
        # What else is said of the place of one part is said of the kinds in it alone.
        branches = [[{**place, **kind} for kind in kinds] for kinds, place in split]
        if not exactly_one:
            return [kind for branch in branches for kind in branch], said
        apart: list[Kind] = []
        overlapping: list[Any] = []
        for branch in branches:
            others = [kind for other in branches if other is not branch for kind in other]
            if all(self._are_apart(one, other) for one in branch for other in others):
                apart += branch
            else:
                overlapping.append(_schema(canonical_kinds.union(branch), {}))
        if overlapping:
            apart.append({"oneOf": sorted(overlapping, key=text)})
        return apart, said

    def _are_apart(self, one: Kind, other: Kind, *, deep: bool = True) -> bool:
        """Whether no value is of both kinds, as far as can be seen."""
        one, other = self._opened(one), self._opened(other)
        types = {kind.get("type") for kind in (one, other)}
        if None in types or types == {"integer", "number"}:
            return False
        if len(types) > 1:
            return True
        if "enum" in one and "enum" in other:
            return not set(map(text, one["enum"])) & set(map(text, other["enum"]))
        if not deep or types != {"object"}:
            return False
        # The same field, in both, with values that differ: what tells tagged objects apart.
        parts = one.get("properties", {}), other.get("properties", {})
        needed = set(one.get("required", ())) & set(other.get("required", ()))
        return any(
            self._are_apart(parts[0][name], parts[1][name], deep=False)
            for name in needed & parts[0].keys() & parts[1].keys()
        )

    def _both(self, one: Kind, other: Kind) -> list[Kind]:
        """The kind of the values that are of both kinds; none where there are none."""
        for first, second in ((one, other), (other, one)):
            nothing_new = facts(second) in ({}, {"type": "object"}, {"$ref": first.get("$ref")})
            if "$ref" in first and nothing_new:
                return [{**places(second), **first}]
        one, other = self._opened(one), self._opened(other)
        return canonical_kinds.both(one, other, self._all_of)

    def _all_of(self, one: Any, other: Any) -> Any:
        return self.canonical({"allOf": [one, other]})

    def _opened(self, kind: Kind) -> Kind:
        """A kind with what it refers to in its place; as it is, while that is not known yet."""
        name = kind.get("$ref", "").removeprefix(REFERENCE)
        if name not in self._known:
            return kind
        [referred] = self._known[name][0]
        return {**referred, **{keyword: kind[keyword] for keyword in kind if keyword != "$ref"}}

    def _reference(
        self, reference: Any, above: _Names, *, in_union: bool
    ) -> tuple[list[Kind], Json]:
        name = str(reference).removeprefix(REFERENCE)
        if name == reference or name not in self._named:
            raise ContractError(f"the reference {reference} leads to no schema of the document")
        if name in above:
            if not in_union:
                raise ContractError(f"the schema {name} is an alias of itself, or contains itself")
            self._led_back.add(name)
            return [], {}
        if name in self._begun:
            self._circular.add(name)
            return [{"$ref": reference}], {}
        found = self._known.get(name)
        if found is None:
            self._begun.add(name)
            found = self._split(self._named[name], above | {name}, in_union=in_union)
            self._begun.remove(name)
            self._led_back.discard(name)
            if self._led_back and name not in self._circular:
                # It lacks what the names above it allow, so this is not what it is elsewhere.
                return found
            self._known[name] = found
        kinds, place = found
        if name in self._circular or [kind.get("type") for kind in kinds] == ["object"]:
            return [{"$ref": reference}], {}
        return kinds, dict(place)


def _schema(kinds: Sequence[Kind], place: Json) -> Any:
    if not kinds:
        return False
    return {**kinds[0], **place} if len(kinds) == 1 else {"anyOf": list(kinds), **place}


def _names(schema: Any) -> Iterator[str]:
    """The names that a canonical schema refers to."""
    if is_array(schema):
        for part in schema:
            yield from _names(part)
    elif is_object(schema):
        for keyword, value in schema.items():
            if keyword == "$ref":
                yield value.removeprefix(REFERENCE)
            elif keyword == "discriminator":
                yield from (
                    name.removeprefix(REFERENCE) for name in value.get("mapping", {}).values()
                )
            elif keyword in _MAPS:
                yield from _names(list(value.values()))
            elif keyword not in _DATA:
                yield from _names(value)
