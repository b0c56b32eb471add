"""An answer that an error is about."""

from typing import TYPE_CHECKING

import attrs

from friendli_facade._error_answers.printing import hidden, secrets, shown

if TYPE_CHECKING:
    import httpx


@attrs.frozen
class Answer:
    """What a server answered, as far as an error needs it."""

    method: str
    asked: "str | httpx.URL" = attrs.field(repr=shown)
    status_code: int
    reason: str
    headers: "httpx.Headers" = attrs.field(repr=False)
    body: bytes = attrs.field(repr=lambda body: f"<{len(body)} bytes>")
    hint: str = ""
    _sent: "httpx.Headers | None" = attrs.field(default=None, alias="sent", repr=False)

    @classmethod
    def of(cls, response: "httpx.Response", body: bytes) -> "Answer":
        """A response of httpx, whose body was read apart."""
        return cls(
            method=response.request.method,
            asked=response.request.url,
            status_code=response.status_code,
            reason=response.reason_phrase,
            headers=response.headers,
            body=body,
            sent=response.request.headers,
        )

    def told(self, problem: str = "") -> "tuple[Answer, str]":
        """The answer and what is wrong with it, as an error keeps them.

        They are without the secrets that were sent, where the server repeats them.
        """
        import httpx

        found = () if self._sent is None else secrets(self._sent)
        kept = attrs.evolve(
            self,
            asked=self.url,  # which may be signed
            reason=hidden(self.reason, found),
            headers=httpx.Headers([(name, hidden(v, found)) for name, v in self.headers.raw]),
            body=hidden(self.body, found),
            sent=None,
        )
        if problem and kept.body != self.body:
            # It may quote a part of a secret, which cannot be told from other words.
            return kept, "the body is not as the contract has it"
        return kept, hidden(problem, found)

    @property
    def url(self) -> str:
        """The URL, as an error may show it."""
        return shown(self.asked)
