"""The types of JSON values, as Python has them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether JSON would call it a number; Python's bool, an int by birth, is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_array(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether JSON would write it as an array."""
    return isinstance(value, list | tuple)


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether JSON would write it as an object."""
    return isinstance(value, Mapping)


def one_spelling(value: Any) -> Any:
    """A number as it is, and 3.0 as 3: to JSON Schema these are the same."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_string(value: object) -> bool:
    """Whether JSON would write it as a string."""
    return isinstance(value, str)


TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "array": ("a list", is_array),
    "boolean": ("a bool", lambda value: isinstance(value, bool)),
    # JSON Schema's integer is a number without a fraction: 20.0 is one.
    "integer": ("an integer", lambda value: is_number(value) and value % 1 == 0),
    "null": ("None", lambda value: value is None),
    "number": ("a number", is_number),
    "object": ("an object", is_object),
    "string": ("a string", is_string),
}
