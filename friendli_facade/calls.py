"""A call, as its operation describes it: everything that is the same in sync and async."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import attrs
from friendli_api import models, types

from friendli_facade import results
from friendli_facade.downloads import Downloads
from friendli_facade.inputs import Inputs
from friendli_facade.keywords import is_array
from friendli_facade.unset import Timeout, Unset
from friendli_facade.utils import RetryConfig

__all__ = [
    "Call",
    "Inputs",
    "Options",
    "Result",
    "asked",
    "given",
    "listed",
    "models",
    "results",
    "sent",
]

Result = TypeVar("Result")
_Value = TypeVar("_Value")


@attrs.frozen
class Options:
    """What a call may set for itself alone, beside the operation's own arguments."""

    retries: RetryConfig | None | Unset
    server_url: str | None
    timeout: Timeout
    http_headers: Mapping[str, str] | None = attrs.field(repr=False)


@attrs.frozen
class Call(Generic[Result]):
    """One call: what to send, and how to read the answer.

    `inputs` are its pictures, still to be read; `result` makes the result of an answer's JSON,
    once that has the contract's shape.
    """

    operation: str
    body: Mapping[str, Any] = attrs.field(repr=False)
    options: Options
    result: Callable[[Any, Callable[[str], bytes], Downloads], Result]
    inputs: Inputs
    x_friendli_team: str | None = None


def sent(value: _Value | Unset) -> _Value | types.Unset:
    """`value`, in the generated models' terms: what was not given is not sent."""
    return types.UNSET if isinstance(value, Unset) else value


def given(value: _Value | None | Unset) -> _Value | types.Unset:
    """The same for a field that the contract has no null for: None is not sent either."""
    return types.UNSET if value is None or isinstance(value, Unset) else value


def listed(value: Sequence[_Value] | None | Unset) -> list[_Value] | None | types.Unset:
    """The same as a list; what is no sequence stays as it is, for the rules to refuse."""
    return list(value) if is_array(value) else sent(cast("list[_Value] | None | Unset", value))


def asked(value: _Value | None | Unset) -> _Value | None:
    """What was asked for; None where that was left to the server."""
    return None if isinstance(value, Unset) else value
