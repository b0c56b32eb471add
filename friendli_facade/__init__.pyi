# The names of __init__.py as type checkers and editors see them; at run time they are lazy. Each is
# imported `as` itself: Jedi takes the others of a stub for its own affair.
from friendli_facade import batch as batch
from friendli_facade import errors as errors
from friendli_facade import models as models
from friendli_facade import provenance as provenance
from friendli_facade import utils as utils
from friendli_facade.clients import AsyncFriendli as AsyncFriendli
from friendli_facade.clients import SyncFriendli as SyncFriendli
from friendli_facade.errors import APIConnectionError as APIConnectionError
from friendli_facade.errors import APITimeoutError as APITimeoutError
from friendli_facade.errors import AuthenticationError as AuthenticationError
from friendli_facade.errors import ClientClosedError as ClientClosedError
from friendli_facade.errors import ConflictError as ConflictError
from friendli_facade.errors import ContentTooLargeError as ContentTooLargeError
from friendli_facade.errors import DownloadError as DownloadError
from friendli_facade.errors import FriendliError as FriendliError
from friendli_facade.errors import InvalidResponseError as InvalidResponseError
from friendli_facade.errors import NotFoundError as NotFoundError
from friendli_facade.errors import OtherStatusError as OtherStatusError
from friendli_facade.errors import PermissionDeniedError as PermissionDeniedError
from friendli_facade.errors import ProvenanceError as ProvenanceError
from friendli_facade.errors import RateLimitError as RateLimitError
from friendli_facade.errors import SDKError as SDKError
from friendli_facade.errors import ServerError as ServerError
from friendli_facade.errors import UnprocessableEntityError as UnprocessableEntityError
from friendli_facade.errors import ValidationError as ValidationError
from friendli_facade.provenance import MetadataWarning as MetadataWarning
from friendli_facade.provenance import Provenance as Provenance

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
    "MetadataWarning",
    "NotFoundError",
    "OtherStatusError",
    "PermissionDeniedError",
    "Provenance",
    "ProvenanceError",
    "RateLimitError",
    "SDKError",
    "ServerError",
    "SyncFriendli",
    "UnprocessableEntityError",
    "ValidationError",
    "batch",
    "errors",
    "models",
    "provenance",
    "utils",
]
