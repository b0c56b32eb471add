"""How a call went that was answered, of which its pictures and its result tell."""

from collections.abc import Mapping
from datetime import UTC, datetime

import httpx

from friendli_facade._delivery.deadline import Attempt
from friendli_facade._error_answers.request_ids import request_id
from friendli_facade._provenance.completed_calls import CompletedCall
from friendli_facade._requests import descriptions
from friendli_facade._requests.calls import Call

# What a server sets, or repeats of what it was sent, and may be a secret.
_SECRET = frozenset(
    {
        b"authentication-info",
        b"authorization",
        b"cookie",
        b"proxy-authentication-info",
        b"proxy-authorization",
        b"set-cookie",
        b"set-cookie2",
    }
)
_LONG = 16  # bytes that no header of the answer's own repeats by chance


def completed(call: Call, headers: httpx.Headers, attempt: Attempt) -> CompletedCall:
    """How a call went whose answer, with these headers, is there now."""
    sent = call.options.http_headers or {}
    return CompletedCall(
        descriptions.description(call),
        request_id(headers),
        _public(headers, sent),
        attempt.number,
        attempt.deadline.elapsed,
        datetime.now(UTC),
    )


def _public(headers: httpx.Headers, sent: Mapping[str, str]) -> httpx.Headers:
    """An answer's headers without secrets, and without the call's own that come back."""
    names = _SECRET.union(name.lower().encode() for name in sent)
    values = {value.encode() for value in sent.values() if len(value) >= _LONG}
    return httpx.Headers(
        [
            (name, value)
            for name, value in headers.raw
            if name.lower() not in names and value not in values
        ]
    )
