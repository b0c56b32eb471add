"""What would come of jobs, were they sent now: all checks of a batch, and nothing else."""

import sqlite3
from collections.abc import AsyncGenerator, Iterable
from contextlib import closing
from typing import Any

import attrs

from friendli_facade.batch import _earlier, _jobs
from friendli_facade.batch._earlier import Verdict
from friendli_facade.batch._jobs import Method
from friendli_facade.batch._ledger.ledger import Ledger
from friendli_facade.batch._ledger.steps import Found, Look
from friendli_facade.batch._places import Folder
from friendli_facade.errors import ValidationError


@attrs.frozen
class Check:
    """What would come of a job: without an error, its verdict says."""

    job: Any
    verdict: Verdict
    error: Exception | None = None


class _Keys:
    """The keys of any number of jobs, on disk if there are many."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE keys (key TEXT PRIMARY KEY) WITHOUT ROWID")

    def is_new(self, key: str) -> bool:
        """Whether it was not asked before."""
        query = "INSERT OR IGNORE INTO keys VALUES (?)"
        return bool(self._rows.execute(query, (key,)).rowcount)

    def close(self) -> None:
        """Forgets them."""
        self._rows.close()


async def check(
    method: Any, jobs: Iterable[Any], folder: Folder, ledger: Ledger | None
) -> AsyncGenerator[Check]:
    """The Check of each job; nothing is sent, and nothing written."""
    called = Method(method)
    with closing(_Keys()) as keys:
        for number, job in enumerate(jobs, 1):
            try:
                key, arguments = _jobs.keyed(job, number)
                checked = await _jobs.check(called, key, arguments)
                folder.name(checked.key, job)
            except ValidationError as error:
                yield Check(job, "send", error)
                continue
            if not keys.is_new(checked.key):
                yield Check(job, "twice", _earlier.twice(checked, job).error)
                continue
            found: Found | None = ledger.apply([Look(checked.key)])[0] if ledger else None
            verdict: Verdict = "send" if found is None else _earlier.verdict(found, checked)
            if found is None or verdict not in {"changed", "ambiguous"}:
                yield Check(job, verdict)
            elif verdict == "changed":
                yield Check(job, verdict, _earlier.changed(found.row, checked, job).error)
            else:
                yield Check(job, verdict, _earlier.ambiguous(found.row, job).error)
