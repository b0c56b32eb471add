"""What stands for an argument that was not given; importing `utils` for it takes longer."""

from enum import Enum
from typing import Literal


class Unset(Enum):
    """The type of UNSET, which stands for an argument that is left to the server."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return self.name


UNSET = Unset.UNSET
