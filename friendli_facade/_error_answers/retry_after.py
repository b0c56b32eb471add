"""Reads the Retry-After header (RFC 9110, section 10.2.3)."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds(value: str | None, now: datetime) -> float | None:
    """How long to wait, infinity included; None for no value, a malformed one or a past one."""
    if value is None:
        return None
    try:
        wait = float(value)
    except ValueError:
        wait = _until(value, now)
    return wait if wait >= 0 else None  # NaN is not


def _until(value: str, now: datetime) -> float:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return math.nan
    return (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds()
