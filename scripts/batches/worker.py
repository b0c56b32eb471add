"""A process that runs a batch, to be killed: a line of JSON for each outcome."""

import json
import os
import sys
from pathlib import Path

import anyio

from friendli_facade import AsyncFriendli, batch


async def main(url: str, folder: Path, rows: int, policy: batch.Ambiguous) -> None:
    """Draws a picture for each row."""
    jobs = ({"key": f"row-{n}", "prompt": str(n), "seed": n} for n in range(rows))
    async with (
        AsyncFriendli(server_url=url) as friendli,
        batch.arun(
            friendli.container.image.generate, jobs, directory=folder, ambiguous=policy
        ) as outcomes,
    ):
        async for outcome in outcomes:
            line = json.dumps([outcome.key, outcome.state, outcome.is_earlier]) + "\n"
            os.write(1, line.encode())
        left = outcomes.progress.elsewhere
    os.write(1, json.dumps(["", "left", left]).encode() + b"\n")


if __name__ == "__main__":
    policies: dict[str, batch.Ambiguous] = {"report": "report", "retry": "retry", "skip": "skip"}
    anyio.run(main, sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), policies[sys.argv[4]])
