"""What batches are put to tells its figures, and what is wrong."""

import base64
import re
import sys
from collections import Counter
from pathlib import Path

import anyio
import httpx
import pytest

from friendli_facade import SyncFriendli, batch
from scripts.batches import kills, many, rate
from scripts.batches.__main__ import main
from scripts.faults.server import Answer, Request, answer, of_json


def test_many_jobs_are_all_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then it says what they cost, and leaves nothing on the disk."""
    monkeypatch.setattr(many, "_WARM", 5)
    main(["many", "--jobs", "12", "--at-once", "3", "--place", str(tmp_path)])
    jobs, processor, ledger, memory = capsys.readouterr().out.splitlines()
    assert jobs.startswith("12 of 12 done in ")
    assert re.fullmatch(r"processor \d+\.\d s, \d+\.\d\d ms a job", processor)
    share = re.fullmatch(r"ledger \d+\.\d s of it: (\d+\.\d)%", ledger)
    assert share
    assert 0 < float(share[1]) < 100
    found = re.fullmatch(r"memory after 5: (\d+) MiB, at most (\d+) MiB", memory)
    assert found
    assert 0 < int(found[1]) <= int(found[2])
    assert list(tmp_path.iterdir()) == []


def test_a_rate_is_measured_with_a_hint_and_without(capsys: pytest.CaptureFixture[str]) -> None:
    """Every job ends; a server that never has to refuse has refused nothing."""
    main(["rate", "--jobs", "2", "--rate", "20", "--latency", "0.01"])
    without, hinted = capsys.readouterr().out.splitlines()
    assert without.startswith("Retry-After None: 2 jobs in ")
    assert hinted.startswith("Retry-After 1: 2 jobs in ")
    assert all(line.endswith("% of what is allowed, 0.0% refused") for line in (without, hinted))


def test_a_batch_that_is_killed_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is wrong with it, so there is nothing more to say."""
    main(["kills", "--jobs", "12", "--kills", "1"])
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("1 kills, 12 rows done in ")
    assert line.endswith("; wrong 0")


def test_what_is_wrong_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row that fails, one that is sent again and again, and one with another's picture."""
    seen = Counter[int]()

    def respond(request: Request) -> Answer:
        number = int(request.json["prompt"])
        seen[number] += 1
        if number == 0 or (number == 1 and seen[1] == 1):
            return answer("400 Bad Request" if number == 0 else "503 Service Unavailable")
        content = base64.b64encode(kills.picture(max(number, 3))).decode()
        return of_json({"image": content})

    monkeypatch.setattr(kills, "respond", respond)
    with pytest.raises(SystemExit) as caught:
        main(["kills", "--jobs", "8", "--kills", "0"])
    wrong = str(caught.value).splitlines()
    assert "row-0 failed" in wrong
    assert "1 rows are not done" in wrong
    assert "row-1 was sent 2 times" in wrong
    assert "row-1 was sent 2 times in the end" in wrong
    assert "row-2.png is not whole" in [re.sub(r"^.*(?=row-2)", "", line) for line in wrong]
    assert capsys.readouterr().out.endswith(f"; wrong {len(wrong)}\n")


IDLE = """
import json, shutil, sys
from pathlib import Path
from urllib.request import Request, urlopen

empty, url, folder, rows, policy = sys.argv[1:]
shutil.copy(empty, folder)
"""
CARELESS = """
Path(folder, "stray.png").touch()
print(json.dumps(["row-1", "ambiguous", False]), flush=True)
for number in range(int(rows)):
    urlopen(Request(url + "/v1/images/generations", json.dumps({"prompt": str(number)}).encode()))
"""


def tried(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> kills.Figures:
    """The figures of workers that do something else than their ledger says: it stays empty."""
    with SyncFriendli() as friendli:
        draw = friendli.container.image.generate
        with batch.run(draw, [], directory=folder) as outcomes:
            assert list(outcomes) == []
    worker = [sys.executable, "-c", IDLE + code, str(folder / "ledger.sqlite3")]
    monkeypatch.setattr(kills, "_WORKER", worker)
    return kills.run(8, 1, seed=1)


def test_a_worker_that_does_not_keep_its_ledger_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sent what has no row, reported what is not lost, and left a file that nothing names."""
    figures = tried(CARELESS, tmp_path, monkeypatch)
    assert figures.kills == 1
    assert "row-0 was sent without a row" in figures.wrong
    assert "reported {'row-1'} otherwise than lost" in figures.wrong
    assert "8 rows are not done" in figures.wrong
    assert "files that no row has: ['stray.png']" in figures.wrong


def test_a_worker_that_ends_by_itself_is_not_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for what it will never send; its rows are missed."""
    figures = tried("", tmp_path, monkeypatch)
    assert figures.kills == 0
    assert [f"row-{number} was sent 0 times" for number in range(8)] == figures.wrong[:8]


def test_a_rate_of_jobs_that_failed_is_none(tmp_path: Path) -> None:
    """A server that cannot do its work says nothing of how fast a batch is."""

    class Broken(rate.Server):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(400)

    with pytest.raises(AssertionError, match="400"):
        anyio.run(rate.run, Broken(20, 0, None), 1, 1, tmp_path)
