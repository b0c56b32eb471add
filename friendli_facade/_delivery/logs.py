"""The package's logger. It is silent unless the caller's logging, or FRIENDLI_DEBUG, says else.

Records show method, URL, status, duration, attempt and sizes: no token, no prompt, no picture.
"""

import logging
import os

logger = logging.getLogger("friendli_facade")
logger.addHandler(logging.NullHandler())

_FORMAT = "%(asctime)s %(name)s %(levelname)s %(message)s"


def enable_from_environment() -> None:
    """Shows everything on standard error where FRIENDLI_DEBUG is set, and not 0 or false."""
    if os.environ.get("FRIENDLI_DEBUG", "").strip().lower() in {"", "0", "false", "no", "off"}:
        return
    if not any(isinstance(handler, _DebugHandler) for handler in logger.handlers):
        handler = _DebugHandler()
        handler.setFormatter(logging.Formatter(_FORMAT))
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)


class _DebugHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """The handler of FRIENDLI_DEBUG, told apart from the caller's own."""
