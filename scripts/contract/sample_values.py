"""JSON values on both sides of each constraint of a schema."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from friendli_facade._rules.json_types import is_object
from scripts.contract.documents import ContractError, Json
from scripts.contract.validation import validator

# A picture of one pixel, as PNG.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="
)
ONE_OF_EACH_TYPE: tuple[Any, ...] = (None, True, 1, 1.5, "another", [], {})
_TEXTS = ("", "x", "X", "0", " ", "-", "\n", "é", "another", "a:0")
# What keeps to a format that is looked into by whoever reads a value.
_FORMATS = {
    "date": "2026-01-02",
    "date-time": "2026-01-02T03:04:05+00:00",
    "uuid": "12345678-1234-5678-1234-567812345678",
}
# keyword: values that keep to it and values that break it, from its argument
_AROUND: dict[str, Callable[[Any], list[Any]]] = {
    "type": lambda _: list(ONE_OF_EACH_TYPE),
    "enum": lambda values: [*values, *ONE_OF_EACH_TYPE],
    "minimum": lambda bound: [bound, bound - 1],
    "maximum": lambda bound: [bound, bound + 1],
    "exclusiveMinimum": lambda bound: [bound + 1, bound],
    "exclusiveMaximum": lambda bound: [bound - 1, bound],
    "multipleOf": lambda step: [step, step * 2, step * 1.5],
    "minLength": lambda length: ["x" * length, "x" * max(length - 1, 0)],
    "maxLength": lambda length: ["x" * length, "x" * (length + 1)],
    "pattern": lambda _: list(_TEXTS),
}


class Values:
    """Values for the schemas of a document."""

    def __init__(self, document: Json) -> None:
        self._document = document

    def referred(self, schema: Any) -> Any:
        """A schema, or the one that it refers to."""
        if is_object(schema) and "$ref" in schema:
            return self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def is_allowed(self, value: Any, schema: Any) -> bool:
        """Whether the jsonschema library finds nothing wrong with a value."""
        return schema is True or (
            schema is not False and validator(schema, self._document).is_valid(value)
        )

    def allowed(self, schema: Any) -> Any:
        """A value that the schema allows, None last of all; raises ContractError."""
        try:
            guesses = list(self._guesses(self.referred(schema)))
        except RecursionError:
            raise ContractError(f"no value is finite that fits {schema}") from None
        for value in sorted(guesses, key=lambda value: value is None):
            if self.is_allowed(value, schema):
                return value
        raise ContractError(f"no value is found that fits {schema}: give the schema an example")

    def variety(self, schema: Any, above: frozenset[str] = frozenset()) -> Iterator[Any]:
        """Values that differ in all that a schema leaves open: kinds, and fields that may lack."""
        reference: str = schema.get("$ref", "")
        if reference in above:
            return
        above |= {reference} - {""}
        target: Any = self.referred(schema)
        match target:
            case {"anyOf": parts} | {"oneOf": parts}:
                for part in parts:
                    yield from self.variety(part, above)
            case {"type": "array", "items": items}:
                every = list(self.variety(items, above))
                yield every if self.is_allowed(every, target) else self.allowed(target)
            case {"type": "object", "properties": fields}:
                required: Sequence[str] = target.get("required", ())
                kinds = {name: list(self.variety(part, above)) for name, part in fields.items()}
                whole = {name: found[0] for name, found in kinds.items() if found}
                yield whole
                for name, found in kinds.items():
                    yield from ({**whole, name: value} for value in found[1:])
                    if name not in required:
                        yield {key: value for key, value in whole.items() if key != name}
            case _:
                yield self.allowed(target)

    def around(self, keyword: str, schema: Mapping[str, Any]) -> list[Any]:
        """Values that keep to and break one keyword of a schema, in no order."""
        argument = schema[keyword]
        match keyword:
            case "required":
                whole = self.allowed(schema)
                return [{k: v for k, v in whole.items() if k != name} for name in argument]
            case "additionalProperties":
                return [{**self.allowed(schema), "another": value} for value in ONE_OF_EACH_TYPE]
            case "items":
                before = [self.allowed(part) for part in schema.get("prefixItems", ())]
                return [[*before, value] for value in ONE_OF_EACH_TYPE]
            case "minItems" | "maxItems" | "uniqueItems":
                item = self.allowed(schema.get("items", True))
                return [[item] * count for count in {0, 2, argument - 1, argument, argument + 1}]
            case _:
                return _AROUND[keyword](argument)

    def _guesses(self, schema: Any) -> Iterator[Any]:
        """Values to try: what the schema itself says first, then what its bounds suggest."""
        if not is_object(schema) or not schema:
            yield "x"
            return
        yield from (schema[name] for name in ("example", "default") if name in schema)
        yield from (*schema.get("examples", ()), *schema.get("enum", ()))
        for union in ("anyOf", "oneOf", "allOf"):
            for part in schema.get(union, ()):
                yield from self._guesses(self.referred(part))
        if "type" in schema:
            yield from self._of_type(schema["type"], schema)

    def _of_type(self, kind: str, schema: Mapping[str, Any]) -> Iterator[Any]:
        match kind:
            case "object":
                properties = schema.get("properties", {})
                names = schema.get("required", ())
                yield {name: self.allowed(properties.get(name, True)) for name in names}
            case "array":
                first = [self.allowed(part) for part in schema.get("prefixItems", ())]
                yield first
                further = max(schema.get("minItems", 1), 1) - len(first)
                if further > 0:
                    yield [*first, *[self.allowed(schema.get("items", True))] * further]
            case "string" if schema.get("contentEncoding") == "base64":
                yield base64.b64encode(PICTURE).decode()
            case "string":
                if schema.get("format") in _FORMATS:
                    yield _FORMATS[schema["format"]]
                yield "x" * max(schema.get("minLength", 1), 1)
                yield from _TEXTS
            case "null":
                yield None
            case _:
                yield from (True, 1, 0.5, 0)
                for bound in ("minimum", "exclusiveMinimum", "maximum", "multipleOf"):
                    if bound in schema:
                        yield from (schema[bound], schema[bound] + 1)
