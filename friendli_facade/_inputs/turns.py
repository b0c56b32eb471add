"""Lets one call at a time look into an object that several calls were given."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

import attrs


@attrs.define
class _Turns:
    """The lock of an object, and how many calls have it or wait for it."""

    lock: Lock = attrs.field(factory=Lock)
    calls: int = 0


@attrs.define
class _Shared:
    """The objects at which a call has its turn, by their id: not every object can be hashed."""

    turns: dict[int, _Turns] = attrs.field(factory=dict[int, _Turns])
    guard: Lock = attrs.field(factory=Lock)


_shared = _Shared()


@contextmanager
def turn(shared: object) -> Generator[None]:
    """The time in which no other call has its turn at `shared`."""
    turns, guard = _shared.turns, _shared.guard
    with guard:
        own = turns.setdefault(id(shared), _Turns())
        own.calls += 1
    try:
        with own.lock:
            yield
    finally:
        with guard:
            own.calls -= 1
            if not own.calls:
                del turns[id(shared)]


def _forked() -> None:
    """In a child process no other thread will ever end its turn."""
    _shared.turns, _shared.guard = {}, Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
