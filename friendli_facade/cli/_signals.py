"""Signals that end a process, from the beginning of a run to its last word."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NoReturn

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has not all of them


class Signals:
    """What ends a process ends the work of a run first, and then lets it say what came of it.

    The first signal ends the work gently, the second at once, as Ctrl-C does. Where the work is
    over by then, the second one is let pass: hands press Ctrl-C twice, and a terminal that closes
    tells so twice. A third ends the process in any case.
    """

    def __init__(self) -> None:
        self.number = 0  # of the first that came
        self._times = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: Callable[[], object] = _interrupt
        self._asked: asyncio.Handle | None = None
        self._is_running = False
        self._replaced: dict[int, Any] = {}

    def __enter__(self) -> Signals:
        """From here on; what the process ignores, as nohup has it do, and what is taken, stays."""
        for number in [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]:
            handler = signal.getsignal(number)
            if handler in (signal.SIG_DFL, signal.default_int_handler):
                with suppress(ValueError):  # a thread has no handlers
                    self._replaced[number] = signal.signal(number, self._came)
        return self

    def __exit__(self, *_: object) -> None:
        """Each has the handler again that it had."""
        for number, handler in self._replaced.items():
            signal.signal(number, handler)

    def run(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether work on an event loop came to its end; False where a signal ended it."""
        try:
            self._is_running = True
            try:
                asyncio.run(work)
            finally:
                self._is_running = False
        except (KeyboardInterrupt, asyncio.CancelledError):
            return False
        return True

    def gently(self, end: Callable[[], object]) -> None:
        """Has the first signal call this on the running event loop; before, it ends it at once."""
        self._loop, self._end = asyncio.get_running_loop(), end

    def _came(self, number: int, _frame: object) -> None:
        self.number = self.number or number
        self._times += 1
        if self._times > 2 or (self._times == 1 and not self._is_running):
            if self._asked is not None:
                self._asked.cancel()  # or it would be interrupted as it ends
            self.__exit__()
            signal.raise_signal(number)
        elif self._is_running:
            self._ask()

    def _ask(self) -> None:
        if self._loop is None:
            _interrupt()
        end = self._end if self._times == 1 else _interrupt
        try:
            self._asked = self._loop.call_soon_threadsafe(end)
        except RuntimeError:  # it is closed
            _interrupt()


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt
