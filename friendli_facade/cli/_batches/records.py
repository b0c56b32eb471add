"""The tables that a batch leaves beside its pictures: what came of each row, and what failed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from friendli_facade.cli._batches import jobs
from friendli_facade.cli._batches.jobs import BadRow, Job

if TYPE_CHECKING:
    from friendli_facade.batch import Outcome
    from friendli_facade.cli._batches.tables import Cells

OUTCOMES, FAILURES = "outcomes.jsonl", "failures.jsonl"


def error_of(outcome: Outcome[Any]) -> Exception | None:
    """Why a job failed; a row that is none has its own reason."""
    job: object = outcome.job
    return job.error if isinstance(job, BadRow) else outcome.error


def cells_of(outcome: Outcome[Any]) -> Cells | None:
    """The row of a job; None if it could not be read."""
    job: object = outcome.job
    return job.cells if isinstance(job, Job | BadRow) else None


def unsaved(outcome: Outcome[Any]) -> list[str]:
    """The URLs of pictures that are paid for and could not be fetched: nothing else has them."""
    if outcome.paths or outcome.result is None:
        return []
    return [image.url for image in outcome.result.images if image.url is not None]


def record(outcome: Outcome[Any], directory: Path) -> dict[str, Any]:
    """A row with what came of it."""
    error, cells = error_of(outcome), cells_of(outcome) or {}
    is_bad = isinstance(cast("object", outcome.job), BadRow)
    return {
        **cells,
        "key": cells.get("key", outcome.key) if is_bad else outcome.key,
        "state": outcome.state,
        "files": [path.relative_to(directory).as_posix() for path in outcome.paths],
        "seed": cells.get("seed") if outcome.seed is None else outcome.seed,
        "sha256": outcome.sha256,
        "attempts": outcome.attempts,
        "seconds": round(outcome.seconds, 3),
        "error": None if error is None else str(error),
        **({"urls": urls} if (urls := unsaved(outcome)) else {}),
    }


def line(values: Mapping[str, Any]) -> str:
    """A row as a line of JSON."""
    return json.dumps(values, ensure_ascii=False, default=jobs.shown) + "\n"


class Records:
    """Both tables, written row by row under hidden names, until they are whole."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.failures = 0
        self.unread = 0  # rows that could not be read, and cannot be written
        self._parts = {name: _part(directory) for name in (OUTCOMES, FAILURES)}

    def add(self, outcome: Outcome[Any]) -> dict[str, Any]:
        """The row of an outcome, which is written now; what failed has its cells and no more."""
        row = record(outcome, self._directory)
        self._parts[OUTCOMES].write(line(row))
        cells = cells_of(outcome)
        if outcome.state != "done" and cells is not None:
            self._parts[FAILURES].write(line({**cells, "error": row["error"]}))
            self.failures += 1
        self.unread += cells is None
        return row

    def finish(self, *, keeps: str | None) -> None:
        """Puts them in their places, but for `keeps`, which stays as it was."""
        for name, file in self._parts.items():
            file.close()
            part, place = Path(file.name), self._directory / name
            if name == keeps:
                part.unlink()
            elif name == FAILURES and not self.failures:
                part.unlink()
                place.unlink(missing_ok=True)
            else:
                part.replace(place)

    def discard(self) -> None:
        """Takes away what was not finished."""
        for file in self._parts.values():
            file.close()
            Path(file.name).unlink(missing_ok=True)


def _part(directory: Path) -> IO[str]:
    return (directory / f".{secrets.token_hex(8)}.part").open("x", encoding="utf-8")
