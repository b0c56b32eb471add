"""Signals that end a process, from the beginning of a run to its last word."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from time import monotonic
from typing import Any, NoReturn

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has not all of them
_MOMENT = 1.0  # seconds


class Signals:
    """What ends a process ends the work of a run first, and then lets it say what came of it.

    The first signal ends the work gently, the second at once, as Ctrl-C does. Where the work is
    over by then, the second one is let pass: hands press Ctrl-C twice. A third ends the process in
    any case. A SIGHUP or SIGTERM that comes twice within a second is one: of a terminal that
    closes both the system and the shell tell, and nobody is impatient.
    """

    def __init__(self) -> None:
        self.number = 0  # of the first that came
        self._times = 0
        self._since = 0.0  # when the first came
        self._answered = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: Callable[[], object] | None = _interrupt  # None when the work is over
        self._is_over = False
        self._replaced: dict[int, Any] = {}

    def __enter__(self) -> Signals:
        """From here on; what the process ignores, as nohup has it do, and what is taken, stays."""
        if current_thread() is not main_thread():  # which alone has handlers
            return self
        for number in [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]:
            handler = signal.getsignal(number)
            if handler in (signal.SIG_DFL, signal.default_int_handler):
                self._replaced[number] = handler  # first, as it may come at once
                signal.signal(number, self._came)
        return self

    def __exit__(self, *_: object) -> None:
        """Each has the handler again that it had."""
        for number, handler in self._replaced.items():
            signal.signal(number, handler)

    def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Whether work on an event loop came to its end; False where a signal ended it.

        It does not begin where one came before.
        """
        try:
            runner = asyncio.Runner()
            with self._listening(runner.get_loop()), runner:
                try:
                    runner.run(work())
                finally:
                    self._end = None
        except (KeyboardInterrupt, asyncio.CancelledError):
            return False
        finally:
            self._is_over = True
        return True

    def gently(self, end: Callable[[], object]) -> None:
        """Has the first signal call this on the event loop; before, it ends the work at once."""
        self._end = end

    @contextmanager
    def _listening(self, loop: asyncio.AbstractEventLoop) -> Generator[None]:
        """Has signals come to the event loop, from its first step until it is closed."""
        self._loop = loop
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            theirs.setblocking(False)
            before = None
            if self._replaced:
                # One that comes to another thread, or just before the loop waits, wakes nothing.
                with suppress(NotImplementedError):  # on Windows, where asyncio does that
                    loop.add_reader(ours, _empty, ours)
                    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
            loop.call_soon(self._heard)  # of what came before
            try:
                yield
            finally:
                if before is not None:
                    signal.set_wakeup_fd(before)
                    loop.remove_reader(ours)

    def _came(self, number: int, _frame: object) -> None:
        if number == self.number != signal.SIGINT and monotonic() < self._since + _MOMENT:
            return
        if not self._times:
            self.number, self._since = number, monotonic()
        self._times += 1
        if self._times > 2 or (self._times == 1 and self._is_over):
            self.__exit__()
            signal.raise_signal(number)
        elif self._is_over:
            pass  # what was pressed twice
        elif self._loop is not None:
            with suppress(RuntimeError):  # it is closed, and the work is over
                self._loop.call_soon_threadsafe(self._heard)
        elif self._times == 2:
            _interrupt()

    def _heard(self) -> None:
        if self._answered == self._times or self._end is None:
            return
        self._answered = self._times
        if self._times == 1:
            self._end()
        else:
            _interrupt()


def _empty(received: socket.socket) -> None:
    with suppress(BlockingIOError):
        received.recv(4096)


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt
