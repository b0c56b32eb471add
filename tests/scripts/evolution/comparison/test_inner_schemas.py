"""Changes inside of schemas: what lies in lists, tuples, maps and objects, word for word."""

from typing import Any

import pytest

from tests.scripts.evolution.comparison.mutations import judged, listed
from tests.scripts.evolution.contracts import (
    ANSWER,
    COMPATIBLE,
    REQUEST,
    REQUESTS,
    compared,
    mutated,
    probing,
)

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}
NULL = {"type": "null"}
OBJECT: Any = {"type": "object"}
IMAGE = {"$ref": "#/components/schemas/ImageInput"}


def pair(*schemas: Any, **more: Any) -> Any:
    return {"type": "array", "prefixItems": list(schemas), **more}


def fields(required: Any = (), **properties: Any) -> Any:
    return {"type": "object", "properties": properties, "required": list(required)}


# Old, new, and each change for requests: place below the probe, words, meaning.
CHANGES: dict[str, tuple[Any, Any, list[tuple[str, str, str]]]] = {
    "further fields, no more": (
        {**OBJECT, "additionalProperties": TEXT},
        {**OBJECT, "additionalProperties": False},
        [("", "no further field is possible", REQUESTS)],
    ),
    "further fields, at last": (
        {**OBJECT, "additionalProperties": False},
        {**OBJECT, "additionalProperties": TEXT},
        [("", "further fields are now possible", COMPATIBLE)],
    ),
    "further fields of another type": (
        {**OBJECT, "additionalProperties": TEXT},
        {**OBJECT, "additionalProperties": WHOLE},
        [("{}", "the type changed from a string to an integer", REQUESTS)],
    ),
    "further fields of any type": (
        {**OBJECT, "additionalProperties": TEXT},
        OBJECT,
        [("{}", "the type changed from a string to any value", COMPATIBLE)],
    ),
    "no further fields, as before": (
        {**OBJECT, "additionalProperties": False, "minProperties": 1},
        {**OBJECT, "additionalProperties": False, "minProperties": 2},
        [
            (
                "",
                "the limit minProperties changed from `at least 1 fields` to `at least 2 fields`",
                REQUESTS,
            )
        ],
    ),
    "greatest numbers of fields": (
        {**OBJECT, "maxProperties": 1},
        {**OBJECT, "maxProperties": 2},
        [
            (
                "",
                "the limit maxProperties changed from `at most 1 fields` to `at most 2 fields`",
                COMPATIBLE,
            )
        ],
    ),
    "the first of a tuple": (
        pair(TEXT, NUMBER),
        pair(WHOLE, NUMBER),
        [("[0]", "the type changed from a string to an integer", REQUESTS)],
    ),
    "the second of a tuple": (
        pair(TEXT, NUMBER),
        pair(TEXT, WHOLE),
        [("[1]", "the type changed from a number to an integer", REQUESTS)],
    ),
    "a tuple that grew": (
        pair(TEXT, items=NUMBER),
        pair(TEXT, WHOLE, items=NUMBER),
        [("[1]", "the type changed from a number to an integer", REQUESTS)],
    ),
    "a tuple that shrank": (
        pair(TEXT, WHOLE, items=NUMBER),
        pair(TEXT, items=NUMBER),
        [("[1]", "the type changed from an integer to a number", COMPATIBLE)],
    ),
    "a list in a list": (
        listed(listed(TEXT)),
        listed(listed({**TEXT, "maxLength": 3})),
        [("[][]", "the limit maxLength `at most 3 characters` is new", REQUESTS)],
    ),
    "a field that is required, and not described": (
        OBJECT,
        {**OBJECT, "required": ["a"]},
        [(".a", "was added, and is required", REQUESTS)],
    ),
    "a field that was required, and not described": (
        {**OBJECT, "required": ["a"]},
        OBJECT,
        [(".a", "was removed", REQUESTS)],
    ),
    "a field that is described at last": (
        {**OBJECT, "required": ["a"]},
        fields(["a"], a=TEXT),
        [(".a", "the type changed from any value to a string", REQUESTS)],
    ),
    "a field of a field": (
        fields(a=fields(b=TEXT)),
        fields(a=fields(["b"], b=TEXT)),
        [(".a.b", "is now required", REQUESTS)],
    ),
    "two kinds for two others": (
        {"anyOf": [TEXT, {"type": "boolean"}]},
        {"anyOf": [WHOLE, OBJECT]},
        [("", "the type changed from a string or a bool to an integer or an object", REQUESTS)],
    ),
    "a number that may be any": (
        {**WHOLE, "maximum": 3},
        {**NUMBER, "maximum": 2.5},
        [
            ("", "the type changed from an integer to a number", COMPATIBLE),
            ("", "the upper bound changed from `at most 3` to `at most 2.5`", REQUESTS),
        ],
    ),
    "a list of pictures": (
        listed(IMAGE, maxItems=2),
        IMAGE,
        [("", "the type changed from a list of ImageInput to ImageInput", REQUESTS)],
    ),
    "a value more than a bound, for a lower one that is allowed": (
        {**NUMBER, "exclusiveMinimum": 1},
        {**NUMBER, "minimum": 0},
        [("", "the lower bound changed from `more than 1` to `at least 0`", COMPATIBLE)],
    ),
    "a value less than a bound, for a higher one that is allowed": (
        {**NUMBER, "exclusiveMaximum": 1},
        {**NUMBER, "maximum": 2},
        [("", "the upper bound changed from `less than 1` to `at most 2`", COMPATIBLE)],
    ),
    "the closest of two lists": (
        {"anyOf": [listed(TEXT), listed(WHOLE)]},
        {"anyOf": [listed({**TEXT, "maxLength": 3}), listed(WHOLE, maxItems=3)]},
        [
            ("", "the limit maxItems `at most 3 items` is new", REQUESTS),
            ("[]", "the limit maxLength `at most 3 characters` is new", REQUESTS),
        ],
    ),
    "two kinds for any": (
        {},
        {"anyOf": [TEXT, WHOLE]},
        [("", "the type changed from any value to a string or an integer", REQUESTS)],
    ),
    "any kind for two": (
        {"anyOf": [TEXT, NULL]},
        {},
        [("", "the type changed from a string to any value", COMPATIBLE)],
    ),
    "a kind where nothing was possible": (
        False,
        TEXT,
        [("", "a string is now possible", COMPATIBLE)],
    ),
    "nothing where a kind was possible": (
        {"type": "array", "items": listed(TEXT)},
        False,
        [("", "a list of array is no longer possible", REQUESTS)],
    ),
    "a multiple, no more": (
        {**WHOLE, "multipleOf": 8},
        WHOLE,
        [("", "need no longer be a multiple of 8", COMPATIBLE)],
    ),
    "a finer multiple": (
        {**WHOLE, "multipleOf": 8},
        {**WHOLE, "multipleOf": 4},
        [("", "must be a multiple of 4, no longer of 8", COMPATIBLE)],
    ),
    "items that may repeat": (
        listed(TEXT, uniqueItems=True),
        listed(TEXT),
        [("", "items may now repeat", COMPATIBLE)],
    ),
    "an enum less": (
        {"enum": ["a", "b"]},
        TEXT,
        [("", 'is no longer limited to "a", "b"', COMPATIBLE)],
    ),
    "several that may fit": (
        {"oneOf": [fields(a=TEXT), IMAGE]},
        {"anyOf": [fields(a=TEXT), IMAGE]},
        [("", "several may fit now", COMPATIBLE)],
    ),
    "one of several that might fit": (
        {"oneOf": [fields(a=TEXT), IMAGE]},
        IMAGE,
        [("", "an object is no longer possible", REQUESTS)],
    ),
    "an encoding, no more": (
        {**TEXT, "contentMediaType": "image/png"},
        TEXT,
        [("", 'contentMediaType "image/png" is gone', REQUESTS)],
    ),
    "a format, no more": (
        {**TEXT, "format": "uri"},
        TEXT,
        [("", 'format "uri" is gone', COMPATIBLE)],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_is_said_once_at_its_place(name: str) -> None:
    """Word for word, with what it means for callers."""
    old, new, changes = CHANGES[name]
    found = [
        (place.removeprefix(f"{REQUEST}.probe"), said, meaning)
        for place, said, meaning in judged(REQUEST, old, new)
    ]
    assert found == changes


def advice(where: str, old: Any, new: Any) -> set[str]:
    """What the facade must do about a change of a field."""
    changes = compared(mutated(probing(where, old)), mutated(probing(where, new)))
    return {change.facade for change in changes}


@pytest.mark.parametrize(
    ("old", "new", "request_advice", "answer_advice"),
    [
        (TEXT, WHOLE, "follow in the type of `probe`", "read it so in the result"),
        (
            fields(a=TEXT),
            fields(a=WHOLE),
            "check what `probe` is made of",
            "read it so in the result",
        ),
        (
            {**TEXT, "default": "a"},
            TEXT,
            "nothing: the docstring of `probe` follows",
            "nothing: the generated code follows",
        ),
        (TEXT, {**TEXT, "readOnly": True}, "check `probe`", "read it so in the result"),
        (
            {**TEXT, "maxLength": 3},
            TEXT,
            "correct README.md; docstring and checks of `probe` follow",
            "read it so in the result",
        ),
        (
            {**TEXT, "format": "a"},
            TEXT,
            "follow in the type of `probe`",
            "read it so in the result",
        ),
    ],
)
def test_what_the_facade_must_do_depends_on_the_place(
    old: Any, new: Any, request_advice: str, answer_advice: str
) -> None:
    """An argument is followed in its signature, what lies in one in what it is made of."""
    assert advice(REQUEST, old, new) == {request_advice}
    assert advice(ANSWER, old, new) == {answer_advice}


def test_a_flag_that_was_written_out_is_none() -> None:
    """Saying no is saying nothing; and a flag that is taken back breaks nothing."""
    for flag in ("deprecated", "readOnly", "writeOnly"):
        assert judged(REQUEST, {**TEXT, flag: False}, TEXT) == []
        for where in (REQUEST, ANSWER):
            [(_, said, meaning)] = judged(where, {**TEXT, flag: True}, TEXT)
            assert (said, meaning) == (f"is no longer {flag}", COMPATIBLE)
