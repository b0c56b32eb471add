"""Tells connections that the process was forked: they belong to the parent.

The child is told before anything else runs in it, while it has one thread, so nothing there can
race, and no lock that another thread of the parent held is waited for.
"""

import os
from typing import Protocol
from weakref import WeakSet


class Inheritable(Protocol):
    """What a child process gets from its parent, and may not share with it."""

    def forked(self) -> None:
        """Leaves to the parent what is the parent's."""
        ...


_INHERITED: WeakSet[Inheritable] = WeakSet()


def watch(inheritable: Inheritable) -> None:
    """From now on a child process leaves to its parent what is the parent's."""
    _INHERITED.add(inheritable)


def _tell() -> None:
    for inheritable in list(_INHERITED):
        inheritable.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell)
