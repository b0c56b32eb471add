"""Values in messages: short, whatever they are, and never the reason for another error."""

import itertools
import math
from typing import Any

import pytest
from friendli_api import rules

from friendli_facade._rules.schemas import Schemas
from friendli_facade._rules.violations import Violation, shortened

MEGABYTES = 50 * 2**20


class Angry:
    """An object that can be neither shown nor compared."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    __hash__ = object.__hash__


class Long:
    """An object that has much to say."""

    def __repr__(self) -> str:
        return "long " * 10**5


class Whole(int):
    """An integer by inheritance, as IntEnum's members are."""


CYCLE: list[Any] = []
CYCLE.append(CYCLE)


def nested(value: Any, depth: int, width: int) -> Any:
    """Lists of lists of the value."""
    for _ in range(depth):
        value = [value] * width
    return value


VALUES: dict[str, Any] = {
    "text": "x" * MEGABYTES,
    "quotes": "'\"\n" * 1000,
    "control characters": "\x00" * 1000,
    "surrogates": "\ud800" * 1000,
    "emoji": "\N{GRINNING FACE}" * 1000,
    "bytes": b"x" * MEGABYTES,
    "bytearray": bytearray(MEGABYTES),
    "memoryview": memoryview(bytearray(MEGABYTES)),
    "integer": 10**5000,
    "negative integer": -(10**5000),
    "integer by inheritance": Whole(10**5000),
    "infinity": math.inf,
    "not a number": math.nan,
    "angry": Angry(),
    "angry inside": [{"image": Angry()}],
    "long": Long(),
    "long type": type("T" * 1000, (), {})(),
    "list of text": ["x" * 1000] * 1000,
    "list of bytes": [b"x" * 1000] * 1000,
    "object of text": {f"{index}" * 100: "y" * 1000 for index in range(100)},
    "lists in lists": nested("x" * 100, 8, 8),
    "objects in objects": {"a": {"b": {"c": {"d": ["x" * 100] * 10}}}},
    "cycle": CYCLE,
    "set": set(range(10**5)),
    "endless": itertools.count(),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_shown_in_under_a_hundred_characters(name: str) -> None:
    """Whatever the value, its text is one short line of text and none is an error."""
    shown = shortened(VALUES[name])
    assert 0 < len(shown) < 100
    assert len(shown.splitlines()) == 1
    assert shown.encode("utf-8")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (51, "51"),
        (-0.5, "-0.5"),
        ("gif", "'gif'"),
        (None, "None"),
        (True, "True"),
        ([0.5, 1.5], "[0.5, 1.5]"),
        ({"image": "x"}, "{'image': 'x'}"),
        (b"", "<0 bytes>"),
        (bytearray(b"abc"), "<3 bytes>"),
        (memoryview(b"abc"), "<3 bytes>"),
        (b"x" * MEGABYTES, f"<{MEGABYTES} bytes>"),
        (10**20, "1" + "0" * 20),
        pytest.param(10**5000, "<integer of about 5001 digits>", id="huge"),
    ],
)
def test_a_small_value_is_shown_as_python_writes_it(value: object, shown: str) -> None:
    """The caller recognises the argument; a picture is its size."""
    assert shortened(value) == shown


def test_both_ends_of_a_long_text_are_shown() -> None:
    """Of a long text the beginning and the end are left, with dots between."""
    shown = shortened("begin" + "x" * 1000 + "end")
    assert shown.startswith("'begin")
    assert shown.endswith("end'")
    assert "..." in shown


@pytest.mark.parametrize("name", VALUES)
def test_no_argument_breaks_the_check(name: str) -> None:
    """Each field of a body takes any value and says less than 300 characters of it."""
    name_of_body = "DedicatedImageGenerationBody"
    check = Schemas(rules.SCHEMAS).compile({"$ref": f"#/components/schemas/{name_of_body}"})
    for field in rules.SCHEMAS[name_of_body]["properties"]:
        found: list[Violation] = []
        check({"model": "m", "prompt": "p", field: VALUES[name]}, "", found)
        assert all(violation.argument.startswith(field) for violation in found)
        assert max((len(str(violation)) for violation in found), default=0) < 300


def test_a_violation_without_a_value_ends_with_its_rule() -> None:
    """What is missing has no value to show."""
    assert str(Violation("model", "is required")) == "model is required"
    assert str(Violation("steps", "must be at most 50", "51")) == "steps must be at most 50, not 51"


def test_violations_are_values() -> None:
    """Two of the same argument, rule and value are equal, hash alike, and cannot be changed."""
    one, other = Violation("a", "b", "c"), Violation("a", "b", "c")
    assert (one, hash(one)) == (other, hash(other))
    with pytest.raises(AttributeError):
        one.rule = "d"  # type: ignore[misc]
