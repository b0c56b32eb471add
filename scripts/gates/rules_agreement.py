"""The gate between contract and rules: what the contract forbids, the compiled rules refuse.

The jsonschema library says what the contract forbids, so that no code is shared with the rules.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from friendli_facade._rules.constraints import ANNOTATIONS
from friendli_facade._rules.schemas import Check, Schemas
from friendli_facade._rules.violations import Violation, shortened
from scripts.contract.documents import Json, operations
from scripts.contract.sample_values import Values

_REPAIR = (
    "run scripts/generate, and if it stays, mend scripts/generation/rules.py or the rules engine"
)
_WITH_PARTS = {"properties", "prefixItems", "items", "additionalProperties"}

# Puts a value where a constraint stands, in a body that is right otherwise.
Place = Callable[[Any], Any]


@attrs.frozen
class Constraint:
    """One keyword of a schema, and where it stands."""

    path: str
    keyword: str
    schema: Mapping[str, Any]
    place: Place


def problems(
    document: Json, rules: Mapping[str, Any], schemas: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Where the rules of requests (`OPERATIONS` and `SCHEMAS`) say less, or more, than a contract.

    Empty where the two agree on values on both sides of every constraint. Raises ContractError
    for a schema that none of our values fits.
    """
    compiled, found = Schemas(schemas), list[str]()
    for *_, operation in operations(document):
        name = operation["operationId"]
        if name not in rules:
            found.append(f"{name} is in the contract and not in the rules: run scripts/generate")
            continue
        content = operation.get("requestBody", {}).get("content", {})
        if body := content.get("application/json", {}).get("schema"):
            check = compiled.compile(rules[name]["body"] or {})
            found += _disagreements(name, "body", body, check, Values(document))
        for parameter in operation.get("parameters", ()):
            header = parameter["name"]
            check = compiled.compile(rules[name]["parameters"].get(header, {}).get("schema", {}))
            found += _disagreements(
                name, header, parameter.get("schema", {}), check, Values(document)
            )
    return found


def _disagreements(
    operation: str, root: str, schema: Json, check: Check, values: Values
) -> Iterator[str]:
    for one in constraints(schema, values, root):
        argument = shortened(one.schema[one.keyword])
        name = f"{operation}: {one.path} has `{one.keyword}: {argument}`"
        try:
            tried = values.around(one.keyword, one.schema)
        except KeyError:
            yield f"{name}, and scripts/contract/sample_values.py knows no values for it: add some"
            continue
        beside = (one.keyword, "properties", "prefixItems")
        alone = {keyword: one.schema[keyword] for keyword in beside if keyword in one.schema}
        breaking = [value for value in tried if not values.is_allowed(value, alone)]
        if not breaking:
            room = "scripts/contract/sample_values.py"
            yield f"{name}, and {room} knows no value that breaks it: add one"
        for value in tried:
            body, violations = one.place(value), list[Violation]()
            check(body, "", violations)
            if values.is_allowed(body, schema):
                if violations:
                    shown = f"which allows {shortened(value)}, and the rules refuse it"
                    yield f"{name}, {shown}: {_REPAIR}"
            # What another keyword forbids is that keyword's affair.
            elif value in breaking and not violations:
                shown = f"which forbids {shortened(value)}, and the rules let pass it"
                yield f"{name}, {shown}: {_REPAIR}"


def constraints(
    schema: Any,
    values: Values,
    path: str,
    place: Place = lambda value: value,
    above: frozenset[str] = frozenset(),
) -> Iterator[Constraint]:
    """Every constraint of a schema and of the schemas below it; of those in a circle, once."""
    if schema is False:  # as of a field that may not be there
        schema = {"enum": []}
    for keyword, argument in schema.items():
        match keyword:
            case "$ref":
                if argument not in above:
                    within = values.referred({"$ref": argument})
                    yield from constraints(within, values, path, place, above | {argument})
            case "anyOf" | "oneOf" | "allOf":
                for part in argument:
                    yield from constraints(part, values, path, place, above)
            case _ if keyword in ANNOTATIONS or keyword.startswith("x-"):
                pass
            case _ if keyword in _WITH_PARTS and not isinstance(argument, bool):
                for part, step, put in _parts(keyword, schema, values):
                    inner = _placed(place, put)
                    yield from constraints(part, values, path + step, inner, above)
            case _:
                yield Constraint(path, keyword, schema, place)


def _parts(
    keyword: str, schema: Mapping[str, Any], values: Values
) -> Iterator[tuple[Any, str, Place]]:
    """The schemas below a keyword, the step to each, and how a value gets there."""
    whole, argument = values.allowed(schema), schema[keyword]
    match keyword:
        case "properties":
            for name, part in argument.items():
                yield part, f".{name}", _property(whole, name)
        case "additionalProperties":
            yield argument, ".another", _property(whole, "another")
        case "prefixItems":
            for index, part in enumerate(argument):
                yield part, f"[{index}]", _item(whole, index)
        case _:
            yield argument, "[]", _item(whole, len(schema.get("prefixItems", ())))


def _property(whole: Mapping[str, Any], name: str) -> Place:
    return lambda value: {**whole, name: value}


def _item(whole: Sequence[Any], index: int) -> Place:
    return lambda value: [*whole[:index], value, *whole[index + 1 :]]


def _placed(outer: Place, inner: Place) -> Place:
    return lambda value: outer(inner(value))
