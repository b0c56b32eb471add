"""Connections to the ledger's database, and what SQLite says of it in words."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from friendli_facade._rules.violations import printable
from friendli_facade.batch._ledger.rows import LedgerError

UNWRITABLE = {"SQLITE_CANTOPEN", "SQLITE_READONLY"}
BUSY = 60.0  # seconds to wait for another process, which holds the database for milliseconds


def connected(path: Path, *, reads_only: bool) -> sqlite3.Connection:
    """A connection; one that `reads_only` makes no file beside the database."""
    uri = f"{path.as_uri()}?mode=ro"
    if not Path(f"{path}-wal").exists():
        uri += "&immutable=1"  # nobody writes to it: SQLite would look for the files of those
    # A batch uses it in many threads, one after the other.
    return sqlite3.connect(
        uri if reads_only else path,
        timeout=BUSY,
        isolation_level=None,
        check_same_thread=False,
        uri=reads_only,
    )


@contextmanager
def errors(path: Path) -> Generator[None]:
    """Raises SQLite's errors as LedgerError, with what to do."""
    try:
        yield
    except sqlite3.Error as error:
        hint = {
            "SQLITE_NOTADB": ": it is no SQLite database, or was damaged; move it away, and "
            "the pictures beside it stay as they are",
            "SQLITE_CORRUPT": ": it was damaged; `sqlite3 ledger.sqlite3 .recover` may save it",
            "SQLITE_BUSY": ": it is in use, by a program that is no batch",
            "SQLITE_FULL": ": make room, and run it again",
        }.get(name(error), "")
        raise LedgerError(f"{printable(str(path))}: {error}{hint}") from error


def name(error: BaseException | None) -> str:
    """SQLite's name of an error, without what extends it: of SQLITE_IOERR_WRITE, SQLITE_IOERR."""
    found = cast("str", getattr(error, "sqlite_errorname", ""))
    return "_".join(found.split("_")[:2])
