"""A row of the ledger."""

import json
import ntpath
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

from friendli_facade._rules.json_types import is_object
from friendli_facade._rules.violations import shortened
from friendli_facade.errors import FriendliError

State: TypeAlias = Literal["pending", "sending", "done", "failed", "ambiguous"]


class LedgerError(FriendliError):
    """A ledger cannot be used: it is broken, of a newer version, or its disk is full."""


@attrs.frozen
class Row:
    """What the ledger knows of a job."""

    key: str
    """The caller's, or a hash of the operation and its arguments."""

    state: State
    """Sent never (`pending`), now (`sending`), to its end, or so that it may be paid for."""

    operation: str
    """The operation's name in the contract."""

    arguments: Mapping[str, Any]
    """What was sent; a picture is its sha256."""

    attempts: int
    """How often it was sent."""

    images: int
    """How many pictures were saved."""

    lost: int
    """How many more may be paid for: of times before, from which it was sent again."""

    seed: int | None
    """The seed that the first picture was drawn with."""

    file: str | None
    """The first picture, within the folder; while it is sent, the same without a suffix."""

    sha256: str | None
    """Of the first picture's file."""

    error: str | None
    """Why it failed, or is ambiguous."""

    owner: str | None
    """The batch that sent it last."""

    began: float | None
    """When it was sent last: seconds since 1970."""

    ended: float | None
    """When it was last done, or failed."""


COLUMNS = tuple(field.name for field in attrs.fields(Row))
_KINDS: Mapping[str, Any] = {
    **dict.fromkeys(("key", "operation"), str),
    **dict.fromkeys(("attempts", "images", "lost"), int),
    **dict.fromkeys(("file", "sha256", "error", "owner"), str | None),
    **dict.fromkeys(("began", "ended"), float | None),
}


def row_of(values: tuple[Any, ...]) -> Row:
    """A row of these columns; raises LedgerError for one that no batch has written."""
    named: dict[str, Any] = dict(zip(COLUMNS, values, strict=True))
    for name, kind in _KINDS.items():
        if not isinstance(named[name], kind):
            raise _damaged(named, name)
    if named["file"] is not None and not _is_name(named["file"]):
        raise _damaged(named, "file")
    for name, read in (("seed", int), ("arguments", json.loads)):
        try:
            value = None if named[name] is None else read(named[name])
        except (TypeError, ValueError, RecursionError):
            raise _damaged(named, name) from None
        if name == "arguments" and not is_object(value):
            raise _damaged(named, name)
        named[name] = value
    return Row(**named)


def _is_name(file: str) -> bool:
    """Whether it is in the folder, and leads to nowhere else on any system."""
    return file not in {"", ".", ".."} and ntpath.basename(file) == file and "\0" not in file


def _damaged(named: Mapping[str, Any], column: str) -> LedgerError:
    row = f"the ledger's row of {shortened(named['key'])} is damaged"
    return LedgerError(f"{row}: {column} is {shortened(named[column])}")
