"""Pictures in memory, the oldest given up for the newest."""

import re
from collections import OrderedDict
from threading import Lock
from typing import Final

from attrs import frozen

_ENTRY = 1024  # bytes that a picture counts for beside its content
_PATH = re.compile(r"/pictures/([0-9a-f]{64})\.png")


@frozen
class Picture:
    """An encoded picture and the name that its bytes have."""

    content: bytes
    media_type: str
    name: str

    @property
    def path(self) -> str:
        """Where it is published, as the path of a URL."""
        return f"/pictures/{self.name}.png"


class Store:
    """Pictures by key, at most `limit` bytes of them; safe to use from several threads."""

    def __init__(self, limit: int) -> None:
        self.limit: Final = limit
        self._pictures: OrderedDict[str, Picture] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: str) -> Picture | None:
        """The picture kept under `key`, None if it was never there or had to go."""
        with self._lock:
            picture = self._pictures.get(key)
            if picture is not None:
                self._pictures.move_to_end(key)
            return picture

    def at(self, path: str) -> Picture | None:
        """The picture that is published at `path`."""
        named = _PATH.fullmatch(path)
        return self.get(named[1]) if named else None

    def put(self, key: str, picture: Picture) -> None:
        """Keeps a picture, were it larger than the limit, and lets go of those unused longest."""
        with self._lock:
            known = self._pictures.pop(key, None)
            self._pictures[key] = picture
            self._size += _size(picture) - (_size(known) if known else 0)
            while self._size > self.limit and len(self._pictures) > 1:
                _, old = self._pictures.popitem(last=False)
                self._size -= _size(old)


def _size(picture: Picture) -> int:
    return _ENTRY + len(picture.content)
