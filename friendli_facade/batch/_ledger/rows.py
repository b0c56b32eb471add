"""A row of the ledger."""

import json
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


def row_of(values: tuple[Any, ...]) -> Row:
    """A row of these columns."""
    named: dict[str, Any] = dict(zip(COLUMNS, values, strict=True))
    try:
        named["seed"] = None if named["seed"] is None else int(named["seed"])
        named["arguments"] = json.loads(named["arguments"])
    except (TypeError, ValueError):
        raise _damaged(named) from None
    if not is_object(named["arguments"]) or not isinstance(named["file"], str | None):
        raise _damaged(named)
    return Row(**named)


def _damaged(named: dict[str, Any]) -> LedgerError:
    return LedgerError(f"the ledger's row of {shortened(named['key'])} is damaged")
