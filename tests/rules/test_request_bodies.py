"""What no schema can say of a request body, in words."""

from typing import Any

import pytest

from friendli_facade._rules.request_bodies import violations

IMAGE = {"image": "https://e.com/x.png"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"controlnet_weights": [0.5]}, ["must not be given without control_images"]),
        ({"controlnet_weights": [1], "control_images": None}, ["must not be given without"]),
        (
            {"controlnet_weights": [1], "control_images": [IMAGE, IMAGE]},
            ["must be as many as control_images (2), not 1"],
        ),
        (
            {"controlnet_weights": [1, 1, 1], "control_images": [IMAGE, IMAGE]},
            ["must be as many as control_images (2), not 3"],
        ),
        ({"controlnet_weights": [1, 1], "control_images": [IMAGE, IMAGE]}, []),
        ({"controlnet_weights": None, "control_images": [IMAGE]}, []),
        ({"control_images": [IMAGE]}, []),
    ],
)
def test_there_are_as_many_weights_as_control_images(
    arguments: dict[str, Any], said: list[str]
) -> None:
    """Both numbers are told; without weights, or with as many, nothing is wrong."""
    found = violations("containerImagesGenerate", {"prompt": "p", **arguments}, [])
    assert len(found) == len(said)
    for violation, words in zip(found, said, strict=True):
        assert str(violation).startswith(f"controlnet_weights {words}")


def test_control_images_that_are_wrong_are_told_alone() -> None:
    """While it is not known how many there will be, their number is not complained of."""
    content = {"prompt": "p", "controlnet_weights": [1], "control_images": 5}
    found = violations("containerImagesGenerate", content, [])
    assert [violation.argument for violation in found] == ["control_images"]


@pytest.mark.parametrize("name", ["prompt", "model"])
def test_an_empty_text_is_told(name: str) -> None:
    """Neither the prompt nor the model may be empty."""
    content = {"prompt": "p", "model": "m", name: ""}
    found = violations("dedicatedImagesGenerate", content, [])
    assert [str(violation) for violation in found] == [f"{name} must not be empty"]


@pytest.mark.parametrize("value", [14_000, 14_001])
def test_an_integer_has_fewer_digits_than_python_can_write(value: int) -> None:
    """One of 14,000 bits is sent, and one more is told."""
    found = violations("containerImagesGenerate", {"prompt": "p", "seed": 2**value - 1}, [])
    assert [violation.rule for violation in found] == (
        [] if value == 14_000 else ["must have fewer digits"]
    )
