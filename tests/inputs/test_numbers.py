"""How many pictures a call takes, and in which arrays bytes may come."""

from array import array

import pytest

from tests.inputs.sending import refusal
from tests.transports import Wire, right

URL = "https://e.com/x.png"


def test_a_thousand_pictures_are_sent_and_one_more_is_refused() -> None:
    """None is left out in silence."""
    wire = Wire(right)
    wire.sync().container.image.edit(image=[URL] * 1000, prompt="p")
    assert len(wire.bodies[-1]["image"]) == 1000
    assert "image must hold at most 1000 pictures" in refusal([URL] * 1001)


@pytest.mark.parametrize(
    "pixels",
    [memoryview(array("H", [1] * 100)), memoryview(bytes(100)).cast("B", (10, 10))],
    ids=["two bytes each", "two dimensions"],
)
def test_an_array_of_pixels_is_no_file(pixels: memoryview) -> None:
    """It is said how it becomes a picture."""
    said = refusal(pixels)
    assert "must be the bytes of a picture file; of an array of pixels make a picture" in said
