"""Checks JSON values against the contract's schemas, with words for people.

A small compiler from JSON Schema to Python functions. A schema library would tell right from
wrong as well; this one says what is wrong in terms of the caller's arguments, in microseconds,
and imports nothing. The generator refuses a contract that uses a keyword unknown to it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from friendli_facade._rules.constraints import ANNOTATIONS, ASSERTIONS
from friendli_facade._rules.json_types import TYPES, is_array, is_object
from friendli_facade._rules.violations import Violation, shortened

# Looks at a value and its path, and appends what is wrong with it to the list.
Check = Callable[[Any, str, list[Violation]], None]
Schema = Mapping[str, Any]


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
        rule = f"must be {' or '.join(TYPES[name][0] for name in names)}"
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
        rule = f"must be {' or '.join(TYPES[name][0] for name in allowed)}"
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
            return list(TYPES)
        if "type" in schema:
            return _types(schema)
        if "$ref" in schema:
            return self._resolved_types(self._definitions[schema["$ref"].rpartition("/")[2]])
        for union in ("anyOf", "oneOf"):
            if union in schema:
                return [name for part in schema[union] for name in self._resolved_types(part)]
        return list(TYPES)


def _types(schema: Schema) -> list[str]:
    names = schema["type"]
    return [names] if isinstance(names, str) else list(names)


def _is_one_of(names: Sequence[str]) -> Callable[[Any], bool]:
    tests = [TYPES[name][1] for name in names]
    return tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)


def _assertion(keyword: str, argument: Any) -> Check:
    speaks_about, keeps, words = ASSERTIONS[keyword]
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
