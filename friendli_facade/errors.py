"""Everything that the client raises on its own account, as one tree.

FriendliError
├── ValidationError               an argument breaks a rule; nothing was sent
├── ClientClosedError             the client was closed before the call
├── APIConnectionError            no answer came
│   └── APITimeoutError           no answer came in time
├── DownloadError                 a picture could not be fetched from its URL
├── ProvenanceError               what a picture's file tells of itself cannot be read
└── SDKError                      an answer came, and it is no result
    ├── AuthenticationError       401
    ├── PermissionDeniedError     403
    ├── NotFoundError             404
    ├── ConflictError             409
    ├── ContentTooLargeError      413
    ├── UnprocessableEntityError  422
    ├── RateLimitError            429
    ├── ServerError               5xx
    ├── OtherStatusError          any other status
    └── InvalidResponseError      200, but not as the contract has it
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from friendli_facade._error_answers import bodies, request_ids, retry_after
from friendli_facade._error_answers.answer import Answer
from friendli_facade._error_answers.bodies import ErrorDetail
from friendli_facade._error_answers.printing import shortened, shown
from friendli_facade._rules.violations import Violation, printable

if TYPE_CHECKING:
    from friendli_facade._images.image import Image

__all__ = [
    "APIConnectionError",
    "APITimeoutError",
    "Answer",
    "AuthenticationError",
    "ClientClosedError",
    "ConflictError",
    "ContentTooLargeError",
    "DownloadError",
    "ErrorDetail",
    "FriendliError",
    "InvalidResponseError",
    "NotFoundError",
    "OtherStatusError",
    "PermissionDeniedError",
    "ProvenanceError",
    "RateLimitError",
    "SDKError",
    "ServerError",
    "UnprocessableEntityError",
    "ValidationError",
    "Violation",
]


# Statuses with which a proxy says that it sent the request on, and lost the answer.
AMBIGUOUS_STATUSES = frozenset({408, 499, 502, 504, *range(520, 525), 598})


class FriendliError(Exception):
    """The base of every error of this package.

    Its words are one line that is safe to print: what a server or a proxy put into them and is
    not printable is escaped.
    """

    attempts: int = 1
    """How often the request of a failed call was made."""

    ambiguous: bool = False
    """Whether the server may have done what was asked for: if so, the picture may be paid for."""

    @property
    def request_id(self) -> str | None:
        """What the server calls the request, by the headers of its answer; None without one."""
        return None

    images: "tuple[Image, ...]" = ()
    """The pictures that came whole before the call failed: they may be paid for.

    So `error.images[0].save("saved")` works where an answer was cut after its first picture, or
    where the second one is no base64. Empty for most errors.
    """

    def _told(self, words: str) -> str:
        after = "" if self.attempts == 1 else f" (after {self.attempts} attempts)"
        return printable(words) + after


class ValidationError(FriendliError, ValueError):
    """Arguments break rules. Nothing was sent, so nothing was paid.

    `violations` holds all of them: each names the argument, the rule and the value. It is no
    SDKError, for those are answers of a server, with a status and a body, and here there is none;
    it is a ValueError, and a FriendliError as all are.
    """

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(tuple(violations))
        self.violations = tuple(violations)

    def __str__(self) -> str:
        if len(self.violations) == 1:
            return str(self.violations[0])
        lines = "".join(f"\n- {violation}" for violation in self.violations)
        return f"{len(self.violations)} rules are broken:{lines}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """What a notebook shows."""
        from friendli_facade._images import notebook

        rows = [(one.argument, one.rule, one.value) for one in self.violations]
        return notebook.of_rows(("argument", "rule", "value"), rows)


class ClientClosedError(FriendliError, RuntimeError):
    """The client was closed before the call; make a new one, or call inside its `with` block."""


class APIConnectionError(FriendliError):
    """No whole answer came. The cause (`__cause__`) is httpx's own error, without the request.

    It is `ambiguous` where the request may have reached the server. `lasting` tells that another
    attempt would fail as this one did: a certificate, an unknown host, a proxy that refuses.
    """

    body: bytes = b""
    """What came of the answer's body before it broke off."""

    def __init__(
        self, method: str, url: str, reason: str, *, ambiguous: bool = True, lasting: bool = False
    ) -> None:
        super().__init__(method, url, reason)
        self.method = method
        self.url = url
        self.reason = reason
        self.ambiguous = ambiguous
        self.lasting = lasting

    def __str__(self) -> str:
        return self._told(f"{self.method} {self.url} got no {self._what()}: {self.reason}")

    def _what(self) -> str:
        return f"whole answer ({len(self.body)} bytes of it came)" if self.body else "answer"


class APITimeoutError(APIConnectionError):
    """No answer came in time. The server may have done the work all the same."""


class DownloadError(FriendliError):
    """A picture could not be fetched from its URL; the URL stays valid as long as Friendli says.

    `url` is without its query, which may be signed. The cause (`__cause__`) is the error of the
    last attempt, if the storage host was asked at all.
    """

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return self._told(f"the picture at {self.url} could not be fetched: {self.reason}")


class ProvenanceError(FriendliError, ValueError):
    """What a picture's file tells of itself is broken, too large, or not what it should be."""

    def __str__(self) -> str:
        return printable(super().__str__())


class SDKError(FriendliError):
    """An answer came, and it is no result: its status says why, or its body is not understood.

    `method`, `url`, `status_code`, `headers` and `body` (bytes) are what came, `message` is the
    server's own words where it has any, `reason` the status with what is said of it, and `hint`
    what of yours it may be about: where the token came from, or which endpoint was meant. Of the
    body of a 3xx, 4xx or 5xx no more than a megabyte is read and kept. It is `ambiguous` for a
    2xx, and where a proxy says by its status that it sent the request on: 408, 499, 502, 504,
    520 to 524, 598. Where the server repeats the token, or another secret of a header,
    `***` stands for it, in all of them.
    """

    def __init__(self, answer: Answer, problem: str = "") -> None:
        answer, problem = answer.told(problem)
        super().__init__(answer, problem)
        self.method = answer.method
        self.url = answer.url
        self.status_code = answer.status_code
        self.headers = answer.headers
        self.body = answer.body
        self.hint = answer.hint
        is_success = 200 <= answer.status_code < 300  # a picture may come another way
        self.ambiguous |= is_success or answer.status_code in AMBIGUOUS_STATUSES
        self.message = bodies.message(bodies.parsed(answer.body))
        said = shortened(self.message) or bodies.beginning(self.body)
        status = f"{answer.status_code} {answer.reason}".rstrip()
        self.reason = ": ".join(filter(None, (status, problem, said)))

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return self._told(f"{self.method} {self.url} answered {self.reason}{hint}")

    @property
    def request_id(self) -> str | None:
        """What the server calls the request, by its answer's headers; None where they have none."""
        return request_ids.request_id(self.headers)

    @property
    def retry_after(self) -> float | None:
        """Seconds from now that the server asks to wait, by its Retry-After header, if it does."""
        return retry_after.seconds(self.headers.get("Retry-After"), datetime.now(UTC))


class AuthenticationError(SDKError):
    """401: the token is missing, wrong or expired."""


class PermissionDeniedError(SDKError):
    """403: the token may not do this."""


class NotFoundError(SDKError):
    """404: there is no such endpoint, adapter or path."""


class ConflictError(SDKError):
    """409: the endpoint is not in a state to answer."""


class ContentTooLargeError(SDKError):
    """413: the request is larger than the server, or a proxy before it, takes."""


class UnprocessableEntityError(SDKError):
    """422: the server refused an argument; `details` says which, where the server does."""

    @property
    def details(self) -> tuple[ErrorDetail, ...]:
        """The entries of FastAPI's `detail` list; empty where the body is something else."""
        return tuple(bodies.details(bodies.parsed(self.body)))


class RateLimitError(SDKError):
    """429: too many requests."""


class ServerError(SDKError):
    """5xx: the server, or a proxy before it, failed."""


class OtherStatusError(SDKError):
    """A status that has no class of its own."""


class InvalidResponseError(SDKError):
    """200, but the body is not what the contract says.

    It is kept whole in `body`, as it came, and the pictures that can be read in `images`.
    """


_BY_STATUS: Mapping[int, type[SDKError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    413: ContentTooLargeError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def of_status(answer: Answer) -> SDKError:
    """The error for an answer that is not a 200."""
    answer, _ = answer.told()
    other = ServerError if 500 <= answer.status_code < 600 else OtherStatusError
    kind = _BY_STATUS.get(answer.status_code, other)
    place = answer.headers.get("Location")
    if place is None or not 300 <= answer.status_code < 400:
        return kind(answer)
    where = _resolved(place, answer.url)
    return kind(answer, f"it redirects to {where}, which is not followed: is server_url right?")


def _resolved(place: str, base: str) -> str:
    """Where a redirect leads, as far as a message may show it."""
    import httpx

    try:
        return shown(httpx.URL(base).join(place))
    except (ValueError, httpx.InvalidURL):
        return "an invalid URL"
