"""From a call to its result: the one place where sync and async differ.

Comes in: an operation's name and its arguments. Goes out: a result, or an error. It leads a call
through the rooms: `_requests`, `_delivery`, `_answers`.
"""

from __future__ import annotations

from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import attrs
import httpx

if TYPE_CHECKING:
    # What only clients and calls need is imported when the first one is made.
    from friendli_facade._answers.caching import Kept
    from friendli_facade._answers.downloads import Limits
    from friendli_facade._answers.scanning import Scanner
    from friendli_facade._delivery.connections.async_connections import AsyncConnections
    from friendli_facade._delivery.connections.sync_connections import Connections, SyncConnections
    from friendli_facade._delivery.deadline import Attempt
    from friendli_facade._requests.calls import Call
    from friendli_facade._requests.prepared_request import Prepared
    from friendli_facade._requests.settings import Settings
    from friendli_facade.errors import Answer

Result = TypeVar("Result")
_Connections = TypeVar("_Connections", bound="Connections[Any]")


class Sender(Generic[_Connections]):
    """What both share.

    Args:
        settings: What holds for every call, unless the call says otherwise.
        connections: What requests go over.
    """

    def __init__(self, settings: Settings, connections: _Connections) -> None:
        self.settings = settings
        self._connections = connections

    def with_settings(self, settings: Settings) -> Self:
        """One that sends over the same connections with other settings."""
        other = copy(self)
        other.settings = settings
        return other

    def prepare(self, call: Call) -> Prepared:
        """The call's request; raises ValidationError."""
        from friendli_facade._requests.prepared_request import prepare

        return prepare(call, self.settings, self._connections.timeout)

    def _request(self, prepared: Prepared) -> tuple[httpx.Request, Any]:
        """A new request for an attempt, and how httpx shall authenticate it."""
        request = self._connections.request(prepared)
        if not prepared.token:
            return request, httpx.USE_CLIENT_DEFAULT
        return request, None

    def _needs_token(self, prepared: Prepared) -> bool:
        # Headers of the call itself may replace the token; what the httpx client holds may not.
        return prepared.token and "Authorization" not in prepared.headers

    def _explained(
        self, answer: Answer, call: Call, prepared: Prepared, request: httpx.Request
    ) -> Answer:
        """An answer, with what to look at if it is an error that can tell."""
        if answer.status_code < 400:
            return answer
        from friendli_facade._answers import hints

        hint = hints.of_status(answer.status_code, call, prepared, request, self.settings)
        return attrs.evolve(answer, hint=hint)

    def _kept(self, call: Call, prepared: Prepared) -> Kept | None:
        """Where the result of a call is kept; it may have to read pictures for that."""
        if self.settings.cache is None:
            return None
        from friendli_facade._answers.caching import Kept

        return Kept.of(self.settings.cache, call, prepared)

    def _limits(self, prepared: Prepared) -> Limits:
        from friendli_facade._answers.downloads import Limits

        return Limits(prepared.retries, prepared.time_limits, self.settings.max_response_bytes)

    def _body(self) -> Scanner:
        from friendli_facade._answers.scanning import Scanner

        return Scanner(self.settings.max_response_bytes)


class SyncSender(Sender["SyncConnections"]):
    """Sends in the caller's thread."""

    _connections: SyncConnections

    def __init__(self, settings: Settings, http: httpx.Client | None, name: str) -> None:
        from friendli_facade._delivery.connections.sync_connections import SyncConnections

        super().__init__(settings, SyncConnections(http, name))

    def send(self, kind: type[Result], operation: str, **arguments: Any) -> Result:
        """The result, of type `kind`, of a call of an operation; raises FriendliError."""
        from friendli_facade._answers import downloads, parsing, recovery
        from friendli_facade._answers.completed import completed
        from friendli_facade._delivery import retries
        from friendli_facade._delivery.deadline import Deadline, now
        from friendli_facade._requests import calls

        with self._connections.lifetime.call():
            started = now()  # reading the pictures is a part of the call
            call = calls.describe(operation, arguments)
            del arguments  # a traceback with local variables shows them once, and not here too
            call.inputs.read()
            prepared = self.prepare(call)
            pictures = downloads.SyncDownloads(self._connections, self._limits(prepared))
            kept = self._kept(call, prepared)
            if kept is not None and (known := kept.result(kind, pictures, started)) is not None:
                return known

            def once(attempt: Attempt) -> Result:
                (request, auth), body = self._request(prepared), self._body()
                record = partial(completed, call, request, attempt)
                if self._needs_token(prepared):
                    request.headers["Authorization"] = self.settings.token.header()
                with recovery.keeping(call, request, body, pictures, record):
                    answer = self._connections.receive(request, body, attempt, auth)
                    answer = self._explained(answer, call, prepared, request)
                    return parsing.result(kind, call, answer, body, pictures, record=record)

            result = retries.run(once, prepared.retries, Deadline(prepared.time_limits, started))
            if kept is not None:
                kept.keep(result)
            return result

    def close(self) -> None:
        """Closes the connections, unless they are the caller's; raises ClientClosedError."""
        try:
            self._connections.lifetime.close()
        finally:
            self._connections.close()


class AsyncSender(Sender["AsyncConnections"]):
    """Sends on the running event loop, of asyncio or trio."""

    _connections: AsyncConnections

    def __init__(self, settings: Settings, http: httpx.AsyncClient | None, name: str) -> None:
        from friendli_facade._delivery.connections.async_connections import AsyncConnections

        super().__init__(settings, AsyncConnections(http, name))

    async def send(self, kind: type[Result], operation: str, **arguments: Any) -> Result:
        """The result, of type `kind`, of a call of an operation; raises FriendliError."""
        from friendli_facade._answers import downloads, parsing, recovery
        from friendli_facade._answers.completed import completed
        from friendli_facade._delivery import retries
        from friendli_facade._delivery.deadline import Deadline, now
        from friendli_facade._language import threads
        from friendli_facade._requests import calls
        from friendli_facade._requests.body import AsyncContent, Content

        with self._connections.lifetime.call():
            started = now()  # reading the pictures is a part of the call
            call = calls.describe(operation, arguments)
            del arguments  # a traceback with local variables shows them once, and not here too
            if not call.inputs.is_read:
                await threads.run(call.inputs.read, abandon_on_cancel=True)
            prepared = self.prepare(call)
            if isinstance(prepared.content, Content):
                prepared = attrs.evolve(prepared, content=AsyncContent(prepared.content))
            pictures = downloads.AsyncDownloads(self._connections, self._limits(prepared))
            kept: Kept | None = None
            if self.settings.cache is not None:
                kept = await threads.run(self._kept, call, prepared)
            if kept is not None:
                known = await threads.run(kept.result, kind, pictures, started)
                if known is not None:
                    return known

            async def once(attempt: Attempt) -> Result:
                (request, auth), body = self._request(prepared), self._body()
                record = partial(completed, call, request, attempt)
                if self._needs_token(prepared):
                    request.headers["Authorization"] = await self._token(request, attempt)
                with recovery.keeping(call, request, body, pictures, record):
                    answer = await self._connections.receive(request, body, attempt, auth)
                    answer = self._explained(answer, call, prepared, request)
                    return parsing.result(kind, call, answer, body, pictures, record=record)

            result = await retries.arun(
                once, prepared.retries, Deadline(prepared.time_limits, started)
            )
            if kept is not None:
                await kept.akeep(result)
            return result

    async def _token(self, request: httpx.Request, attempt: Attempt) -> str:
        """The Authorization header, of a function in time; raises APITimeoutError."""
        token = self.settings.token
        if not token.is_function:
            return token.header()
        import anyio

        with anyio.move_on_after(attempt.deadline.left):
            return await token.aheader()
        from friendli_facade._error_answers.printing import shown
        from friendli_facade.errors import APITimeoutError

        reason = "the function token gave none in time"
        raise APITimeoutError(request.method, shown(request.url), reason, ambiguous=False)

    async def close(self) -> None:
        """Closes the connections, unless they are the caller's; raises ClientClosedError."""
        try:
            self._connections.lifetime.close()
        finally:
            await self._connections.aclose()
