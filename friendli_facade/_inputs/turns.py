"""Lets one call at a time look into an object that several calls were given."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

import attrs


@attrs.define
class _Turns:
    """The lock of an object, and how many calls have it or wait for it."""

    lock: Lock = attrs.field(factory=Lock)
    calls: int = 0


_turns: dict[int, _Turns] = {}  # by the object's id: not every object can be hashed
_guard = Lock()


@contextmanager
def turn(shared: object) -> Generator[None]:
    """The time in which no other call has its turn at `shared`."""
    with _guard:
        turns = _turns.setdefault(id(shared), _Turns())
        turns.calls += 1
    try:
        with turns.lock:
            yield
    finally:
        with _guard:
            turns.calls -= 1
            if not turns.calls:
                del _turns[id(shared)]
