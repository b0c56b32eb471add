"""Signals that end a process, on an event loop."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress


def on_end(end: Callable[[int], object], *names: str) -> None:
    """Has `end` called with the number of each of these signals, unless it is ignored or taken.

    nohup ignores SIGHUP, and a shell SIGINT in the background of a script; `asyncio.run` takes
    SIGINT itself, which this replaces.
    """
    loop = asyncio.get_running_loop()
    # Windows has not all of them.
    for number in [getattr(signal, name) for name in names if hasattr(signal, name)]:
        handler = signal.getsignal(number)
        if handler == signal.SIG_DFL or (number == signal.SIGINT and handler != signal.SIG_IGN):
            # Windows, or a thread, has no such handlers.
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, end, number)
