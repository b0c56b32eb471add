"""The keywords of JSON Schema that the rules engine knows, and what each says in words."""

import math
import re
from collections.abc import Callable
from typing import Any

from friendli_facade._rules.json_types import is_array, is_number, is_object, is_string

ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "readOnly"}
    | {"writeOnly", "format", "contentEncoding", "contentMediaType", "discriminator", "$comment"}
)


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
ASSERTIONS: dict[
    str, tuple[Callable[[Any], bool], Callable[[Any, Any], bool], Callable[[Any], str]]
] = {
    "minimum": (is_number, lambda value, to: value >= to, "must be at least {}".format),
    "maximum": (is_number, lambda value, to: value <= to, "must be at most {}".format),
    "exclusiveMinimum": (is_number, lambda value, to: value > to, "must be more than {}".format),
    "exclusiveMaximum": (is_number, lambda value, to: value < to, "must be less than {}".format),
    "multipleOf": (is_number, _is_multiple, "must be a multiple of {}".format),
    "minLength": (
        is_string,
        lambda value, to: len(value) >= to,
        lambda to: "must not be empty" if to == 1 else f"must have at least {to} characters",
    ),
    "maxLength": (
        is_string,
        lambda value, to: len(value) <= to,
        "must have at most {} characters".format,
    ),
    "pattern": (
        is_string,
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

KEYWORDS = frozenset(ASSERTIONS) | {
    *("type", "$ref", "properties", "required", "additionalProperties", "items", "prefixItems"),
    *("anyOf", "oneOf", "allOf"),
}
