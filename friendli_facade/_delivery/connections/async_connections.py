"""The connections of an async client: each event loop has its own."""

from asyncio import AbstractEventLoop
from collections.abc import AsyncGenerator
from typing import Any

import anyio
import attrs
import httpx
from anyio.lowlevel import current_token

from friendli_facade._delivery import aiohttp_failures
from friendli_facade._delivery.connections import forks
from friendli_facade._delivery.connections.idle import Idle
from friendli_facade._delivery.connections.own_clients import AsyncClient
from friendli_facade._delivery.connections.sync_connections import Connections, is_direct
from friendli_facade._delivery.deadline import Attempt
from friendli_facade._delivery.exchange import areceive
from friendli_facade._delivery.failures import Progress
from friendli_facade._delivery.receiving import Receiver
from friendli_facade._error_answers.printing import shown
from friendli_facade.errors import Answer, APIConnectionError, APITimeoutError, ClientClosedError

MOST_AT_ONCE = 256  # connections of an event loop; further requests wait for one


@attrs.define
class _Loop:
    """What belongs to one event loop."""

    idle: Idle[httpx.AsyncClient]
    ending: AsyncGenerator[None]
    room: anyio.Semaphore = attrs.field(factory=lambda: anyio.Semaphore(MOST_AT_ONCE))


class AsyncConnections(Connections[httpx.AsyncClient]):
    """Connections of any number of event loops, of asyncio and trio, one after the other or not."""

    own_type = AsyncClient

    def __init__(self, http: httpx.AsyncClient | None, name: str) -> None:
        super().__init__(http, name)
        self._loops: dict[object, _Loop] = {}
        self._of_parents: list[object] = []
        self._loop_of_http: object = None
        forks.watch(self)

    async def receive(
        self, request: httpx.Request, body: Receiver, attempt: Attempt, auth: Any = None
    ) -> Answer:
        """The answer to a request, a success with its body in `body`; raises FriendliError."""
        if self._http is not None:
            return await self._through(self._http, request, body, attempt, auth)
        loop = await self._here()
        await _enter(loop.room, request, attempt)
        try:
            return await self._exchange(loop.idle, request, body, attempt)
        finally:
            loop.room.release()

    async def _exchange(
        self,
        idle: Idle[httpx.AsyncClient],
        request: httpx.Request,
        body: Receiver,
        attempt: Attempt,
    ) -> Answer:
        direct = is_direct(request)
        http = idle.take(direct=direct)
        try:
            answer = await areceive(http, Progress(request), body, attempt)
        except BaseException:
            await http.aclose()
            raise
        idle.put(http, direct=direct)
        for surplus in idle.surplus(self._most_idle):
            await surplus.aclose()
        return answer

    async def _through(
        self,
        http: httpx.AsyncClient,
        request: httpx.Request,
        body: Receiver,
        attempt: Attempt,
        auth: Any,
    ) -> Answer:
        """The same through the caller's httpx client.

        In a task of its own, where asyncio's `task.cancel()` stops at httpcore's shields, and does
        not cost the pool a place for good, as long as it has a place for each request.
        """
        self._check_process()
        here = current_token()
        if self._loop_of_http not in {None, here}:
            raise ClientClosedError(
                "http_client has connections of another event loop: make a new httpx client and "
                f"a new {self._name} in each, or leave http_client out"
            )
        progress = Progress(request)
        outcome: list[Answer | Exception] = []

        async def exchange() -> None:
            try:
                outcome.append(await areceive(http, progress, body, attempt, auth))
            except Exception as error:
                outcome.append(error)

        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(exchange)
        finally:
            if progress.is_sent or aiohttp_failures.is_used(http):  # over a socket
                self._loop_of_http = here
        if not outcome:
            reason = "the transport of http_client, or a hook, cancelled it"
            raise APIConnectionError(request.method, shown(request.url), reason)
        ended = outcome.pop()
        if isinstance(ended, Exception):
            try:
                raise ended
            finally:
                del ended  # it holds this frame, which would hold it
        return ended

    async def _here(self) -> _Loop:
        """What belongs to the running event loop."""
        token = current_token()
        loop = self._loops.get(token)
        if loop is None:
            idle = Idle(self._make)
            loop = _Loop(idle, self._ending(token, idle))
            # The last calls of a closed client leave nothing behind.
            if not self.lifetime.is_closed:
                for other in list(self._loops):
                    if _is_over(other):
                        self._loops.pop(other, None)
                await anext(loop.ending)
                self._loops[token] = loop
        return loop

    async def _ending(self, token: object, idle: Idle[httpx.AsyncClient]) -> AsyncGenerator[None]:
        """Closes what is idle when the event loop ends, which ends every generator that waits."""
        try:
            yield
        finally:
            self._loops.pop(token, None)
            for http in idle.surplus(0):
                await http.aclose()

    async def aclose(self) -> None:
        """Closes what is idle here; a call closes its own when it ends, another loop when it does.

        The caller's httpx client stays open.
        """
        loop = self._loops.pop(current_token(), None)
        if loop is not None:
            await loop.ending.aclose()

    def forked(self) -> None:
        """Keeps the parent's connections aside: closing them would disturb its event loop."""
        super().forked()
        self._of_parents.append(self._loops)
        self._loops = {}


async def _enter(room: anyio.Semaphore, request: httpx.Request, attempt: Attempt) -> None:
    """Waits until there is a connection for a request; raises APITimeoutError."""
    try:
        room.acquire_nowait()
    except anyio.WouldBlock:
        with anyio.move_on_after(attempt.deadline.left) as waiting:
            await room.acquire()
        if waiting.cancelled_caught:
            reason = f"none of its {MOST_AT_ONCE} connections became free in time"
            place = shown(request.url)
            raise APITimeoutError(request.method, place, reason, ambiguous=False) from None


def _is_over(token: object) -> bool:
    """Whether an event loop was closed without a word to the generators that waited for it."""
    loop = getattr(token, "native_token", token)
    return isinstance(loop, AbstractEventLoop) and loop.is_closed()
