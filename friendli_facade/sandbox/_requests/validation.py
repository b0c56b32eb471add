"""What is wrong with a request body, worded as FastAPI and pydantic word it."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, cast

from jsonschema.exceptions import ValidationError

from friendli_facade.sandbox._messages import RefusalError, Request
from friendli_facade.sandbox._requests.operations import Operation

Violation = dict[str, Any]
Path = tuple[str | int, ...]

_TYPES = {
    "array": ("list_type", "Input should be a valid list"),
    "boolean": ("bool_type", "Input should be a valid boolean"),
    "integer": ("int_type", "Input should be a valid integer"),
    "null": ("none_required", "Input should be None"),
    "number": ("float_type", "Input should be a valid number"),
    "object": (
        "model_attributes_type",
        "Input should be a valid dictionary or object to extract fields from",
    ),
    "string": ("string_type", "Input should be a valid string"),
}

# keyword: (type, message, name of the bound in `ctx`)
_BOUNDS = {
    "minimum": ("greater_than_equal", "Input should be greater than or equal to {}", "ge"),
    "maximum": ("less_than_equal", "Input should be less than or equal to {}", "le"),
    "exclusiveMinimum": ("greater_than", "Input should be greater than {}", "gt"),
    "exclusiveMaximum": ("less_than", "Input should be less than {}", "lt"),
    "multipleOf": ("multiple_of", "Input should be a multiple of {}", "multiple_of"),
    "pattern": ("string_pattern_mismatch", "String should match pattern '{}'", "pattern"),
    "minLength": ("string_too_short", "String should have at least {} character{s}", "min_length"),
    "maxLength": ("string_too_long", "String should have at most {} character{s}", "max_length"),
    "minItems": (
        "too_short",
        "List should have at least {} item{s} after validation, not {count}",
        "min_length",
    ),
    "maxItems": (
        "too_long",
        "List should have at most {} item{s} after validation, not {count}",
        "max_length",
    ),
}


def parsed(request: Request) -> Any:
    """The JSON value of a request's body; refuses what FastAPI would not parse."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not request.body:
        raise RefusalError(422, [violation("missing", (), "Field required", None)])
    if media_type != "application/json" and not (
        media_type.startswith("application/") and media_type.endswith("+json")
    ):
        text = request.body[:1000].decode(errors="replace")
        raise RefusalError(422, [violation(_TYPES["object"][0], (), _TYPES["object"][1], text)])
    try:
        return json.loads(request.body, parse_constant=_refused_number, parse_float=_finite)
    except json.JSONDecodeError as error:
        wrong, position = error.msg, error.pos
    except _OutOfRangeError as error:
        wrong, position = str(error), 0
    except (ValueError, RecursionError) as error:
        # Bytes in no known encoding, an integer of thousands of digits, endless brackets.
        raise RefusalError(400, "There was an error parsing the body") from error
    details = violation("json_invalid", (position,), "JSON decode error", {})
    raise RefusalError(422, [{**details, "ctx": {"error": wrong}}])


class _OutOfRangeError(Exception): ...


def _refused_number(text: str) -> float:
    raise _OutOfRangeError(f"{text} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _OutOfRangeError("Number out of range")
    return number


def violations(operation: Operation, body: Any) -> list[Violation]:
    """Every way in which a body breaks its schema."""
    try:
        errors = list(operation.validator.iter_errors(body))
    except RecursionError:
        # Each error prints its value, and brackets can nest too deep for that.
        raise RefusalError(400, "There was an error parsing the body") from None
    found = [one for error in errors for one in _explained(error)]
    # Each missing field is an error of its own that names all of the required ones.
    return list({(one["type"], tuple(one["loc"])): one for one in found}.values())


def violation(kind: str, path: Path, message: str, value: Any) -> Violation:
    """One entry of a 422's `detail`, about the value at `path` in the body."""
    return {"type": kind, "loc": ["body", *path], "msg": message, "input": _shortened(value)}


def out_of_bounds(keyword: str, bound: Any, path: Path, value: Any) -> Violation:
    """A violation of a JSON Schema keyword that bounds a number, a text or a list."""
    kind, message, name = _BOUNDS[keyword]
    context = {name: bound}
    if isinstance(value, list):
        count = len(value)  # pyright: ignore[reportUnknownArgumentType]
        context = {"field_type": "List", name: bound, "actual_length": count}
    message = message.format(bound, s="" if bound == 1 else "s", count=context.get("actual_length"))
    return {**violation(kind, path, message, value), "ctx": context}


def _explained(error: ValidationError) -> Iterator[Violation]:
    path, value = tuple(error.absolute_path), cast("Any", error.instance)
    bound, schema = cast("Any", error.validator_value), cast("Mapping[str, Any]", error.schema)
    keyword = str(error.validator)
    if keyword in {"anyOf", "oneOf"} and error.context:
        yield from _union(error.context)
    elif keyword == "required":
        missing = [name for name in bound if name not in value]
        yield from (violation("missing", (*path, n), "Field required", value) for n in missing)
    elif keyword == "type":
        # pydantic calls a value outside of a literal that, whatever its type.
        if not schema.keys() & {"enum", "const"}:
            names = [bound] if isinstance(bound, str) else [n for n in bound if n != "null"]
            yield from (violation(*_type(name, value, path), value) for name in names)
    elif keyword in {"enum", "const"}:
        expected = _alternatives([repr(one) for one in (bound if keyword == "enum" else [bound])])
        found = violation("literal_error", path, f"Input should be {expected}", value)
        yield {**found, "ctx": {"expected": expected}}
    elif keyword == "additionalProperties" and bound is False:
        unknown = [name for name in value if name not in schema.get("properties", {})]
        message = "Extra inputs are not permitted"
        yield from (
            violation("extra_forbidden", (*path, name), message, value[name]) for name in unknown
        )
    elif keyword in _BOUNDS:
        yield out_of_bounds(keyword, bound, path, value)
    else:
        yield violation("value_error", path, f"Value error, {error.message[:200]}", value)


def _union(errors: list[ValidationError]) -> Iterator[Violation]:
    """What is wrong with the alternatives that a value's type fits, or else with all."""
    branches: dict[int | str, list[ValidationError]] = {}
    for error in errors:
        branches.setdefault(error.relative_schema_path[0], []).append(error)

    def is_unfit(branch: list[ValidationError]) -> bool:
        return any(error.validator == "type" and not error.relative_path for error in branch)

    fitting = [branch for branch in branches.values() if not is_unfit(branch)]
    for branch in fitting or branches.values():
        for error in branch:
            if error.validator_value != "null":
                yield from _explained(error)


def _type(name: str, value: Any, path: Path) -> tuple[str, Path, str]:
    kind, message = _TYPES[name]
    if isinstance(value, str):
        match name:
            case "boolean":
                kind, message = "bool_parsing", f"{message}, unable to interpret input"
            case "integer":
                kind = "int_parsing"
                message = f"{message}, unable to parse string as an integer"
            case "number":
                kind = "float_parsing"
                message = f"{message}, unable to parse string as a number"
            case "string":
                kind = "string_unicode"
                message = f"{message}, unable to parse raw data as a unicode string"
            case _:
                pass
    elif isinstance(value, float) and name == "integer":
        kind, message = "int_from_float", f"{message}, got a number with a fractional part"
    return kind, path, message


def _alternatives(names: list[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _shortened(value: Any, depth: int = 3) -> Any:
    match value:
        case str() if len(value) > 200:
            return f"{value[:100]}…"
        case dict() | list() if not depth:
            return "…"
        case dict():
            items: list[tuple[str, Any]] = list(value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            return {name[:100]: _shortened(part, depth - 1) for name, part in items[:20]}
        case list():
            return [_shortened(part, depth - 1) for part in value[:20]]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value
