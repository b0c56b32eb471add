"""Checks JSON values against the contract's schemas, with words for people.

A small compiler from JSON Schema to Python functions. A schema library would tell right from
wrong as well; this one says what is wrong in terms of the caller's arguments, in microseconds,
and imports nothing. The generator refuses a contract that uses a keyword unknown to it.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from friendli_facade.violations import Violation, shortened

# Looks at a value and its path, and appends what is wrong with it to the list.
Check = Callable[[Any, str, list[Violation]], None]
Schema = Mapping[str, Any]

ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "readOnly"}
    | {"writeOnly", "format", "contentEncoding", "contentMediaType", "discriminator", "$comment"}
)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether JSON would call it a number; Python's bool, an int by birth, is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_array(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether JSON would write it as an array."""
    return isinstance(value, list | tuple)


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether JSON would write it as an object."""
    return isinstance(value, Mapping)


def _is_string(value: object) -> bool:
    return isinstance(value, str)


_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "array": ("a list", is_array),
    "boolean": ("a bool", lambda value: isinstance(value, bool)),
    # JSON Schema's integer is a number without a fraction: 20.0 is one.
    "integer": ("an integer", lambda value: is_number(value) and value % 1 == 0),
    "null": ("None", lambda value: value is None),
    "number": ("a number", is_number),
    "object": ("an object", is_object),
    "string": ("a string", _is_string),
}


def _same(left: object, right: object) -> bool:
    """Equality of JSON values: True is not 1, at any depth."""
    if is_array(left) and is_array(right):
        return len(left) == len(right) and all(map(_same, left, right))
    if is_object(left) and is_object(right):
        return left.keys() == right.keys() and all(_same(left[k], right[k]) for k in left)
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _is_multiple(value: float, of: float) -> bool:
    """Whether `value` is a multiple as the two are written: floats would say 0.5 is none of 0.1."""
    from fractions import Fraction

    if isinstance(value, float) and not math.isfinite(value):
        return False
    exact = [Fraction(n) if isinstance(n, int) else Fraction(repr(n)) for n in (value, of)]
    return (exact[0] / exact[1]).denominator == 1


# keyword: (the values that it speaks about, whether a value keeps to it, the rule in words)
_ASSERTIONS: dict[
    str, tuple[Callable[[Any], bool], Callable[[Any, Any], bool], Callable[[Any], str]]
] = {
    "minimum": (is_number, lambda value, to: value >= to, "must be at least {}".format),
    "maximum": (is_number, lambda value, to: value <= to, "must be at most {}".format),
    "exclusiveMinimum": (is_number, lambda value, to: value > to, "must be more than {}".format),
    "exclusiveMaximum": (is_number, lambda value, to: value < to, "must be less than {}".format),
    "multipleOf": (is_number, _is_multiple, "must be a multiple of {}".format),
    "minLength": (
        _is_string,
        lambda value, to: len(value) >= to,
        lambda to: "must not be empty" if to == 1 else f"must have at least {to} characters",
    ),
    "maxLength": (
        _is_string,
        lambda value, to: len(value) <= to,
        "must have at most {} characters".format,
    ),
    "pattern": (
        _is_string,
        lambda value, to: re.search(to, value) is not None,
        "must match the pattern {}".format,
    ),
    "minItems": (
        is_array,
        lambda value, to: len(value) >= to,
        lambda to: "must not be empty" if to == 1 else f"must have at least {to} items",
    ),
    "maxItems": (
        is_array,
        lambda value, to: len(value) <= to,
        "must have at most {} items".format,
    ),
    "uniqueItems": (
        is_array,
        lambda value, to: (
            not to or not any(_same(a, b) for i, a in enumerate(value) for b in value[:i])
        ),
        lambda _: "must not repeat an item",
    ),
    "enum": (
        lambda _: True,
        lambda value, to: any(_same(value, one) for one in to),
        lambda to: f"must be one of {', '.join(map(repr, to))}",
    ),
    "const": (lambda _: True, _same, "must be {!r}".format),
}

KEYWORDS = frozenset(_ASSERTIONS) | {
    *("type", "$ref", "properties", "required", "additionalProperties", "items", "prefixItems"),
    *("anyOf", "oneOf", "allOf"),
}


class Schemas:
    """The named schemas of a document, and a compiler of schemas that refer to them."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._compiled: dict[str, Check] = {}

    def compile(self, schema: Schema | bool) -> Check:
        """A function that appends each violation of `schema` by a value to a list."""
        if isinstance(schema, bool):
            return _anything if schema else _nothing
        checks = [
            self._keyword(keyword, argument, schema)
            for keyword, argument in schema.items()
            if keyword != "type" and keyword not in ANNOTATIONS
        ]
        if "type" not in schema:
            return _all(checks)
        names = _types(schema)
        rule = f"must be {' or '.join(_TYPES[name][0] for name in names)}"
        is_type = _is_one_of(names)
        rest = _all(checks)

        def check(value: Any, path: str, found: list[Violation]) -> None:
            if is_type(value):
                rest(value, path, found)
            else:
                found.append(Violation(path, rule, shortened(value)))

        return check

    def _keyword(self, keyword: str, argument: Any, schema: Schema) -> Check:
        match keyword:
            case "$ref":
                check = self._reference(argument)
            case "required":
                check = _required(argument)
            case "properties":
                check = _properties({n: self.compile(s) for n, s in argument.items()}, None)
            case "additionalProperties":
                known = dict.fromkeys(schema.get("properties", ()), _anything)
                check = _properties(known, self.compile(argument))
            case "prefixItems":
                check = _items([self.compile(part) for part in argument], _anything)
            case "items":
                before = [_anything] * len(schema.get("prefixItems", ()))
                check = _items(before, self.compile(argument))
            case "anyOf" | "oneOf":
                check = self._union(argument, exactly_one=keyword == "oneOf")
            case "allOf":
                check = _all([self.compile(part) for part in argument])
            case _:
                check = _assertion(keyword, argument)
        return check

    def _reference(self, reference: str) -> Check:
        name = reference.rpartition("/")[2]

        def check(value: Any, path: str, found: list[Violation]) -> None:
            # Compiled when first used: schemas may refer to each other in a circle.
            if name not in self._compiled:
                self._compiled[name] = self.compile(self._definitions[name])
            self._compiled[name](value, path, found)

        return check

    def _union(self, schemas: Sequence[Schema], *, exactly_one: bool) -> Check:
        branches = [(self.compile(branch), self._resolved_types(branch)) for branch in schemas]
        allowed = list(dict.fromkeys(name for _, names in branches for name in names))
        rule = f"must be {' or '.join(_TYPES[name][0] for name in allowed)}"
        tests = [(check, _is_one_of(names)) for check, names in branches]

        def check(value: Any, path: str, found: list[Violation]) -> None:
            complaints: list[list[Violation]] = []
            fitting = 0
            for branch, is_type in tests:
                if not is_type(value):
                    continue
                mine: list[Violation] = []
                branch(value, path, mine)
                if not mine:
                    if not exactly_one:
                        return
                    fitting += 1
                complaints.append(mine)
            if fitting == 1:
                return
            if fitting > 1:
                found.append(Violation(path, "must fit one alternative only", shortened(value)))
            elif complaints:
                fewest: list[Violation] = min(complaints, key=len)
                found.extend(fewest)
            else:
                found.append(Violation(path, rule, shortened(value)))

        return check

    def _resolved_types(self, schema: Schema | bool) -> list[str]:
        """The types that a schema admits at all, looking through one that only refers."""
        if isinstance(schema, bool):
            return list(_TYPES)
        if "type" in schema:
            return _types(schema)
        if "$ref" in schema:
            return self._resolved_types(self._definitions[schema["$ref"].rpartition("/")[2]])
        for union in ("anyOf", "oneOf"):
            if union in schema:
                return [name for part in schema[union] for name in self._resolved_types(part)]
        return list(_TYPES)


def _types(schema: Schema) -> list[str]:
    names = schema["type"]
    return [names] if isinstance(names, str) else list(names)


def _is_one_of(names: Sequence[str]) -> Callable[[Any], bool]:
    tests = [_TYPES[name][1] for name in names]
    return tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)


def _assertion(keyword: str, argument: Any) -> Check:
    speaks_about, keeps, words = _ASSERTIONS[keyword]
    rule = words(argument)

    def check(value: Any, path: str, found: list[Violation]) -> None:
        if speaks_about(value) and not keeps(value, argument):
            found.append(Violation(path, rule, shortened(value)))

    return check


def _required(names: Sequence[str]) -> Check:
    def check(value: Any, path: str, found: list[Violation]) -> None:
        if is_object(value):
            missing = [name for name in names if name not in value]
            found.extend(Violation(_join(path, name), "is required") for name in missing)

    return check


def _properties(known: Mapping[str, Check], other: Check | None) -> Check:
    def check(value: Any, path: str, found: list[Violation]) -> None:
        if is_object(value):
            for name, part in value.items():
                one = known.get(name, other)
                if one is not None:
                    one(part, _join(path, name), found)

    return check


def _items(first: Sequence[Check], other: Check) -> Check:
    def check(value: Any, path: str, found: list[Violation]) -> None:
        if is_array(value):
            for index, part in enumerate(value):
                one = first[index] if index < len(first) else other
                one(part, f"{path}[{index}]", found)

    return check


def _all(checks: Sequence[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, path: str, found: list[Violation]) -> None:
        for one in checks:
            one(value, path, found)

    return check


def _anything(_value: Any, _path: str, _found: list[Violation]) -> None:
    """What the schema `true` says."""


def _nothing(_value: Any, path: str, found: list[Violation]) -> None:
    found.append(Violation(path, "is not known here: leave it out"))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
