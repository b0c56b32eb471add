"""Callers' objects become JSON's own types, or are refused."""

import collections
import decimal
import enum
import json
import types
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friendli_facade import ValidationError
from friendli_facade._rules.json_types import is_array, is_object
from friendli_facade._rules.json_values import Unknown, exact, plain
from friendli_facade._rules.violations import RefusedError, Violation, reason, refusals, shortened
from tests.transports import Wire, right

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=20,
)


class Text(str):
    """A string by inheritance, that says otherwise of itself."""

    __slots__ = ()

    def __str__(self) -> str:
        return "another"

    def __len__(self) -> int:
        raise RuntimeError("no")


class Whole(int):
    """An integer by inheritance."""

    def __mod__(self, other: object) -> int:
        raise RuntimeError("no")


class Part(float):
    """A number by inheritance."""

    def __lt__(self, other: object) -> bool:
        raise RuntimeError("no")


class Few(enum.IntEnum):
    """An integer with a name."""

    TWO = 2


KINDS: dict[type, Callable[[Any], Any]] = {str: Text, int: Whole, float: Part}


def dressed(value: Any) -> Any:
    """The same value in types by inheritance, and in other containers."""
    if is_array(value):
        return collections.deque(map(dressed, value))
    if is_object(value):
        return types.MappingProxyType({Text(name): dressed(item) for name, item in value.items()})
    return KINDS[type(value)](value) if type(value) in KINDS else value


def kinds(value: Any) -> Any:
    """The types of a value, and of all that is in it."""
    if is_object(value):
        return dict, [(type(name), kinds(item)) for name, item in value.items()]
    return type(value), [kinds(item) for item in value] if is_array(value) else []


@settings(deadline=None)
@given(JSON)
def test_what_inherits_from_jsons_types_becomes_them(value: Any) -> None:
    """Whatever the classes, what goes out has JSON's own types, and the value that came in."""
    found = plain(dressed(value))
    assert kinds(found) == kinds(value)
    assert json.dumps(found) == json.dumps(value)


def test_an_enumeration_is_its_value() -> None:
    """A member that is a number or a string is that."""
    assert (plain(Few.TWO), type(plain(Few.TWO))) == (2, int)


@pytest.mark.parametrize(
    "value",
    [{1}, b"x", decimal.Decimal(1), object(), 1j, ..., mock.Mock(spec=str)],
    ids=lambda value: type(value).__name__,
)
def test_what_json_does_not_have_is_unknown(value: object) -> None:
    """For anything else stands something that is shown in the same way."""
    found = plain([value])
    assert [type(one) for one in found] == [Unknown]
    assert shortened(found) == shortened([value])


def test_what_claims_to_be_something_else_is_unknown() -> None:
    """A mock, or a weak reference to something that is gone, is not what it seems to be."""
    assert isinstance(exact(mock.Mock(spec=dict)), Unknown)
    value = object()
    assert exact(value) is value


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ({"x": object()}, "image.x must be a string, number, bool, None, list or mapping, as JSON"),
        ({"x": [{1}]}, "image.x[0] must be a string, number, bool, None, list or mapping, as JSON"),
        ({"x": b"x"}, "image.x must be a string, number, bool, None, list or mapping, as JSON has"),
        ({"a b": decimal.Decimal(1)}, "image.'a b' must be a string, number, bool, None, list or"),
        ({"\ud800": 1}, r"image must have names that UTF-8 can encode; '\ud800' has half of a su"),
        ({1: 1}, "image must have names that are strings; 1 is none"),
        ({"x": "\ud800"}, "image.x must be text that UTF-8 can encode: it has half of a surrogate"),
        ({"x": range(10**9)}, "image must hold at most 10000 values"),
        ({"image": object()}, "image.image must be a string, not <object object at"),
    ],
)
def test_what_is_beside_a_picture_is_checked(inside: dict[Any, Any], said: str) -> None:
    """What `{"image": ...}` holds further must be JSON, and is named where it is not."""
    wire = Wire(right)
    image: Any = {"image": "https://e/x", **inside}
    with pytest.raises(ValidationError) as refused:
        wire.sync().container.image.edit(image=image, prompt="p")
    assert str(refused.value).startswith(said)
    assert len(refused.value.violations) == 1
    assert wire.requests == []


def test_what_holds_itself_is_refused() -> None:
    """A list or mapping within itself, or deeper than anybody writes, is refused as a whole."""
    cyclic: list[Any] = []
    cyclic.append({"x": cyclic})
    deep: Any = "end"
    for _ in range(49):
        deep = [deep]
    assert plain(deep) == deep
    for value in (cyclic, [deep]):
        with pytest.raises(RefusedError, match="must be at most 50 levels deep"):
            plain(value)


def test_whatever_is_raised_becomes_a_violation() -> None:
    """What a caller's object raises is told with its name, and shortened."""

    class BrokenError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    found: list[Violation] = []
    for error in (
        ValueError("x\n" * 200),
        KeyError("k"),
        MemoryError(),
        BrokenError(),
        OSError(13, "no"),
    ):
        with refusals("image", 5, found):
            raise error
    with refusals("image", 5, found):
        raise RefusedError("must be more", ".x")
    said = [str(violation) for violation in found]
    assert said[0].startswith("image must be readable (ValueError: x\\nx\\n")
    assert len(said[0]) < 300
    assert said[1:] == [
        "image must be readable (KeyError: 'k'), not 5",
        "image must be readable (MemoryError), not 5",
        "image must be readable (BrokenError), not 5",
        "image must be readable ([Errno 13] no), not 5",
        "image.x must be more, not 5",
    ]
    assert reason(OSError("no number")) == "OSError: no number"


def test_control_characters_are_shown_escaped() -> None:
    """No value can begin a new line of a log, or turn its direction."""

    class Forged:
        def __repr__(self) -> str:
            return "a\nERROR \x1b[31m \u202e \ud800"

    assert shortened(Forged()) == r"a\nERROR \x1b[31m \u202e \ud800"
    assert shortened("\u202e") == r"'\u202e'"
