"""What the ledger says of a job that it knows: whether it is sent now, and if not, what came of it.

Everything here but a look into the folder is decided from a row.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

import attrs

from friendli_facade._language import threads
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.batch import _jobs
from friendli_facade.batch._jobs import Checked
from friendli_facade.batch._ledger.grouping import Grouping
from friendli_facade.batch._ledger.rows import Row
from friendli_facade.batch._ledger.steps import Adopt, Found, may_be_sent
from friendli_facade.batch._outcomes import AmbiguousJobError, Outcome
from friendli_facade.batch._places import Folder
from friendli_facade.errors import ValidationError

Verdict: TypeAlias = Literal["send", "elsewhere", "twice", "changed", "done", "ambiguous"]


def verdict(found: Found, checked: Checked) -> Verdict:
    """What a job is, of which there is a row."""
    if found.is_ours:
        return "twice"
    if may_be_sent(found):
        return "send"
    if found.row.state == "done":
        return "done" if _recorded(found.row) == _asked(checked) else "changed"
    return "elsewhere" if found.is_alive else "ambiguous"


async def adopted(found: Found, folder: Folder, steps: Grouping) -> Found:
    """The same; done, if the picture was in its place when its process was killed."""
    row = found.row
    if row.state != "sending" or row.file is None or found.is_alive:
        return found
    saved = await threads.run(folder.found, row.file)
    if saved is None:
        return found
    file = folder.relative(saved.paths[0])
    images = len(saved.paths)
    await steps.do(Adopt(row.key, row.owner, images, file, saved.sha256))
    row = attrs.evolve(row, state="done", images=images, file=file, sha256=saved.sha256)
    return attrs.evolve(found, row=row)


def done(row: Row, job: Mapping[str, Any], folder: Folder) -> Outcome[Any]:
    """The outcome of a job that is done already."""
    return Outcome(
        *(row.key, "done", job),
        paths=kept(row, folder),
        seed=row.seed,
        sha256=row.sha256,
        is_earlier=True,
    )


def kept(row: Row, folder: Folder) -> tuple[Path, ...]:
    """The pictures of a job that is done, or came that far; while it is sent there is none."""
    return () if row.file is None or row.state == "sending" else folder.kept(row.file, row.images)


def ambiguous(row: Row, job: Mapping[str, Any]) -> Outcome[Any]:
    """The outcome of a job that an earlier batch may have paid for."""
    why = row.error or "it was being sent when its process ended"
    error = AmbiguousJobError(f"the job {shortened(row.key)} may be paid for: {why}")
    return Outcome(row.key, "ambiguous", job, error=error, is_earlier=True)


def changed(row: Row, checked: Checked, job: Mapping[str, Any]) -> Outcome[Any]:
    """The outcome of a job whose key is another's: the table was changed."""
    rule = (
        f"is done, with other arguments ({_jobs.changes(_recorded(row), _asked(checked))}): give "
        "the job another key, or the batch another directory"
    )
    return _refused(checked.key, rule, job)


def twice(checked: Checked, job: Mapping[str, Any]) -> Outcome[Any]:
    """The outcome of a job whose key another job of the same batch has."""
    if checked.is_own_key:
        return _refused(checked.key, "must be unique, and another job has this one", job)
    rule = "must be given, or a seed, where jobs are alike: another job asks for the same"
    return _refused(checked.key, rule, job)


def _refused(key: str, rule: str, job: Mapping[str, Any]) -> Outcome[Any]:
    violation = Violation(f"key {shortened(key)}", rule)
    return Outcome(key, "failed", job, error=ValidationError([violation]))


def _recorded(row: Row) -> Mapping[str, Any]:
    return {**row.arguments, "operation": row.operation}


def _asked(checked: Checked) -> Mapping[str, Any]:
    return {**json.loads(checked.recorded), "operation": checked.operation}
