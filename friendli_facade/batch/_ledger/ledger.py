"""The ledger: an SQLite database with a row for each job, written before a request leaves."""

import os
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, time
from typing import Any, Self

from friendli_facade._rules.violations import printable
from friendli_facade.batch._ledger import connecting, owners
from friendli_facade.batch._ledger.connecting import UNWRITABLE, connected, errors, name
from friendli_facade.batch._ledger.names import SUFFIXES
from friendli_facade.batch._ledger.rows import COLUMNS, LedgerError, Row, State, row_of
from friendli_facade.batch._ledger.schema import APPLICATION, SCHEMA, VERSION
from friendli_facade.batch._ledger.steps import (
    Adopt,
    Claim,
    Finish,
    Found,
    Look,
    Note,
    Step,
    may_be_sent,
)

_PLACES = ", ".join("?" * len(SUFFIXES))
_STATES: tuple[State, ...] = ("pending", "sending", "done", "failed", "ambiguous")
_LONGEST = 2000  # characters of an error that are kept
_PAID = "CASE WHEN state IN ('done', 'sending', 'ambiguous') THEN max(images, 1) ELSE 0 END"
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM jobs"  # noqa: S608


class Ledger:
    """The rows of a batch, in the order in which they were first sent.

    Args:
        path: The database, or the folder of pictures that it is in, as `ledger.sqlite3`.

    Raises:
        FileNotFoundError: There is none.
        LedgerError: It is broken, of a newer version, or not of this package.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        path = Path(path)
        self.path = _real(path / NAME if path.is_dir() else path)
        if not self.path.is_file():
            raise FileNotFoundError(2, "there is no ledger", str(self.path))
        try:
            self._open(self._check)
        except LedgerError as error:
            if name(error.__cause__) not in UNWRITABLE:
                raise
            self._open(self._check, reads_only=True)

    @classmethod
    def create(cls, path: Path) -> Self:
        """The ledger at a path, new where there is none."""
        self = cls.__new__(cls)
        self.path = _real(path)
        self._open(self._prepare)
        return self

    def _open(self, prepare: Callable[[], None], *, reads_only: bool = False) -> None:
        self._owner: owners.Owner | None = None
        self._alive: dict[str | None, bool] = {}
        with errors(self.path):
            self._rows = connected(self.path, reads_only=reads_only)
            try:
                prepare()
            except BaseException:
                self._rows.close()
                raise

    def _prepare(self) -> None:
        if not self._is_new():
            self._check()
        if self._value("PRAGMA journal_mode") != "wal" and self._become_wal() != "wal":
            raise LedgerError(f"{self._shown}: a ledger needs a local disk, and this has no WAL")
        self._rows.execute("PRAGMA synchronous = FULL")  # each commit is on disk
        with self._transaction():
            if self._is_new():  # still: another process may have been faster
                for statement in SCHEMA.split(";"):
                    self._rows.execute(statement)

    def _is_new(self) -> bool:
        return not self._value("SELECT count(*) FROM sqlite_master")

    def _check(self) -> None:
        if self._is_new():  # an empty file, be it whose it may
            raise LedgerError(f"{self._shown} is empty, and no ledger")
        if self._value("PRAGMA application_id") != APPLICATION:
            raise LedgerError(f"{self._shown} is a database of another program, and no ledger")
        version = self._value("PRAGMA user_version")
        if version != VERSION:
            raise LedgerError(
                f"{self._shown} has version {version}, and this friendli-facade knows {VERSION}: "
                "use the one that wrote it, or another folder"
            )

    def _become_wal(self) -> str:
        end = monotonic() + connecting.BUSY
        while True:  # SQLite does not wait here for another process that does the same
            try:
                return str(self._value("PRAGMA journal_mode = WAL"))
            except sqlite3.OperationalError as error:
                if name(error) != "SQLITE_BUSY" or monotonic() > end:
                    raise
                Event().wait(0.05)

    def close(self) -> None:
        """Closes the database."""
        try:
            self._rows.close()
        finally:
            if self._owner is not None:
                self._owner.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def counts(self) -> dict[State, int]:
        """How many rows there are of each state.

        What a batch was sending when its process was killed counts as `ambiguous`.
        """
        found: dict[State, int] = dict.fromkeys(_STATES, 0)
        with errors(self.path):
            query = "SELECT state, owner, count(*) FROM jobs GROUP BY state, owner"
            for state, owner, number in self._rows.execute(query).fetchall():
                is_lost = state == "sending" and not owners.is_alive(self.path, owner)
                found["ambiguous" if is_lost else state] += number
        return found

    def rows(self) -> Iterator[Row]:
        """All rows, read one after the other."""
        with errors(self.path):
            for values in self._rows.execute(f"{_SELECT} ORDER BY rowid"):
                yield row_of(values)

    def is_sending(self, row: Row) -> bool:
        """Whether the row is in the hands of a batch that still runs, here or elsewhere."""
        return row.state == "sending" and owners.is_alive(self.path, row.owner)

    def export(self, path: str | os.PathLike[str]) -> int:
        """The number of rows that a new table has: JSONL, CSV or Parquet, by its suffix.

        Parquet needs pyarrow, of the `batch` extra. The table appears whole or not at all.
        Raises ValueError for another suffix, FileExistsError, and OSError.
        """
        from friendli_facade.batch._ledger import export

        return export.write(self.rows(), Path(path))

    def paid(self) -> int:
        """How many pictures may be paid for: those saved, and one for what may have been drawn."""
        query = f"SELECT coalesce(sum(lost + {_PAID}), 0) FROM jobs"  # noqa: S608
        with errors(self.path):
            return int(self._value(query))

    def begin(self) -> None:
        """Lets this ledger send."""
        if self._owner is None:
            owners.clear(self.path)
            self._owner = owners.Owner(self.path)

    def apply(self, steps: list[Step]) -> list[Any]:
        """The answer to each step, all of them in one transaction, which is on disk then.

        A Look gives a Found or None; a Claim the file's name if the row is this batch's now, to be
        sent, and else a Found.
        """
        self._alive.clear()  # a batch that was alive may have ended since
        with errors(self.path):
            looks = [step.key for step in steps if isinstance(step, Look)]
            if len(looks) == len(steps):
                return [self._look(key) for key in looks]
            with self._transaction():
                return [self._step(step) for step in steps]

    def _step(self, step: Step) -> Any:
        match step:
            case Look():
                return self._look(step.key)
            case Claim():
                return self._claim(step)
            case Finish():
                return self._finish(step)
            case Adopt():
                return self._adopt(step)
            case Note():  # pragma: no branch - there is no other step
                return self._note(step)

    def _look(self, key: str) -> Found | None:
        values = self._rows.execute(f"{_SELECT} WHERE key = ?", (key,)).fetchone()
        if values is None:
            return None
        row = row_of(values)
        is_ours = row.owner == self._token
        return Found(row, is_ours, is_ours or self._is_alive(row.owner))

    def _claim(self, claim: Claim) -> Found | str:
        found = self._look(claim.key)
        if found is not None and not may_be_sent(found, repeats=claim.repeats):
            return found
        file = next(file for file in claim.files if not self._is_taken(file, claim.key))
        self._rows.execute(
            "INSERT INTO jobs (key, state, attempts, operation, arguments, file, owner, began) "  # noqa: S608
            "VALUES (?, 'sending', 1, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            f"lost = lost + {_PAID}, state = 'sending', attempts = attempts + 1, "
            "operation = excluded.operation, arguments = excluded.arguments, "
            "file = excluded.file, owner = excluded.owner, began = excluded.began, "
            "images = 0, seed = NULL, sha256 = NULL, error = NULL, ended = NULL",
            (claim.key, claim.operation, claim.arguments, file, self._token, time()),
        )
        return file

    def _finish(self, finish: Finish) -> None:
        seed = None if finish.seed is None else str(finish.seed)  # of any size
        self._rows.execute(
            "UPDATE jobs SET state = ?, attempts = attempts + ?, images = ?, seed = ?, file = ?, "
            "sha256 = ?, error = ?, ended = ? WHERE key = ? AND owner = ?",
            (
                *(finish.state, finish.attempts, finish.images, seed, finish.file),
                *(finish.sha256, _kept(finish.error), time(), finish.key, self._token),
            ),
        )

    def _note(self, note: Note) -> None:
        self._rows.execute(
            "INSERT INTO jobs (key, state, operation, arguments, error, owner, ended) "
            "VALUES (?, 'failed', ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            "arguments = excluded.arguments, error = excluded.error, owner = excluded.owner, "
            "ended = excluded.ended WHERE state IN ('pending', 'failed')",
            (note.key, note.operation, note.arguments, _kept(note.error), self._token, time()),
        )

    def _adopt(self, adopt: Adopt) -> None:
        self._rows.execute(
            "UPDATE jobs SET state = 'done', images = ?, file = ?, sha256 = ?, ended = ? "
            "WHERE key = ? AND owner = ? AND state = 'sending'",
            (adopt.images, adopt.file, adopt.sha256, time(), adopt.key, adopt.owner),
        )

    def _is_taken(self, file: str, key: str) -> bool:
        """Whether another job's picture has the name, or will have it, in whatever case."""
        query = f"SELECT 1 FROM jobs WHERE file IN ({_PLACES}) AND key != ?"  # noqa: S608
        names = [file + suffix for suffix in SUFFIXES]
        return self._rows.execute(query, (*names, key)).fetchone() is not None

    @property
    def _token(self) -> str | None:
        return None if self._owner is None else self._owner.token

    def _is_alive(self, token: str | None) -> bool:
        if token not in self._alive:
            self._alive[token] = owners.is_alive(self.path, token)
        return self._alive[token]

    def _value(self, query: str) -> Any:
        return self._rows.execute(query).fetchone()[0]

    @property
    def _shown(self) -> str:
        return printable(str(self.path))

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._rows.execute("COMMIT")
        except BaseException:
            if self._rows.in_transaction:
                self._rows.execute("ROLLBACK")
            raise


NAME = "ledger.sqlite3"


def _real(path: Path) -> Path:
    """The one path that a ledger has, by which its batches find each other's locks."""
    return Path(os.path.realpath(path))


def _kept(error: str | None) -> str | None:
    return None if error is None else printable(error.replace("\n", " "))[:_LONGEST]
