"""Ctrl-C and the signals that end a process: what is finished is kept, what is missing is told."""

import json
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from threading import Event

import pytest

from friendli_facade.sandbox import Sandbox
from tests.cli.terminals import on_terminal, once
from tests.servers import Received, Reply, recording

pytest.importorskip("pty", reason="signals are sent so on POSIX alone")


@pytest.fixture
def slow() -> Generator[tuple[Sandbox, str]]:
    """A sandbox that answers two requests and then none."""
    sandbox = Sandbox()
    sandbox.delay_next(0, times=2)
    sandbox.delay_next(600, times=8)
    with sandbox.serve() as server:
        yield sandbox, server.url


def names(folder: Path) -> list[str]:
    """All names in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def kites(url: str) -> tuple[str, ...]:
    """Eight pictures, one after another."""
    return ("generate", "a kite", "--container", "--server-url", url, "--seeds", "1..8", "-j", "1")


@pytest.mark.parametrize("keys", ["\x03", "\x03\x03"], ids=["once", "twice"])
def test_ctrl_c_keeps_what_is_finished_and_names_what_is_missing(
    slow: tuple[Sandbox, str], tmp_path: Path, keys: str
) -> None:
    """Exit 130; what was being drawn may be paid for, what was not begun is not."""
    sandbox, url = slow
    typist = once(lambda written: len(sandbox.requests) == 3 and "2/8" in written, keys)
    screen = on_terminal(*kites(url), "--sheet", "s.png", typist=typist, folder=tmp_path)
    assert screen.status == 130
    assert names(tmp_path) == ["a-kite-1.jpg", "a-kite-2.jpg", "s.png"]
    assert "6 of 8 pictures are missing: seeds 3..8" in screen.text
    assert "interrupted: seed 3 may have been drawn and paid for" in screen.text
    assert "Traceback" not in screen.text
    assert screen.text.rindex("\x1b[?25h") > screen.text.rindex("\x1b[?25l")  # the cursor is back


def test_a_second_ctrl_c_in_the_last_words_leaves_nothing_out(
    slow: tuple[Sandbox, str], tmp_path: Path
) -> None:
    """Hands press it twice: what is missing is told, and the sheet is made."""
    sandbox, url = slow
    code = (
        "import signal, sys\n"
        "from friendli_facade.cli import main\n"
        "from friendli_facade.cli._terminal import Terminal\n"
        "note = Terminal.note\n"
        "def pressed(*words):\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "    Terminal.note = note\n"
        "    note(*words)\n"
        "Terminal.note = pressed\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *kites(url), "--sheet", "s.png"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    with process:
        while len(sandbox.requests) < 3:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out.splitlines() == names(tmp_path) == ["a-kite-1.jpg", "a-kite-2.jpg", "s.png"]
    assert err.splitlines() == [
        "6 of 8 pictures are missing: seeds 3..8",
        "interrupted: seed 3 may have been drawn and paid for",
    ]


def test_a_terminal_that_closes_ends_it_as_ctrl_c_does(
    slow: tuple[Sandbox, str], tmp_path: Path
) -> None:
    """The sheet is made all the same, though nothing can be said any more."""
    sandbox, url = slow
    screen = on_terminal(
        *kites(url),
        *("--sheet", "s.png"),
        folder=tmp_path,
        closes=lambda written: len(sandbox.requests) == 3 and "2/8" in written,
    )
    assert screen.status == 128 + signal.SIGHUP
    assert names(tmp_path) == ["a-kite-1.jpg", "a-kite-2.jpg", "s.png"]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("is_in_background", [False, True])
def test_what_ends_a_process_does_so_as_ctrl_c_does(
    slow: tuple[Sandbox, str], tmp_path: Path, ending: signal.Signals, is_in_background: bool
) -> None:
    """In the background of a script too, where a shell has Ctrl-C ignored."""
    sandbox, url = slow
    action = "SIG_IGN" if is_in_background else "default_int_handler"
    code = (
        f"import signal, sys; signal.signal(signal.SIGINT, signal.{action}); "
        "signal.signal(signal.SIGHUP, signal.SIG_DFL); "  # which nohup has ignored
        "from friendli_facade.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *kites(url)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    with process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["a-kite-1.jpg\n", "a-kite-2.jpg\n"]
        while len(sandbox.requests) < 3:
            assert process.poll() is None
        process.send_signal(ending)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + ending
    assert names(tmp_path) == ["a-kite-1.jpg", "a-kite-2.jpg"]
    assert err.splitlines() == [
        "6 of 8 pictures are missing: seeds 3..8",
        "interrupted: seed 3 may have been drawn and paid for",
    ]


def test_a_picture_that_was_being_fetched_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is drawn and paid for: its whole URL is told."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_test")
    is_over = Event()
    asked: list[str] = []

    def answer(request: Received) -> Reply:
        asked.append(request.path)
        if request.method == "GET":
            is_over.wait(60)
        item = {"seed": 1, "response_format": "url", "url": f"{server.url}/pictures/1.png"}
        return 200, {}, json.dumps({"data": [item]}).encode()

    with recording(answer) as server:
        words = ("generate", "a kite", "--model", "m", "--server-url", server.url)
        typist = once(lambda _: len(asked) == 2, "\x03")
        screen = on_terminal(*words, typist=typist, folder=tmp_path)
        is_over.set()
    assert (screen.status, names(tmp_path)) == (130, [])
    told = "".join(screen.text.splitlines())
    assert f"what came is kept at {server.url}/pictures/1.png" in told
