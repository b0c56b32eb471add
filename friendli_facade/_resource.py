"""How a client shows its resources: to mocks as well, and free of cost until one is used."""

from importlib import import_module
from typing import Any


class _Resource:
    """On an instance the resource, which sends as the instance does; on the class its type.

    So `create_autospec(SyncFriendli)` finds every method, which it would not behind a property.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, _owner: type[Any]) -> Any:
        # What types of arguments and results need is imported when the first resource is used.
        kind = getattr(import_module("friendli_facade._resources"), self._name)
        return kind if instance is None else kind(instance._sender)


def resource(name: str) -> Any:
    """An attribute that is a resource; `name` is that of the class, with which it is annotated."""
    return _Resource(name)
