"""A call as a span and a figure of the duration metric: what is told of it, and what never is.

Never told are tokens, headers, pictures, and what stands behind the host in a URL. Prompts are,
where the conventions' own switch says so; and so are the words of answers, which repeat them.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self, cast

import attrs
from opentelemetry import context, metrics, trace
from opentelemetry.instrumentation.utils import is_instrumentation_enabled

from friendli_facade._requests import urls
from friendli_facade.errors import APIConnectionError, FriendliError, SDKError, ValidationError

if TYPE_CHECKING:
    import httpx
    from opentelemetry.util.types import AttributeValue

    from friendli_facade._answers.scanning import Scanner
    from friendli_facade._sender import Sender
    from friendli_facade.utils import RetryConfig

# Of the operations that the conventions know, the one that draws: the others chat or embed.
_OPERATION = "generate_content"
_CLIENT = trace.SpanKind.CLIENT
_PORTS = {"http": 80, "https": 443}
_MOST = 2**63  # what the protocol of OpenTelemetry has no number for
_INNER = re.compile(r"[\[.]")  # where the path of an argument leads into it
_SEEN = context.create_key("friendli_facade")

_logger = logging.getLogger(__name__)


@attrs.frozen
class Telemetry:
    """Where calls are told, and whether their prompts may be."""

    tracer: trace.Tracer
    duration: metrics.Histogram
    captures_content: bool


class _Harmless:
    """Logs what goes wrong inside, so that no call fails by being seen."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if not isinstance(error, Exception):
            return False
        _logger.error("a call is not seen whole", exc_info=error)
        return True


HARMLESS = _Harmless()


@attrs.define(eq=False, repr=False)
class SeenCall:
    """A call under way.

    A context manager, and none that is made of a generator: it leaves no frame in tracebacks.
    """

    telemetry: Telemetry
    about: Mapping[str, AttributeValue]
    span: trace.Span
    started: float
    sent: int | None = None
    retries: RetryConfig | None = None
    body: Scanner | None = None
    result: Any = None
    given_up: FriendliError | None = None  # which `on_retry` was told of, and ended the call
    _token: Any = None

    def __enter__(self) -> Self:
        with HARMLESS:
            here = trace.set_span_in_context(self.span)
            self._token = context.attach(context.set_value(_SEEN, self, here))
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        passed = perf_counter() - self.started
        error = self.given_up or error
        try:
            with HARMLESS:
                self._tell(error)
        finally:
            with HARMLESS:
                self.span.end()
            if self._token is not None:
                context.detach(self._token)
            # Whatever was started meanwhile may keep this for long.
            self.result = self.body = self.given_up = None
        with HARMLESS:
            self._count(passed, error)

    def retry(self, error: FriendliError, wait: float) -> None:
        """Takes in that an attempt failed, and that another is made after some seconds."""
        found: dict[str, AttributeValue] = {
            "error.type": type(error).__qualname__,
            "http.request.resend_count": error.attempts,
            "friendli.retry.delay": wait,
        }
        if isinstance(error, SDKError):
            found["http.response.status_code"] = error.status_code
        self.span.add_event("friendli.retry", found)

    def _count(self, passed: float, error: BaseException | None) -> None:
        """Takes the call into the metric, apart from its span: an exemplar costs as much again."""
        about = self.about
        if error is not None:
            about = {**about, "error.type": type(error).__qualname__}
        self.telemetry.duration.record(passed, about)

    def _tell(self, error: BaseException | None) -> None:
        """Tells the span how the call ended."""
        if not self.span.is_recording():
            return
        found = self._found(self.result if error is None else error)
        if error is not None:
            found["error.type"] = type(error).__qualname__
            self.span.set_status(trace.StatusCode.ERROR, self._words(error))
        self.span.set_attributes(found)

    def _found(self, ended: Any) -> dict[str, AttributeValue]:
        """What is known of a call that ended with a result, or an error."""
        found: dict[str, AttributeValue] = {}
        if self.sent is not None:
            found["http.request.body.size"] = self.sent
        if isinstance(ended, FriendliError):
            found["friendli.ambiguous"] = ended.ambiguous
        elif isinstance(ended, BaseException):
            return found  # of a hook of the caller's, or what ended the call from outside
        if ended.attempts > 1:
            found["http.request.resend_count"] = ended.attempts - 1
        if isinstance(ended, FriendliError) and not isinstance(ended, SDKError):
            return found
        if ended.request_id is not None:
            found["friendli.request_id"] = ended.request_id
        found["http.response.status_code"] = getattr(ended, "status_code", 200)
        size = self._received(ended.headers)
        if size is not None:
            found["http.response.body.size"] = size
        return found

    def _received(self, headers: httpx.Headers) -> int | None:
        """Bytes of the answer's body as they were transferred, as far as that is known."""
        length = headers.get("Content-Length", "")
        if length.isdecimal():
            return int(length)
        return None if self.body is None or "Content-Encoding" in headers else self.body.size

    def _words(self, error: BaseException) -> str | None:
        """What may be told of an error: the words of most repeat what was asked for."""
        if isinstance(error, ValidationError):  # values, and names of headers, are never told
            names = (_INNER.split(violation.argument)[0] for violation in error.violations)
            return "rules are broken by: " + ", ".join(dict.fromkeys(names))
        if isinstance(error, APIConnectionError):
            return _text(error.reason)
        is_ours = isinstance(error, FriendliError)
        return _text(str(error)) if is_ours and self.telemetry.captures_content else None


def begun(
    telemetry: Telemetry, sender: Sender[Any], operation: str, arguments: Mapping[str, Any]
) -> SeenCall | None:
    """A call that begins now; None where it shall not be seen."""
    with HARMLESS:
        if is_instrumentation_enabled():
            server = arguments.get("server_url")
            server = sender.settings.server_url if server is None else server
            about = _about(operation, _text(arguments.get("model")), _text(server))
            found = dict(about.span)
            seed = arguments.get("seed")
            if isinstance(seed, int) and not isinstance(seed, bool) and -_MOST <= seed < _MOST:
                found["gen_ai.request.seed"] = int(seed)
            if telemetry.captures_content:
                found |= _content(arguments)
            span = telemetry.tracer.start_span(about.name, kind=_CLIENT, attributes=found)
            return SeenCall(telemetry, about.metric, span, perf_counter())
    return None


@attrs.frozen
class _About:
    """The name of a call's span, and what is known when it begins: of the span, of the metric."""

    name: str
    span: Mapping[str, AttributeValue]
    metric: Mapping[str, AttributeValue]


@lru_cache(maxsize=256)
def _about(operation: str, model: str | None, server: str | None) -> _About:
    from friendli_api.rules import OPERATIONS

    found: dict[str, AttributeValue] = {
        "gen_ai.operation.name": _OPERATION,
        "gen_ai.provider.name": "friendli",
    }
    if model:
        found["gen_ai.request.model"] = model
    with suppress(ValueError):  # as the call itself will tell
        url = urls.parsed(OPERATIONS[operation]["server"] if server is None else server)
        found["server.address"] = url.host
        found["server.port"] = url.port or _PORTS[url.scheme]
    others = {"gen_ai.output.type": "image", "friendli.operation": operation}
    return _About(f"{_OPERATION} {model or ''}".rstrip(), {**found, **others}, found)


def _content(arguments: Mapping[str, Any]) -> dict[str, str]:
    prompt = _text(arguments.get("prompt"))
    if prompt is None:
        return {}
    messages = [{"role": "user", "parts": [{"type": "text", "content": prompt}]}]
    return {"gen_ai.input.messages": json.dumps(messages, ensure_ascii=False)}


def _text(value: object) -> str | None:
    """A text as UTF-8 can have it, else None: half a character loses all spans of an export."""
    if not issubclass(type(value), str):
        return None
    return str.__str__(cast("str", value)).encode("utf-8", "replace").decode()


def under_way() -> SeenCall | None:
    seen = context.get_value(_SEEN)
    return seen if isinstance(seen, SeenCall) else None
