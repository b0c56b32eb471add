"""The Retry-After header, whatever a server writes into it."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from friendli_facade._error_answers import retry_after
from tests.errors.answered import failure
from tests.transports import always

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Fri, 20 Nov 2026 12:01:30 +0000", 90),
        ("Fri, 20 Nov 2026 14:01:30 +0200", 90),
        ("Fri, 20 Nov 2026 07:01:30 EST", 90),
        ("Fri, 20 Nov 2026 12:01:30 -0000", 90),
        ("Fri, 20 Nov 2026 12:01:30 XYZ", 90),
        ("Fri, 20 Nov 2026 12:01:30 +2400", None),
        ("Fri, 20 Nov 2026 12:01:30 -9999", None),
        ("Fri, 20 Nov 2026 12:01:30 +99999999999999999999", None),
        ("+9999", 9999),
        ("Sun-Feb24:0099999", None),
        ("Sun, 31 Feb 2026 12:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 251_607_211_139),
        ("Mon, 01 Jan 0001 00:00:00 +2359", None),
        ("Fri, 20 Nov 2026 12:00:00 GMT", 0),
        ("Fri, 20 Nov 2026 11:59:59 GMT", None),
        ("0", 0),
        ("0.5", 0.5),
        ("-0.5", None),
    ],
)
def test_dates_of_other_zones_are_read(value: str, expected: float | None) -> None:
    """An offset counts, a zone that nobody knows is Greenwich's, and what is no date is absent."""
    assert retry_after.seconds(value, NOW) == expected
    error = failure(always(429, headers={"Retry-After": value}))
    assert error.retry_after is None or expected is not None


WORDS = st.sampled_from(
    [
        " ",
        ",",
        "-",
        ":",
        "Sun",
        "Sunday",
        "Nov",
        "Feb24",
        "6",
        "31",
        "1994",
        "9999",
        "10000",
        "08:49:37",
        "25:61:61",
        "0099999",
        "T",
        "Z",
        "GMT",
        "EST",
        "XYZ",
        "+0000",
        "+9999",
        "-2359",
    ]
)


@given(value=st.text() | st.lists(WORDS, max_size=9).map("".join) | st.floats().map(str))
@example("\x00")
@example("٣")
def test_no_value_is_an_error(value: str) -> None:
    """Warnings are errors here: none is raised, and what is read is no negative number."""
    seconds = retry_after.seconds(value, NOW)
    assert seconds is None or seconds >= 0
