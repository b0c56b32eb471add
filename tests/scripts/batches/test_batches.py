"""What batches are put to tells its figures, and what is wrong."""

import base64
import re
from collections import Counter
from pathlib import Path

import pytest

from scripts.batches import kills, many
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
