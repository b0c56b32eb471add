"""Ctrl-C in a batch, what ends a process, and a terminal that closes."""

import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.cli.batches.test_runs import table
from tests.cli.batches.test_tables import batch, lines, sent
from tests.cli.running import right, run
from tests.cli.terminals import on_terminal, once
from tests.servers import Received, Reply, recording


@pytest.fixture
def held() -> Any:
    """A server that answers the first two requests, and others when it may."""
    may, numbers = Event(), count(1)

    def answer(request: Received) -> Reply:
        if next(numbers) > 2:
            may.wait(60)
        return right(request)

    with recording(answer) as server:
        yield server, may
        may.set()


def test_ctrl_c_finishes_what_is_in_flight(held: Any) -> None:
    """Then the same command sends the rest, and nothing twice."""
    server, may = held

    def typist(written: str) -> str:
        if "interrupted: waiting" in written:
            may.set()
        return press(written)

    press = once(lambda written: len(server.requests) == 4 and "2 of 9 done" in written, "\x03")
    words = ("batch", table(9), "-o", "out", "--container", "--server-url", server.url, "-j", "2")
    screen = on_terminal(*words, typist=typist, folder=Path.cwd())
    assert (screen.status, "Traceback" in screen.text) == (130, False)
    assert "4 of 9 done" in screen.text
    assert "5 rows are left; the same command goes on" in screen.text
    assert screen.text.rindex("\x1b[?25h") > screen.text.rindex("\x1b[?25l")  # the cursor is back
    assert len(lines("outcomes.jsonl")) == 4
    assert batch(server, "t.jsonl").status == 0
    assert sorted(body["prompt"] for body in sent(server)) == [f"p{n}" for n in range(9)]


def test_a_second_ctrl_c_stops(held: Any) -> None:
    """What was in flight is ambiguous then."""
    server, _ = held
    first = once(lambda written: len(server.requests) == 4 and "2 of 9 done" in written, "\x03")
    second = once(lambda written: "interrupted: waiting" in written, "\x03")
    words = ("batch", table(9), "-o", "out", "--container", "--server-url", server.url, "-j", "2")
    screen = on_terminal(
        *words, typist=lambda written: first(written) or second(written), folder=Path.cwd()
    )
    assert (screen.status, "Traceback" in screen.text) == (130, False)
    assert "may have been drawn and paid for" in screen.text
    counts = run("batch", "status", "out", "--json").records[0]
    assert (counts["done"], counts["ambiguous"]) == (2, 2)
    assert not list(Path("out").glob(".*"))


def test_a_terminal_that_closes_finishes_what_is_in_flight(held: Any) -> None:
    """The tables are in their places, though nothing can be said any more."""
    server, may = held

    def closes(written: str) -> bool:
        if len(server.requests) < 4 or "2 of 2,000 done" not in written:
            return False
        may.set()
        return True

    words = (
        "batch",
        table(2000),
        "-o",
        "out",
        "--container",
        "--server-url",
        server.url,
        "-j",
        "2",
    )
    screen = on_terminal(*words, closes=closes, folder=Path.cwd())
    assert screen.status == 128 + signal.SIGHUP
    counts = run("batch", "status", "out", "--json").records[0]
    assert (counts["sending"], counts["ambiguous"]) == (0, 0)
    assert 4 <= counts["done"] == len(lines("outcomes.jsonl")) < 2000


def test_sigterm_ends_it_as_ctrl_c_does(held: Any) -> None:
    """In the background of a script too, where a shell has Ctrl-C ignored, and so it is."""
    server, may = held
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
        "from friendli_facade.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code]
    words = ["batch", table(9), "-o", "out", "--container", "--server-url", server.url, "-j", "2"]
    with subprocess.Popen([*command, *words], stderr=subprocess.PIPE, text=True) as process:
        while len(server.requests) < 4:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.terminate()
        assert process.stderr is not None
        assert any("interrupted" in line for line in process.stderr)
        may.set()
        process.communicate(timeout=60)
    assert process.returncode == 143
    assert len(list(Path("out").glob("*.png"))) == 4
