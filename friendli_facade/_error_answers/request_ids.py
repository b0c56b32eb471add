"""Finds what a server calls a request, for those whom it is asked about."""

from collections.abc import Mapping

# The usual name first; the others are those of gateways.
_NAMES = ("x-request-id", "request-id", "x-correlation-id")


def request_id(headers: Mapping[str, str]) -> str | None:
    """The id of a request by its answer's headers; None where they have none."""
    return next((value for name in _NAMES if (value := headers.get(name))), None)
