"""Processes that are forked from the one that tests."""

import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest

# Python 3.12 warns of a fork beside threads, which is what these tests are about.
needs_fork = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


def in_child(work: Callable[[], object]) -> str:
    """The repr of what `work` gives, or raises, in a child process; `hung` after a minute."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(60)
        try:
            os.write(theirs, repr(work()).encode())
        except BaseException as error:
            os.write(theirs, repr(error).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said or "hung"


@contextmanager
def waiting_child() -> Generator[None]:
    """Within it, a child process does nothing, and has whatever it inherited."""
    theirs, ours = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        os.read(theirs, 1)
        os._exit(0)
    os.close(theirs)
    try:
        yield
    finally:
        os.close(ours)
        os.waitpid(child, 0)
