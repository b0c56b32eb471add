"""Help is quick, fits on a terminal, and is true of every command."""

import subprocess
import sys
from importlib import import_module

import click
import pytest

from friendli_facade import __version__
from friendli_facade.cli._application import COMMANDS
from tests.cli.running import run
from tests.package.test_exports import imported_by

HEAVY = {"httpx", "PIL", "rich", "attrs", "asyncio", "friendli_api", "json", "textual_image"}


def imported_for(*words: str) -> set[str]:
    """The modules that a run of the command imports."""
    quiet = "import io, sys; out, sys.stdout = sys.stdout, io.StringIO()"
    run = f"from friendli_facade.cli import main; main({list(words)}); sys.stdout = out"
    return imported_by(f"{quiet}; {run}")


@pytest.mark.parametrize("words", [["--help"], ["generate", "--help"], ["completion", "fish"]])
def test_help_and_completion_import_click_and_little_else(words: list[str]) -> None:
    """No picture is drawn, so nothing is imported that sends or draws."""
    names = imported_for(*words)
    assert "click" in names
    assert {name.partition(".")[0] for name in names} & HEAVY == set()


def test_the_list_of_commands_imports_none_of_them() -> None:
    """The first help is the one that is waited for."""
    names = imported_for("--help")
    assert not [name for name in names if name.startswith("friendli_facade.cli._commands")]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_each_command_says_of_itself(name: str) -> None:
    """The table of commands, written so that none is imported, is not stale."""
    command: click.Command = import_module(f"friendli_facade.cli._commands.{name}").command
    assert command.name == name
    assert (command.help or "").replace("\b", "").strip().startswith(COMMANDS[name].rstrip("."))


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS)])
def test_help_fits_on_eighty_columns(words: list[str]) -> None:
    """No line is wider, and every option has words."""
    done = run(*words, "--help")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    for index, line in enumerate(lines):
        if line.startswith("  -"):
            following = lines[index + 1] if index + 1 < len(lines) else ""
            assert len(line.split("  ")) > 2 or following.startswith(" " * 20), line


def test_no_arguments_are_a_question_for_help() -> None:
    """Nothing is wrong with asking what there is."""
    assert run() == run("--help")
    assert run().status == 0


def test_the_version_is_told() -> None:
    """One line, as the package has it."""
    assert run("--version").out == f"friendli-facade {__version__}\n"


def test_the_module_is_the_command() -> None:
    """`python -m friendli_facade` calls itself what the console script is called."""
    done = subprocess.run(
        [sys.executable, "-m", "friendli_facade", "generate", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == run("generate", "--help").out
    assert done.stdout.startswith("Usage: friendli-facade generate")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draw"], "No such command 'draw'"),
        (["generate", "--stepz", "3"], "No such option"),
        (["generate", "a", "-j", "0"], "'-j' / '--at-once'"),
        (["completion", "tcsh"], "'tcsh' is not one of"),
        (["generate", "a"], "say where to draw: --model ID"),
    ],
)
def test_bad_words_are_a_line_or_two(words: list[str], said: str) -> None:
    """Exit 2, what is wrong, and where to look; no usage of thirty lines."""
    done = run(*words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) <= 2


def test_without_the_extra_the_command_says_which_to_install() -> None:
    """A console script is installed with the package; what it needs comes with the extra."""
    code = "import sys; sys.modules['click'] = None; from friendli_facade.cli import main"
    code = f"{code}; sys.exit(main(['--help']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'friendli-facade[cli]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
