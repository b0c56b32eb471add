"""What a caller gives, in JSON's own types.

A caller's object may hold itself, have no end, or be a subclass that does as it likes. What goes
out of here is exactly str, int, float, bool, None, list and dict, and `Unknown` for the rest.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, cast

from friendli_facade._rules.violations import RefusedError, shortened

_MOST_LEVELS = 50
_MOST_VALUES = 10_000


class Unknown:
    """Stands for an object for which JSON has no type, and is shown as that object is."""

    def __init__(self, shown: str) -> None:
        self._shown = shown

    def __repr__(self) -> str:
        return self._shown


def plain(value: object) -> Any:
    """`value` in JSON's own types; raises RefusedError, and whatever the value's methods raise."""
    return _plain(value, _MOST_LEVELS, count())


def exact(value: object) -> Any:
    """A text, number, bool or None as exactly that type; else `value`, if it is what it claims.

    A mock or a lazy object claims to be of another class than it is, and a weak reference to
    something that is gone cannot even be asked: these become `Unknown`.
    """
    kind = type(value)
    if issubclass(kind, str):
        return str.__str__(cast("str", value))
    if issubclass(kind, bool):
        return value
    if issubclass(kind, int):
        return int.__int__(cast("int", value))
    if issubclass(kind, float):
        return float.__float__(cast("float", value))
    try:
        is_honest = value.__class__ is kind
    except Exception:
        is_honest = False
    return value if is_honest else Unknown(shortened(value))


def is_sequence(value: object) -> bool:
    """Whether `value` is a sequence of things, which neither text nor bytes are."""
    kind = type(value)
    return issubclass(kind, Sequence) and not issubclass(kind, str | bytes | bytearray | memoryview)


def _plain(value: Any, levels: int, counted: "count[int]") -> Any:
    if next(counted) >= _MOST_VALUES:
        raise RefusedError(f"must hold at most {_MOST_VALUES} values")
    if not levels:
        raise RefusedError(f"must be at most {_MOST_LEVELS} levels deep, and not hold itself")
    if is_sequence(value):
        return [_plain(item, levels - 1, counted) for item in value]
    if issubclass(type(value), Mapping):
        return {_name(name): _plain(item, levels - 1, counted) for name, item in value.items()}
    found = exact(value)
    is_known = found is None or isinstance(found, str | int | float | Unknown)
    return found if is_known else Unknown(shortened(found))


def _name(name: object) -> str:
    if not issubclass(type(name), str):
        raise RefusedError(f"must have names that are strings; {shortened(name)} is none")
    text: str = exact(name)
    try:
        text.encode()
    except UnicodeEncodeError:
        rule = "must have names that UTF-8 can encode; {} has half of a surrogate pair"
        raise RefusedError(rule.format(shortened(text))) from None
    return text
