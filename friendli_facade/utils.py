"""Settings of the client, under the names that Friendli's documentation uses."""

import attrs

__all__ = ["BackoffStrategy", "RetryConfig"]


@attrs.frozen
class BackoffStrategy:
    """How long to wait between attempts; times in milliseconds."""

    initial_interval: int
    max_interval: int
    exponent: float
    max_elapsed_time: int


@attrs.frozen
class RetryConfig:
    """Whether, and how, a failed call is repeated."""

    strategy: str
    backoff: BackoffStrategy
    retry_connection_errors: bool
