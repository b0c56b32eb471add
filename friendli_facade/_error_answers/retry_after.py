"""Reads the Retry-After header (RFC 9110, section 10.2.3)."""

import math
import re
from datetime import UTC, datetime

_WEEKDAY_FIRST = re.compile(r"[A-Z][a-z]{2}")  # all three forms of an HTTP date


def seconds(value: str | None, now: datetime) -> float | None:
    """How long to wait, infinity included; None for no value, a malformed one or a past one."""
    if value is None:
        return None
    try:
        wait = float(value)
    except ValueError:
        wait = _until(value.strip(), now)
    return wait if wait >= 0 else None  # NaN is not


def _until(value: str, now: datetime) -> float:
    if not _WEEKDAY_FIRST.match(value):
        return math.nan
    from dateutil import parser  # costs more to import than httpx's whole client

    try:
        date = parser.parse(value)
    except (ValueError, OverflowError):
        return math.nan
    return (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds()
