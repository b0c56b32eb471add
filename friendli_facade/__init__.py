"""A typed client for Friendli's image API.

    from friendli_facade import SyncFriendli

    with SyncFriendli() as friendli:
        result = friendli.dedicated.image.generate(model="my-endpoint", prompt="A lighthouse")
        result.images[0].save("lighthouse")

Names are imported when they are first used: importing this package costs next to nothing.
"""

TYPE_CHECKING = False  # typing's, without importing typing
if TYPE_CHECKING:
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

__version__ = "0.1.0"

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


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name in {"errors", "models", "utils"}:
        return import_module(f"{__name__}.{name}")
    home = "clients" if name.endswith("Friendli") else "errors"
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
