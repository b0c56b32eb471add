# The names of __init__.py as type checkers and editors see them; at run time they are lazy.
from friendli_facade import errors, models, utils
from friendli_facade.clients import AsyncFriendli, SyncFriendli
from friendli_facade.errors import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    ClientClosedError,
    ConflictError,
    ContentTooLargeError,
    DownloadError,
    FriendliError,
    InvalidResponseError,
    NotFoundError,
    OtherStatusError,
    PermissionDeniedError,
    RateLimitError,
    SDKError,
    ServerError,
    UnprocessableEntityError,
    ValidationError,
)

__version__: str

__all__ = [
    "APIConnectionError",
    "APITimeoutError",
    "AsyncFriendli",
    "AuthenticationError",
    "ClientClosedError",
    "ConflictError",
    "ContentTooLargeError",
    "DownloadError",
    "FriendliError",
    "InvalidResponseError",
    "NotFoundError",
    "OtherStatusError",
    "PermissionDeniedError",
    "RateLimitError",
    "SDKError",
    "ServerError",
    "SyncFriendli",
    "UnprocessableEntityError",
    "ValidationError",
    "errors",
    "models",
    "utils",
]
