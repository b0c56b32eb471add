"""Steps of many tasks are committed together, and each of them on its own terms."""

from pathlib import Path

import anyio
import pytest
from anyio.lowlevel import checkpoint

from friendli_facade.batch._ledger.grouping import Grouping
from friendli_facade.batch._ledger.ledger import NAME, Ledger
from friendli_facade.batch._ledger.steps import Claim, Finish, Look


@pytest.mark.parametrize("later", range(8))
async def test_a_task_that_is_cancelled_takes_no_step_of_another_with_it(
    tmp_path: Path, later: int
) -> None:
    """Whenever it is: a picture would stand there, and its row say for ever that it is sent."""
    with Ledger.create(tmp_path / NAME) as ledger:
        ledger.begin()
        ledger.apply([Claim("paid", "containerImagesGenerate", "{}", iter(["a"]))])
        steps = Grouping(ledger)
        scope = anyio.CancelScope()

        async def ask() -> None:
            with scope:
                await steps.do(Look("another"))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            tasks.start_soon(steps.do, Finish("paid", "done", images=1))
            for _ in range(later):
                await checkpoint()
            scope.cancel()
        assert [row.state for row in ledger.rows()] == ["done"]
