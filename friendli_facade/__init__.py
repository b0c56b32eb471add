"""A typed client for Friendli's image API.

    from friendli_facade import SyncFriendli

    with SyncFriendli() as friendli:
        result = friendli.dedicated.image.generate(model="my-endpoint", prompt="A lighthouse")
        result.images[0].save("lighthouse")

Names are imported when they are first used: importing this package costs next to nothing. Type
checkers and editors read `__init__.pyi`.
"""

from friendli_facade._version import __version__ as __version__

_MODULES = ("batch", "errors", "models", "provenance", "utils")
_MODULE_OF = {
    "AsyncFriendli": "clients",
    "SyncFriendli": "clients",
    "APIConnectionError": "errors",
    "APITimeoutError": "errors",
    "AuthenticationError": "errors",
    "ClientClosedError": "errors",
    "ConflictError": "errors",
    "ContentTooLargeError": "errors",
    "DownloadError": "errors",
    "FriendliError": "errors",
    "InvalidResponseError": "errors",
    "NotFoundError": "errors",
    "OtherStatusError": "errors",
    "PermissionDeniedError": "errors",
    "ProvenanceError": "errors",
    "RateLimitError": "errors",
    "SDKError": "errors",
    "ServerError": "errors",
    "UnprocessableEntityError": "errors",
    "ValidationError": "errors",
    "MetadataWarning": "provenance",
    "Provenance": "provenance",
}

__all__ = [*_MODULE_OF, *_MODULES]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
