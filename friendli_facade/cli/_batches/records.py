"""The tables that a batch leaves beside its pictures: what came of each row, and what failed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from friendli_facade.cli._batches import jobs
from friendli_facade.cli._batches.jobs import BadRow, Job

if TYPE_CHECKING:
    from friendli_facade.batch import Outcome
    from friendli_facade.cli._batches.tables import Cells
    from friendli_facade.models import Image

OUTCOMES, FAILURES = "outcomes.jsonl", "failures.jsonl"


def error_of(outcome: Outcome[Any]) -> Exception | None:
    """Why a job failed; a row that is none has its own reason."""
    job: object = outcome.job
    return job.error if isinstance(job, BadRow) else outcome.error


def cells_of(outcome: Outcome[Any]) -> Cells | None:
    """The row of a job; None if it could not be read."""
    job: object = outcome.job
    return job.cells if isinstance(job, Job | BadRow) else None


def unsaved(outcome: Outcome[Any]) -> Sequence[Image]:
    """Pictures that are paid for, and in no file of the folder."""
    came: Any = outcome.error if outcome.result is None else outcome.result
    return () if outcome.paths else getattr(came, "images", ())


def record(
    outcome: Outcome[Any], directory: Path, urls: Sequence[str], rescued: Sequence[str]
) -> dict[str, Any]:
    """A row with what came of it; what is not in the folder is at URLs, or in files elsewhere."""
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
        **({"urls": urls} if urls else {}),
        **({"rescued": rescued} if rescued else {}),
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

    def add(self, outcome: Outcome[Any], row: Mapping[str, Any]) -> None:
        """Writes the row of an outcome; what failed has its cells and no more. Raises OSError."""
        self._write(OUTCOMES, row)
        cells = cells_of(outcome)
        if outcome.state != "done" and cells is not None:
            self._write(FAILURES, {**cells, "error": row["error"]})
            self.failures += 1
        self.unread += cells is None

    def _write(self, name: str, values: Mapping[str, Any]) -> None:
        try:
            self._parts[name].write(line(values))
        except OSError as error:
            error.filename = str(self._directory / name)
            raise

    def finish(self, *, keeps: str | None) -> None:
        """Puts them in their places, but for `keeps`, which stays as it was; raises OSError."""
        for name, file in self._parts.items():
            part, place = Path(file.name), self._directory / name
            try:
                file.close()
            except OSError as error:
                error.filename = str(place)
                raise
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
            with suppress(OSError):  # on a full disk: what is left in a buffer finds no room
                file.close()
            Path(file.name).unlink(missing_ok=True)


def _part(directory: Path) -> IO[str]:
    return (directory / f".{secrets.token_hex(8)}.part").open("x", encoding="utf-8")
