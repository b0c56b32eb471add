"""What all jobs have in common, said by a partial of a method."""

import io
from collections.abc import Callable
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any, cast

import PIL.Image
import pytest

from friendli_facade import ValidationError, batch
from tests.batch.running import jobs, run
from tests.samples import PNG
from tests.transports import Wire, right


async def test_what_jobs_have_in_common_is_said_once(way: str, tmp_path: Path) -> None:
    """By a partial; what a job says itself comes first, and both make its key."""
    wire = Wire(right)
    given = {"num_inference_steps": 3, "seed": 1}
    ran = await run(way, wire, [{"prompt": "a"}, {"prompt": "a", "seed": 2}], tmp_path, given=given)
    assert {outcome.state for outcome in ran.outcomes} == {"done"}
    assert sorted(wire.bodies, key=lambda body: body["seed"]) == [
        {"prompt": "a", **given},
        {"prompt": "a", **given, "seed": 2},
    ]
    whole = await run(way, wire, [{"prompt": "a", **given}], tmp_path)
    assert [outcome.is_earlier for outcome in whole.outcomes] == [True]


@pytest.mark.parametrize("given", [{"prmt": "p"}, {"key": "a"}])
async def test_what_is_no_argument_of_the_method_is_none_of_all(
    way: str, given: dict[str, Any], tmp_path: Path
) -> None:
    """It is refused before a job is read."""
    with pytest.raises(ValidationError, match="is no argument of generate"):
        await run(way, Wire(right), [], tmp_path / "new", given=given)
    assert not (tmp_path / "new").exists()


def test_a_partial_with_a_positional_argument_is_refused(tmp_path: Path) -> None:
    """Methods take none."""
    method = partial(cast("Any", Wire(right).sync().container.image.generate), "a kite")
    with pytest.raises(ValidationError, match="must be a method of a client"):
        batch.run(method, [], directory=tmp_path)


def as_pillow(content: bytes) -> PIL.Image.Image:
    """A picture as Pillow has it."""
    return PIL.Image.open(io.BytesIO(content))


@pytest.mark.parametrize("opened", [io.BytesIO, as_pillow])
async def test_a_file_of_a_partial_is_that_of_each_job(
    way: str, opened: Callable[[bytes], Any], tmp_path: Path
) -> None:
    """It is read once, for all of them."""
    wire = Wire(right)
    given = {"control_images": [opened(PNG)]}
    ran = await run(way, wire, jobs(3), tmp_path, given=given)
    assert set(ran.states.values()) == {"done"}
    first, *others = [body["control_images"] for body in wire.bodies]
    assert others == [first, first]


async def test_a_file_of_a_partial_that_is_no_picture_is_refused(way: str, tmp_path: Path) -> None:
    """Before a job is read."""
    given = {"control_images": [PNG, io.BytesIO(b"text")]}
    with pytest.raises(ValidationError, match=r"control_images\[1\] must be a picture"):
        await run(way, Wire(right), [], tmp_path / "new", given=given)
    assert not (tmp_path / "new").exists()


def test_a_partial_of_a_partial_is_one(tmp_path: Path) -> None:
    """Also where the inner one looks like the method; the outer one comes first."""
    wire = Wire(right)
    with wire.sync() as friendli:
        method = friendli.container.image.generate
        inner = update_wrapper(partial(method, seed=1, num_inference_steps=3), method)
        outer = partial(inner, seed=2)
        with batch.run(outer, [{"prompt": "a"}], directory=tmp_path) as outcomes:
            assert [outcome.state for outcome in outcomes] == ["done"]
    assert wire.bodies == [{"prompt": "a", "seed": 2, "num_inference_steps": 3}]
