"""What all jobs have in common, said by a partial of a method."""

from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from friendli_facade import ValidationError, batch
from tests.batch.running import run
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
