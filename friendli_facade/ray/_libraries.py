"""What the extra `ray` brings, imported when it is needed."""

from importlib import import_module
from typing import Any


def library(name: str) -> Any:
    """A module of ray or pyarrow, whose types nobody needs; raises ImportError."""
    try:
        return import_module(name)
    except ImportError as error:
        message = f"friendli_facade.ray needs {name}: pip install 'friendli-facade[ray]'"
        raise ImportError(message, name=error.name) from error
