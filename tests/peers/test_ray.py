"""Ray Data on a real cluster of this machine, an actor of which is killed."""

import base64
import hashlib
import json
import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet  # pyright: ignore[reportMissingTypeStubs]
import pytest

from scripts.batches.kills import picture
from scripts.faults.server import Answer, FaultServer, Request, of_json, serving
from scripts.peers.programs import ROOT, python

PYTHON = python("ray")
pytestmark = [
    pytest.mark.peers,
    pytest.mark.slow,
    pytest.mark.skipif(PYTHON is None, reason="no Ray: scripts/setup --peers"),
]
ROWS, CONCURRENCY, AT_ONCE = 500, 16, 24
pa: Any = pyarrow
parquet: Any = pyarrow.parquet


class _Busy:
    """Answers a little later, and counts how many wait for it."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._lock = Lock()

    def __call__(self, request: Request) -> Answer:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.05)
        with self._lock:
            self.now -= 1
        number = int(request.json["prompt"])
        return of_json({"image": base64.b64encode(picture(number)).decode()})


def _start(
    script: Path, *arguments: object, log: Path, cwd: Path = ROOT, **surroundings: str
) -> "subprocess.Popen[bytes]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRIENDLI_")}
    quiet = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}
    quiet["RAY_worker_niceness"] = "0"  # else other tests take the processors from a cluster
    with log.open("wb") as output:
        return subprocess.Popen(
            [str(PYTHON), str(script), *map(str, arguments)],
            cwd=cwd,
            env={**kept, **quiet, **surroundings},
            stdout=output,
            stderr=output,
        )


def _kill_one(process: "subprocess.Popen[bytes]", server: FaultServer, folder: Path) -> set[str]:
    """Kills an actor on the way; gives the pictures that stood before that."""
    while not server.read(ROWS // 3, 0.1):
        assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
    victim = min(folder.glob("*.actor"))
    stood = {path.stem for path in (folder / "pictures").glob("*.png")}
    os.kill(int(victim.stem), signal.SIGKILL)
    return stood


def _counts(requests: list[Request]) -> Mapping[str, int]:
    return Counter(f"row-{request.json['prompt']}" for request in requests)


def test_a_killed_actor_loses_nothing(tmp_path: Path) -> None:
    """All rows are done once; only what it had in flight is sent again, and resuming sends none."""
    busy = _Busy()
    with serving(busy) as server:
        script = ROOT / "tests/peers/ray_cluster.py"
        process = _start(script, server.url, tmp_path, log=tmp_path / "log", PYTHONPATH=str(ROOT))
        try:
            stood = _kill_one(process, server, tmp_path)
            assert process.wait(240) == 0, (tmp_path / "log").read_text(encoding="utf-8")
        finally:
            process.kill()
    counts = _counts(server.requests)
    assert set(counts) == {f"row-{n}" for n in range(ROWS)}
    repeated = {key for key, count in counts.items() if count > 1}
    print(f"{len(server.requests)} requests for {ROWS} rows; sent twice: {sorted(repeated)}")
    assert max(counts.values()) <= 2
    assert len(repeated) <= CONCURRENCY
    assert not repeated & stood
    assert busy.most <= AT_ONCE

    rows = parquet.read_table(tmp_path / "rows").to_pylist()
    assert sorted(row["key"] for row in rows) == sorted(counts)
    for row in rows:
        assert (row["error"], row["ambiguous"]) == (None, False)
        content = Path(row["path"]).read_bytes()
        assert content == picture(int(row["prompt"]))
        assert row["sha256"] == hashlib.sha256(content).hexdigest()
        assert row["seed"] == int(row["prompt"])
    files = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert {name for name in files if not name.startswith(".")} == {f"{key}.png" for key in counts}

    again = parquet.read_table(tmp_path / "again").to_pylist()
    assert {row["attempts"] for row in again} == {0}
    assert sorted((row["key"], row["sha256"]) for row in again) == sorted(
        (row["key"], row["sha256"]) for row in rows
    )
    told, turns = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert "is a limit with rate=None and at_once=24" in told
    assert turns == [True, [1, 2]]


def test_the_example_runs(tmp_path: Path) -> None:
    """That of docs/cluster.md, with folders here in the place of those in a bucket."""
    page = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(example.splitlines()) <= 25
    assert example.count("s3://my-bucket/") == 3
    (tmp_path / "example.py").write_text(
        example.replace("s3://my-bucket/", f"{tmp_path}/"), encoding="utf-8"
    )
    prompts = pa.table({"key": ["a", "b", "c"], "prompt": ["1", "2", "3"]})
    parquet.write_table(prompts, tmp_path / "prompts.parquet")
    with serving(_Busy()) as server:
        process = _start(
            tmp_path / "example.py",
            log=tmp_path / "log",
            cwd=tmp_path,
            FRIENDLI_SERVER_URL=server.url,
        )
        try:
            assert process.wait(240) == 0, (tmp_path / "log").read_text(encoding="utf-8")
        finally:
            process.kill()
    drawn = parquet.read_table(tmp_path / "rows").to_pylist()
    assert [(row["key"], row["error"]) for row in drawn] == [("a", None), ("b", None), ("c", None)]
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"a.png", "b.png", "c.png"}
