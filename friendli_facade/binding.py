"""Binds operations to the clients, so that each signature is written once.

An operation is a function from keyword arguments to a `Call`. Bound to a resource of the sync
or the async client it becomes a method with the same arguments and docstring, which editors,
mypy, pyright and `inspect.signature` all see.
"""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from friendli_facade.operations import container, dedicated

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from friendli_facade._requests.calls import Call

_Arguments = ParamSpec("_Arguments")
Result = TypeVar("Result")
_SELF = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)


class _Send(Protocol):
    def __call__(self, call: Call[Result], /) -> Result: ...


class _AsyncSend(Protocol):
    def __call__(self, call: Call[Result], /) -> Awaitable[Result]: ...


class _SyncResource:
    def __init__(self, send: _Send) -> None:
        self.send = send


class _AsyncResource:
    def __init__(self, send: _AsyncSend) -> None:
        self.send = send


def _sync(
    operation: Callable[_Arguments, Call[Result]],
) -> Callable[Concatenate[_SyncResource, _Arguments], Result]:
    @wraps(operation)
    def method(
        self: _SyncResource, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> Result:
        return self.send(operation(*args, **kwargs))

    return _signed(method, operation)


def _async(
    operation: Callable[_Arguments, Call[Result]],
) -> Callable[Concatenate[_AsyncResource, _Arguments], Coroutine[Any, Any, Result]]:
    @wraps(operation)
    async def method(
        self: _AsyncResource, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> Result:
        return await self.send(operation(*args, **kwargs))

    return _signed(method, operation)


def _signed(method: Callable[_Arguments, Result], operation: Any) -> Callable[_Arguments, Result]:
    """`method` with the signature that `inspect` shows: the operation's, after `self`."""
    signature = inspect.signature(operation)
    result = signature.return_annotation.removeprefix("Call[").removesuffix("]")
    method.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[_SELF, *signature.parameters.values()], return_annotation=result
    )
    return method


class SyncDedicatedImage(_SyncResource):
    """Pictures on dedicated endpoints."""

    generate = _sync(dedicated.generate)
    edit = _sync(dedicated.edit)


class AsyncDedicatedImage(_AsyncResource):
    """Pictures on dedicated endpoints."""

    generate = _async(dedicated.generate)
    edit = _async(dedicated.edit)


class SyncContainerImage(_SyncResource):
    """Pictures in a Friendli Container."""

    generate = _sync(container.generate)
    edit = _sync(container.edit)


class AsyncContainerImage(_AsyncResource):
    """Pictures in a Friendli Container."""

    generate = _async(container.generate)
    edit = _async(container.edit)
