"""A cluster of this machine that draws 500 rows: run in an environment with Ray."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from friendli_facade import AsyncFriendli
from friendli_facade.errors import ValidationError
from friendli_facade.ray import Images, Limit

ray: Any = import_module("ray")  # which is not where types are checked
data: Any = import_module("ray.data")
pyarrow: Any = import_module("pyarrow")
parquet: Any = import_module("pyarrow.parquet")
ROWS = 500
CONCURRENCY = 16


def client(url: str, folder: Path) -> AsyncFriendli:
    """A client of an actor, which leaves its process's number behind."""
    (folder / f"{os.getpid()}.actor").touch()
    return AsyncFriendli(server_url=url)


def method(friendli: AsyncFriendli) -> Callable[..., Any]:
    """What is called for each row."""
    return friendli.container.image.generate


def draw(folder: Path, limit: Limit, make: Callable[[], AsyncFriendli], out: str) -> None:
    """Draws a table into another one."""
    rows = data.read_parquet(str(folder / "prompts.parquet"))
    rows.repartition(target_num_rows_per_block=32).map_batches(
        Images,
        batch_format="pyarrow",
        batch_size=32,
        compute=data.ActorPoolStrategy(size=2),
        num_cpus=0.25,
        fn_constructor_kwargs={
            "method": method,
            "directory": str(folder / "pictures"),
            "limit": limit,
            "client": make,
            "concurrency": CONCURRENCY,
        },
    ).write_parquet(str(folder / out))


async def one_after_the_other() -> tuple[bool, list[int]]:
    """Whether the second of two who want the only turn waits for the first; what they had."""
    limit = Limit("narrow", at_once=1)
    first = await limit.take("a")
    await limit.alive("a")
    second = asyncio.ensure_future(limit.take("b"))
    done, _ = await asyncio.wait([second], timeout=1)
    await limit.give_back(first, "succeeded")
    turns = [first, await second]
    limit.end()
    return not done, turns


def main(url: str, folder: Path) -> None:
    """Draws twice, and tells what came of each limit."""
    table = pyarrow.table(
        {
            "key": [f"row-{n}" for n in range(ROWS)],
            "prompt": [str(n) for n in range(ROWS)],
            "seed": list(range(ROWS)),
        }
    )
    parquet.write_table(table, folder / "prompts.parquet")
    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    limit, told = Limit(at_once=24), list[Any]()
    Limit(at_once=24)  # the same
    try:
        Limit(at_once=25)
    except ValidationError as error:
        told.append(str(error))
    told.append(asyncio.run(one_after_the_other()))
    make = partial(client, url, folder)
    draw(folder, limit, make, "rows")
    (folder / "drawn").touch()
    draw(folder, limit, make, "again")
    limit.end()
    Limit(at_once=25).end()
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
