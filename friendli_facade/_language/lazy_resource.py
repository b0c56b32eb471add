"""How a client shows its resources: to mocks as well, and free of cost until one is used."""

from collections.abc import Callable
from typing import Any


class _Resource:
    """On an instance the resource, which sends as the instance does; on the class its type.

    So `create_autospec(SyncFriendli)` finds every method, which it would not behind a property.
    """

    def __init__(self, load: Callable[[], type[Any]]) -> None:
        self._load = load

    def __get__(self, instance: Any, _owner: type[Any]) -> Any:
        kind = self._load()
        return kind if instance is None else kind(instance._sender)


def resource(load: Callable[[], type[Any]]) -> Any:
    """An attribute that is a resource, annotated with the class that `load` gives."""
    return _Resource(load)
