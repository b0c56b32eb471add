"""Headers that a caller adds, to a client or to a call, as they are when they are given."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from friendli_facade._rules.json_values import Unknown, exact
from friendli_facade._rules.violations import RefusedError, Violation, refusals

_MOST = 1_000


def taken(headers: Any, found: list[Violation]) -> Any:
    """A copy of headers: what is checked is what is sent. What is no mapping stays as it is."""
    if not issubclass(type(headers), Mapping):
        return headers
    with refusals("http_headers", Unknown("these"), found):  # they may be secret
        read = {exact(name): exact(value) for name, value in islice(headers.items(), _MOST + 1)}
        if len(read) > _MOST:
            raise RefusedError(f"must be at most {_MOST} headers")
        return read
    return None


def merged(own: Mapping[str, str], further: Mapping[str, str]) -> dict[str, str]:
    """Both sets of headers; the further ones win, whatever their case."""
    chosen = {name.lower() for name in further}
    kept = {name: value for name, value in own.items() if name.lower() not in chosen}
    return {**kept, **further}
