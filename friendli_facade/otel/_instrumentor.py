"""Puts functions around those of the client that a call goes through, and takes them away."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, Any

from opentelemetry import metrics, trace
from opentelemetry.instrumentation.instrumentor import (  # type: ignore[attr-defined]
    BaseInstrumentor,
)

from friendli_facade._delivery.retries import Attempts
from friendli_facade._sender import AsyncSender, Sender, SyncSender
from friendli_facade._version import __version__
from friendli_facade.otel._seen_calls import HARMLESS, Telemetry, begun, under_way

if TYPE_CHECKING:
    from friendli_facade._answers.scanning import Scanner
    from friendli_facade._requests.calls import Call
    from friendli_facade._requests.prepared_request import Prepared
    from friendli_facade.errors import FriendliError

_NAME = "friendli_facade.otel"
_CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_CAPTURING = {"true", "span_only", "span_and_event"}  # an older value of it, and two newer ones
# The first version of the conventions in which all names are as they are here.
_SCHEMA = "https://opentelemetry.io/schemas/1.37.0"
_BUCKETS = [2**power / 100 for power in range(14)]  # seconds, as the conventions advise


class FriendliInstrumentor(BaseInstrumentor):  # type: ignore[misc]
    """Instruments all clients, those that are there already too.

    `instrument()` takes `tracer_provider` and `meter_provider`, else the global ones count;
    `uninstrument()` leaves everything as it was.
    """

    def instrumentation_dependencies(self) -> Collection[str]:
        """None: it comes with what it instruments."""
        return ()

    def _instrument(self, **kwargs: Any) -> None:
        tracers, meters = kwargs.get("tracer_provider"), kwargs.get("meter_provider")
        telemetry = Telemetry(
            trace.get_tracer(_NAME, __version__, tracers, _SCHEMA),
            metrics.get_meter(_NAME, __version__, meters, _SCHEMA).create_histogram(
                "gen_ai.client.operation.duration",
                unit="s",
                description="GenAI operation duration.",
                explicit_bucket_boundaries_advisory=_BUCKETS,
            ),
            os.environ.get(_CAPTURE, "").strip().lower() in _CAPTURING,
        )
        self._originals = [
            _replaced(SyncSender, "send", lambda send: _sending(send, telemetry)),
            _replaced(AsyncSender, "send", lambda send: _sending_async(send, telemetry)),
            _replaced(Sender, "prepare", _preparing),
            _replaced(Sender, "_body", _receiving),
            _replaced(Attempts, "wait_after", _waiting),
        ]

    def _uninstrument(self, **_: Any) -> None:
        for owner, name, original in self._originals:
            setattr(owner, name, original)


def _replaced(
    owner: type[Any], name: str, around: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> tuple[type[Any], str, Callable[..., Any]]:
    """What a class had under a name, where it now has a function around that."""
    original = getattr(owner, name)
    setattr(owner, name, around(original))
    return owner, name, original


def _sending(send: Callable[..., Any], telemetry: Telemetry) -> Callable[..., Any]:
    @wraps(send)
    def seen(self: SyncSender, kind: type[Any], operation: str, **arguments: Any) -> Any:
        try:
            call = begun(telemetry, self, operation, arguments)
            if call is None:
                return send(self, kind, operation, **arguments)
            with call:
                call.result = result = send(self, kind, operation, **arguments)
                return result
        finally:
            arguments.clear()  # a traceback with local variables shows them once, and not here too

    return seen


def _sending_async(send: Callable[..., Any], telemetry: Telemetry) -> Callable[..., Any]:
    @wraps(send)
    async def seen(self: AsyncSender, kind: type[Any], operation: str, **arguments: Any) -> Any:
        try:
            call = begun(telemetry, self, operation, arguments)
            if call is None:
                return await send(self, kind, operation, **arguments)
            with call:
                call.result = result = await send(self, kind, operation, **arguments)
                return result
        finally:
            arguments.clear()

    return seen


def _preparing(prepare: Callable[..., Prepared]) -> Callable[..., Prepared]:
    @wraps(prepare)
    def seen(self: Sender[Any], call: Call) -> Prepared:
        prepared = prepare(self, call)
        with HARMLESS:
            if seen_call := under_way():
                seen_call.retries = prepared.retries
                seen_call.sent = int(prepared.headers["Content-Length"])
        return prepared

    return seen


def _receiving(body: Callable[..., Scanner]) -> Callable[..., Scanner]:
    @wraps(body)
    def seen(self: Sender[Any]) -> Scanner:
        scanner = body(self)
        if seen_call := under_way():
            seen_call.body = scanner
        return scanner

    return seen


def _waiting(wait_after: Callable[..., float | None]) -> Callable[..., float | None]:
    @wraps(wait_after)
    def seen(self: Attempts, error: FriendliError) -> float | None:
        call = under_way()
        # Downloads, which `on_retry` may begin, are repeated by a configuration of their own.
        if call is None or call.retries is not self.config:
            return wait_after(self, error)
        try:
            wait = wait_after(self, error)
        except Exception:
            call.given_up = error
            raise
        if wait is not None:
            with HARMLESS:
                call.retry(error, wait)
        return wait

    return seen
