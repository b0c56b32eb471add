"""How large a picture may be."""

from friendli_facade._rules.violations import RefusedError

MAX_IMAGE_BYTES = 50 * 1024 * 1024  # Friendli's documentation of ImageInput


def check(size: int, within: str = "") -> None:
    """Raises RefusedError for more than 50 MiB; `within` is the path below the argument."""
    if size > MAX_IMAGE_BYTES:
        raise too_large(size, within)


def too_large(holds: object, within: str = "") -> RefusedError:
    """The error for a picture that holds so many bytes."""
    limit = f"must hold at most 50 MiB ({MAX_IMAGE_BYTES} bytes)"
    return RefusedError(f"{limit} and holds {holds}: make it smaller", within)
