"""What an actor does with a table, on a wire that a test writes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow  # pyright: ignore[reportMissingTypeStubs]

from friendli_facade.ray import Images
from tests.transports import Wire, right


@attrs.define
class Drawing:
    """An Images of a container, and its folder."""

    folder: Path
    wire: Wire = attrs.field(factory=lambda: Wire(right))

    def images(self, **arguments: Any) -> Images:
        """The callable that an actor has."""
        given: dict[str, Any] = {
            "method": lambda friendli: friendli.container.image.generate,  # pyright: ignore
            "directory": self.folder,
            "client": self.wire.asynchronous,
            **arguments,
        }
        return Images(**given)

    async def rows(self, rows: Sequence[dict[str, Any]], **arguments: Any) -> list[dict[str, Any]]:
        """The rows that come of rows."""
        table: Any = pyarrow
        drawn = await self.images(**arguments)(table.Table.from_pylist(rows))
        return drawn.to_pylist()  # type: ignore[no-any-return]

    @property
    def files(self) -> list[str]:
        """The names of all files."""
        return sorted(path.name for path in self.folder.iterdir())
