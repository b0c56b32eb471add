"""How a call went that was answered, of which its pictures and its result tell."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from friendli_facade._delivery.deadline import Attempt
from friendli_facade._error_answers.printing import hidden
from friendli_facade._error_answers.request_ids import request_id
from friendli_facade._provenance.completed_calls import CompletedCall
from friendli_facade._requests import descriptions
from friendli_facade._requests.calls import Call

# Makes the record of a call, whose answer has these headers.
Record = Callable[[httpx.Headers], CompletedCall]

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
# What both ends say, and nobody keeps to himself.
_PLAIN = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"connection",
        b"content-length",
        b"content-type",
        b"host",
        b"user-agent",
    }
)
_LONG = 16  # bytes that no header of the answer's own repeats by chance


def completed(
    call: Call, request: httpx.Request, attempt: Attempt, headers: httpx.Headers
) -> CompletedCall:
    """How a call went whose answer, with these headers, is there now."""
    known, sent = request_id(headers), request.headers.get("Authorization", "")
    # To look for all of its forms would take a twentieth of a small call.
    if known and sent.partition(" ")[2] in known:
        known = hidden(known, [sent])
    return CompletedCall(
        descriptions.description(call),
        known,
        _public(headers, request.headers),
        attempt.number,
        attempt.deadline.elapsed,
        datetime.now(UTC),
    )


def _public(headers: httpx.Headers, sent: httpx.Headers) -> httpx.Headers:
    """An answer's headers without secrets, and without what comes back of those that were sent."""
    own = {name.lower(): value for name, value in sent.raw if name.lower() not in _PLAIN}
    # A token comes back without the word before it, too.
    words = [value.strip().rpartition(b" ")[2] for value in own.values()]
    long = [word for word in words if len(word) >= _LONG]
    came = headers.raw
    kept = [
        (name, value)
        for name, value in came
        if not (
            name.lower() in _SECRET
            or name.lower() in own
            or (long and any(word in value for word in long))
        )
    ]
    return headers if len(kept) == len(came) else httpx.Headers(kept)
