"""On a terminal: a bar, paths to click, pictures; in a pipe or with NO_COLOR none of these."""

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from friendli_facade.cli import main
from friendli_facade.cli._pictures import inline
from friendli_facade.sandbox import Sandbox
from tests.cli.terminals import ANSWERED, Typist, on_terminal, once

CONTROL = re.compile(r"[^\n\r\x20-\x7e\x80-\U0010ffff]|[\x80-\x9f]")
DRAW = ("generate", "A lighthouse", "--sandbox", "--steps", "1")


def answering(**answers: str) -> Typist:
    """A terminal that answers each question once."""
    left = {
        "sixel": "\x1b[c",
        "kitty": "\x1b_G",
    }

    def typist(written: str) -> str:
        asked = [name for name, question in left.items() if question in written]
        asked.sort(key=lambda name: written.index(left[name]))  # as it came, so it is answered
        return "".join(answers.get(name, "") for name in asked if left.pop(name))

    return typist


def test_a_picture_shows_the_time_and_a_path_to_click(tmp_path: Path) -> None:
    """The clock is gone in the end; the path is a link to the file."""
    screen = on_terminal(*DRAW, folder=tmp_path)
    assert screen.status == 0
    assert re.search(r"drawing.*0:00:0\d", screen.text)
    assert "\x1b]8;id=" in screen.text
    assert (tmp_path / "a-lighthouse.png").as_uri() in screen.text


def test_several_pictures_show_a_bar(tmp_path: Path) -> None:
    """How many of how many, how fast, and how long still."""
    screen = on_terminal(*DRAW, "--seeds", "1..4", folder=tmp_path)
    assert screen.status == 0
    assert re.search(r"\d/4", screen.text)
    assert re.search(r"(/s|s each), 0:00:\d\d left", screen.text)


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colour_there_is_no_control_character(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    """Plain lines, on a terminal too."""
    words = (*DRAW, "--seeds", "1..3", "-o", "all/")
    screen = on_terminal(*words, environment=variables, folder=tmp_path)
    assert screen.status == 0
    assert CONTROL.findall(screen.text) == []
    assert len(screen.text.splitlines()) == 3


def test_a_pipe_gets_paths_and_the_terminal_nothing(tmp_path: Path) -> None:
    """What the next program writes there is not written over."""
    screen = on_terminal(*DRAW, "--seeds", "1..3", is_piped_out=True, folder=tmp_path)
    lines = screen.piped.decode().splitlines()
    assert sorted(lines) == [f"a-lighthouse-{seed}.png" for seed in (1, 2, 3)]
    assert screen.text == ""


def test_bytes_are_not_written_to_a_terminal(tmp_path: Path) -> None:
    """Nothing is sent either."""
    screen = on_terminal(*DRAW, "-o", "-", folder=tmp_path)
    assert (screen.status, "this is a terminal: pipe it" in screen.text) == (2, True)


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"sixel": "\x1b[?62;4;22c"}, "\x1bP"),  # xterm, iTerm2, foot, Windows Terminal
        ({"sixel": "\x1b[?62;22c", "kitty": "\x1b_Gi=1;OK\x1b\\"}, "\x1b_Gi="),
        ({"sixel": "\x1b[?1;2c"}, "▀"),
    ],
    ids=["sixel", "kitty", "blocks"],
)
def test_pictures_are_drawn_as_the_terminal_can(
    tmp_path: Path, answers: dict[str, str], shown: str
) -> None:
    """By its own graphics if it has some, else in half blocks of colour."""
    patience = "" if shown == "▀" else ANSWERED  # not every question has an answer there
    typist = answering(**answers)
    screen = on_terminal(*DRAW, "--show", typist=typist, folder=tmp_path, before=patience)
    assert screen.status == 0
    assert screen.text.count(shown) > (20 if shown == "▀" else 0)
    if shown != "▀":
        assert "▀" not in screen.text


def test_pictures_are_drawn_where_prompts_are_piped_in(tmp_path: Path) -> None:
    """The terminal is asked all the same."""
    words = ("generate", "--sandbox", "--show")
    typist = answering(sixel="\x1b[?62;4c")
    screen = on_terminal(
        *words, piped_in=b"a boat\n", typist=typist, folder=tmp_path, before=ANSWERED
    )
    assert (screen.status, "\x1bP" in screen.text) == (0, True)


def test_show_without_a_terminal_says_so(tmp_path: Path) -> None:
    """The picture is there all the same."""
    screen = on_terminal(*DRAW, "--show", environment={"NO_COLOR": "1"}, folder=tmp_path)
    assert screen.status == 0
    assert "--show needs a terminal with colours" in screen.text


def test_the_token_is_typed_unseen(tmp_path: Path) -> None:
    """Where there is none and somebody sits there."""
    sandbox = Sandbox()
    typist = once(lambda written: "(not shown): " in written, "flp_MARKER\r")
    with sandbox.serve() as server:
        words = ("generate", "a kite", "--model", "m", "--server-url", server.url)
        screen = on_terminal(*words, typist=typist, folder=tmp_path)
    assert screen.status == 0
    assert "flp_MARKER" not in screen.text
    assert sandbox.requests[0].headers["authorization"].startswith("Bearer")


def test_the_token_is_asked_for_last(tmp_path: Path) -> None:
    """Nobody types one to hear that something else is wrong."""
    words = ("generate", "a kite", "--model", "m", "--steps", "99")
    screen = on_terminal(*words, folder=tmp_path)
    assert (screen.status, "(not shown)" in screen.text) == (2, False)
    assert "--num-inference-steps must be at most 50" in screen.text


def test_ctrl_c_at_the_question_for_a_token_ends_it(tmp_path: Path) -> None:
    """Exit 130, one line, nothing sent."""
    typist = once(lambda written: "(not shown): " in written, "\x03")
    words = ("generate", "a kite", "--model", "m", "--server-url", "http://127.0.0.1:9")
    screen = on_terminal(*words, typist=typist, folder=tmp_path)
    assert (screen.status, "interrupted" in screen.text) == (130, True)
    assert "Traceback" not in screen.text


def test_json_is_a_line_on_a_terminal_too(tmp_path: Path) -> None:
    """However narrow it is."""
    screen = on_terminal(*DRAW, "--json", folder=tmp_path)
    (line,) = [line for line in screen.text.splitlines() if "sha256" in line]
    assert json.loads(line[line.index("{") :])["path"] == "a-lighthouse.png"


def test_a_reader_that_goes_loses_no_picture(tmp_path: Path) -> None:
    """`| head -1` gets its line, and the others are saved all the same."""
    code = "import sys; from friendli_facade.cli import main; sys.exit(main(sys.argv[1:]))"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *DRAW, "--seeds", "1..4", "-j", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"a-lighthouse-1.png\n"
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 0)
    assert len(list(tmp_path.iterdir())) == 4


def test_tables_are_for_terminals_too() -> None:
    """The contract, in colours."""
    screen = on_terminal("contract")
    assert screen.status == 0
    assert "num_inference_steps" in screen.text
    assert "\x1b[" in screen.text


def test_without_any_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service has no input, and no terminal of its own."""

    def none(*_: object) -> int:
        raise OSError(6, "No such device or address")

    monkeypatch.setattr("sys.stdin", None)
    monkeypatch.setattr("os.open", none)
    assert not inline.can_ask()


def test_the_command_writes_to_any_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of a notebook, or of a program that calls it, which has no encoding to set."""
    monkeypatch.chdir(tmp_path)
    with redirect_stdout(io.StringIO()) as out:
        assert main([*DRAW, "-o", "k.png"]) == 0
    assert out.getvalue() == "k.png\n"
