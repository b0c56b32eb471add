"""What an argument is that was not given."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import httpx


class Unset(Enum):
    """The type of UNSET, which stands for an argument that is left to the server."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return self.name


UNSET = Unset.UNSET

Timeout: TypeAlias = "float | httpx.Timeout | None | Unset"
