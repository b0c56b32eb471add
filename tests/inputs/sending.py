"""What becomes of a picture that an edit is given."""

import base64
from typing import Any

import pytest

from friendli_facade import ValidationError
from tests.transports import Wire, right


def sent_text(image: Any) -> str:
    """The text under which a picture went over the wire."""
    wire = Wire(right)
    wire.sync().container.image.edit(image=image, prompt="p")
    text: str = wire.bodies[-1]["image"]["image"]
    return text


def sent(image: Any) -> bytes:
    """The bytes of a picture that went over the wire as base64."""
    return base64.b64decode(sent_text(image), validate=True)


def refusal(image: Any) -> str:
    """The words with which a picture is refused; nothing must have been sent."""
    wire = Wire(right)
    with pytest.raises(ValidationError) as refused:
        wire.sync().container.image.edit(image=image, prompt="p")
    assert wire.requests == []
    return str(refused.value)
