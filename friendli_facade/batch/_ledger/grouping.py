"""Steps of many tasks, committed together: one wait for the disk serves all that wait for it."""

from typing import Any

import anyio
import attrs
from anyio import to_thread

from friendli_facade.batch._ledger.ledger import Ledger
from friendli_facade.batch._ledger.steps import Step


@attrs.define(eq=False)
class _Entry:
    step: Step
    is_done: bool = False
    answer: Any = None
    error: Exception | None = None


class Grouping:
    """A ledger for the tasks of an event loop."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: list[_Entry] = []
        self._lock = anyio.Lock()
        self._thread = anyio.CapacityLimiter(1)

    async def do(self, step: Step) -> Any:
        """The answer to a step that is on disk now; raises LedgerError."""
        entry = _Entry(step)
        self._waiting.append(entry)
        async with self._lock:
            # Whoever came first has done it for all that were waiting.
            if not entry.is_done:
                # Those of others are among them, who do not end when this task does.
                with anyio.CancelScope(shield=True):
                    entries, self._waiting = self._waiting, []
                    await to_thread.run_sync(self._apply, entries, limiter=self._thread)
        if entry.error is not None:
            raise entry.error
        return entry.answer

    def _apply(self, entries: list[_Entry]) -> None:
        try:
            answers = self._ledger.apply([entry.step for entry in entries])
        except Exception as error:
            for entry in entries:
                entry.error, entry.is_done = error, True
            return
        for entry, answer in zip(entries, answers, strict=True):
            entry.answer, entry.is_done = answer, True
