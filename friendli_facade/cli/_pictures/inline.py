"""Pictures in a terminal: by its own graphics where it has some, in coloured blocks elsewhere."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

    from friendli_facade.models import Image

_ROWS = 20


def renderable(picture: Image) -> RenderableType:
    """What rich prints as the picture: sixels, kitty's graphics or half blocks.

    The library asks the terminal which of them it knows, when it is first imported.
    """
    from textual_image.renderable import Image as Inline

    return Inline(picture.to_pil().convert("RGB"), width="auto", height=_ROWS)


def can_ask() -> bool:
    """Whether the terminal can be asked what it draws; where input is piped, it is made so."""
    if sys.stdin is not None and sys.stdin.isatty():
        return True
    try:
        os.dup2(os.open("/dev/tty", os.O_RDWR), 0)
    except OSError:
        return False
    return True
