"""Every kind of change that a schema can see, in a request and in an answer."""

from typing import Any

import pytest

from tests.scripts.evolution.comparison.mutations import judged, listed
from tests.scripts.evolution.contracts import (
    ANSWER,
    COMPATIBLE,
    REQUEST,
    REQUESTS,
    RESPONSES,
)

TEXT = {"type": "string"}
NULL = {"type": "null"}
WHOLE = {"type": "integer"}
IMAGE = {"$ref": "#/components/schemas/ImageInput"}
URL = {"$ref": "#/components/schemas/UrlImageItem"}
PAIR = {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "required": ["a"]}


def number(**bounds: Any) -> Any:
    return {"type": "number", **bounds}


def whole(**bounds: Any) -> Any:
    return {"type": "integer", **bounds}


def either(*schemas: Any) -> Any:
    return {"anyOf": list(schemas)}


# Old, new, and words of the change: the old allows more than the new.
NARROWER: dict[str, tuple[Any, Any, str]] = {
    "an enum that lost a value": ({"enum": ["a", "b"]}, {"enum": ["a"]}, '"b" was removed'),
    "an enum that is new": (TEXT, {**TEXT, "enum": ["a"]}, 'only "a" is possible now'),
    "a const that is new": (TEXT, {**TEXT, "const": "a"}, 'only "a" is possible now'),
    "an enum that became a const": ({"enum": ["a", "b"]}, {"const": "a"}, '"b" was removed'),
    "a minimum": (whole(), whole(minimum=1), "lower bound `at least 1` is new"),
    "a higher minimum": (whole(minimum=1), whole(minimum=2), "`at least 1` to `at least 2`"),
    "a maximum": (number(), number(maximum=50), "upper bound `at most 50` is new"),
    "a lower maximum": (number(maximum=50), number(maximum=40), "`at most 50` to `at most 40`"),
    "an exclusive minimum": (
        number(minimum=0),
        number(exclusiveMinimum=0),
        "`at least 0` to `more than 0`",
    ),
    "an exclusive maximum": (
        number(maximum=1),
        number(exclusiveMaximum=1),
        "`at most 1` to `less than 1`",
    ),
    "a multiple": (whole(), whole(multipleOf=8), "multiple of 8"),
    "a coarser multiple": (whole(multipleOf=8), whole(multipleOf=16), "multiple of 16"),
    "a least length": (TEXT, {**TEXT, "minLength": 1}, "limit minLength `at least 1 characters`"),
    "a shorter greatest length": (
        {**TEXT, "maxLength": 9},
        {**TEXT, "maxLength": 5},
        "`at most 9 characters` to `at most 5 characters`",
    ),
    "a pattern": (TEXT, {**TEXT, "pattern": "^a"}, 'pattern "^a" is new'),
    "a format": (TEXT, {**TEXT, "format": "uri"}, 'format "uri" is new'),
    "a least number of items": (listed(TEXT), listed(TEXT, minItems=1), "at least 1 items"),
    "a greatest number of items": (listed(TEXT), listed(TEXT, maxItems=4), "at most 4 items"),
    "items that may not repeat": (listed(TEXT), listed(TEXT, uniqueItems=True), "no longer repeat"),
    "a least number of fields": (
        {"type": "object"},
        {"type": "object", "minProperties": 1},
        "at least 1 fields",
    ),
    "no null, by anyOf": (either(TEXT, NULL), TEXT, "null is no longer possible"),
    "no null, by a list of types": ({"type": ["string", "null"]}, TEXT, "null is no longer"),
    "no null, by an enum": ({"enum": ["a", None]}, {"enum": ["a"]}, "null is no longer"),
    "a branch less": (either(TEXT, WHOLE), TEXT, "an integer is no longer possible"),
    "a type less": ({"type": ["string", "integer"]}, TEXT, "an integer is no longer possible"),
    "a list less": (either(IMAGE, listed(IMAGE)), IMAGE, "a list of ImageInput is no longer"),
    "a reference less": (either(IMAGE, URL), IMAGE, "UrlImageItem is no longer possible"),
    "integers of numbers": (number(), whole(), "from a number to an integer"),
    "a type where all were possible": ({}, TEXT, "from any value to a string"),
    "an object where all were possible": (
        {"properties": {"a": TEXT}},
        {"properties": {"a": TEXT}, "type": "object"},
        "from any value to an object",
    ),
    "exactly one": (either(URL, IMAGE), {"oneOf": [URL, IMAGE]}, "exactly one"),
    "no further fields": (PAIR, {**PAIR, "additionalProperties": False}, "no further field"),
    "typed further fields": (
        {"type": "object"},
        {"type": "object", "additionalProperties": TEXT},
        "from any value to a string",
    ),
    "stricter items": (listed(whole()), listed(whole(minimum=0)), "`at least 0` is new"),
    "stricter items deep inside": (
        either(listed(listed(number())), NULL),
        either(listed(listed(number(maximum=1))), NULL),
        "`at most 1` is new",
    ),
    "a stricter allOf": ({"allOf": [TEXT]}, {"allOf": [TEXT, {"minLength": 2}]}, "minLength"),
    "a keyword that is not known": (TEXT, {**TEXT, "x": {"deep": 1}}, "x"),
    "a sibling of a union": (
        either(whole(), NULL),
        {**either(whole(), NULL), "minimum": 3},
        "`at least 3` is new",
    ),
}

# The old and the new allow different values.
OTHER: dict[str, tuple[Any, Any, str]] = {
    "another type": (TEXT, WHOLE, "from a string to an integer"),
    "a list in place of one": (TEXT, listed(TEXT), "from a string to a list of string"),
    "an object in place of text": (TEXT, IMAGE, "from a string to ImageInput"),
    "another type of items": (listed(TEXT), listed(WHOLE), "from a string to an integer"),
    "another pattern": (
        {**TEXT, "pattern": "^a"},
        {**TEXT, "pattern": "^b"},
        'pattern changed from "^a" to "^b"',
    ),
    "another format": (
        {**TEXT, "format": "date"},
        {**TEXT, "format": "date-time"},
        'format changed from "date"',
    ),
    "an encoding": (TEXT, {**TEXT, "contentEncoding": "base64"}, "contentEncoding"),
    "no encoding": ({**TEXT, "contentEncoding": "base64"}, TEXT, "contentEncoding"),
    "another multiple": (whole(multipleOf=2), whole(multipleOf=3), "multiple of 3"),
    "a field of it renamed": (
        PAIR,
        {**PAIR, "properties": {"a": TEXT, "c": TEXT}},
        "was removed",
    ),
}

# Nothing that anybody could notice on the wire.
SAME: dict[str, tuple[Any, Any]] = {
    "null by a list of types": (either(TEXT, NULL), {"type": ["string", "null"]}),
    "exactly one of two that differ": (either(TEXT, IMAGE), {"oneOf": [TEXT, IMAGE]}),
    "null by oneOf": (either(TEXT, NULL), {"oneOf": [NULL, TEXT]}),
    "a const for an enum of one": ({"enum": ["a"]}, {"const": "a"}),
    "an enum with its type": ({"enum": ["a"]}, {"type": "string", "enum": ["a"]}),
    "an enum in another order": ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    "branches in another order": (either(TEXT, WHOLE), either(WHOLE, TEXT)),
    "an exclusive bound of integers": (whole(minimum=1), whole(exclusiveMinimum=0)),
    "a least length of nothing": (TEXT, {**TEXT, "minLength": 0}),
    "an allOf around it": (IMAGE, {"allOf": [IMAGE]}),
    "a union in a union": (either(TEXT, WHOLE, NULL), either(either(TEXT, WHOLE), NULL)),
    "a type said beside a union": (
        {"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}]},
    ),
    "a union of one": (TEXT, either(TEXT)),
    "a bound of another type": (TEXT, {**TEXT, "minimum": 3}),
    "required in another order": (
        {**PAIR, "required": ["a", "b"]},
        {**PAIR, "required": ["b", "a"]},
    ),
    "further fields said to be possible": (PAIR, {**PAIR, "additionalProperties": True}),
    "prose": (TEXT, {**TEXT, "title": "Title", "description": "Prose.", "examples": ["a"]}),
}


@pytest.mark.parametrize("name", NARROWER)
def test_a_stricter_schema_breaks_requests_alone(name: str) -> None:
    """What callers sent may be refused now; what they read is as it was."""
    old, new, words = NARROWER[name]
    for where, meaning in ((REQUEST, REQUESTS), (ANSWER, COMPATIBLE)):
        [(place, said, judgement)] = judged(where, old, new)
        assert place.startswith(f"{where}.probe")
        assert words in said
        assert judgement == meaning


@pytest.mark.parametrize("name", NARROWER)
def test_a_freer_schema_breaks_answers_alone(name: str) -> None:
    """The same backwards: callers may send more, and read what they do not expect."""
    new, old, _ = NARROWER[name]
    assert [meaning for *_, meaning in judged(REQUEST, old, new)] == [COMPATIBLE]
    assert [meaning for *_, meaning in judged(ANSWER, old, new)] == [RESPONSES]


@pytest.mark.parametrize("name", OTHER)
def test_another_schema_breaks_both(name: str) -> None:
    """Neither what callers send nor what they read fits any more, in both directions of time."""
    old, new, words = OTHER[name]
    for where, meaning in ((REQUEST, REQUESTS), (ANSWER, RESPONSES)):
        assert any(words in said for _, said, _ in judged(where, old, new))
        assert meaning in {found for *_, found in judged(where, old, new)}
        assert meaning in {found for *_, found in judged(where, new, old)}


@pytest.mark.parametrize("name", SAME)
def test_the_same_in_other_words_is_no_change(name: str) -> None:
    """What allows the same values is the same, however it is written."""
    old, new = SAME[name]
    for where in (REQUEST, ANSWER):
        assert judged(where, old, new) == []
        assert judged(where, new, old) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (WHOLE, {**WHOLE, "default": 20}, "the default 20 is new"),
        ({**WHOLE, "default": 20}, {**WHOLE, "default": 30}, "the default changed from 20 to 30"),
        ({**WHOLE, "default": 20}, WHOLE, "the default 20 is gone"),
        ({**WHOLE, "default": 1}, {**WHOLE, "default": True}, "from 1 to true"),
        ({**WHOLE, "default": 0}, {**WHOLE, "default": 1}, "the default changed from 0 to 1"),
        ({**WHOLE, "default": 1}, {**WHOLE, "default": 0}, "the default changed from 1 to 0"),
        (WHOLE, {**WHOLE, "deprecated": True}, "is now deprecated"),
        ({**WHOLE, "deprecated": True}, WHOLE, "is no longer deprecated"),
    ],
)
def test_annotations_break_nothing(old: Any, new: Any, words: str) -> None:
    """A default or a deprecation is reported, as compatible."""
    for where in (REQUEST, ANSWER):
        [(_, said, meaning)] = judged(where, old, new)
        assert words in said
        assert meaning == COMPATIBLE


@pytest.mark.parametrize(
    ("keyword", "where", "meaning"),
    [
        ("readOnly", REQUEST, REQUESTS),
        ("readOnly", ANSWER, COMPATIBLE),
        ("writeOnly", REQUEST, COMPATIBLE),
        ("writeOnly", ANSWER, RESPONSES),
    ],
)
def test_what_cannot_be_sent_or_read_any_more_breaks(
    keyword: str, where: str, meaning: str
) -> None:
    """A field that became readOnly cannot be sent, and one that became writeOnly not be read."""
    assert [found for *_, found in judged(where, TEXT, {**TEXT, keyword: True})] == [meaning]
