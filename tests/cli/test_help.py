"""Help is quick, fits on a terminal, and is true of every command."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from friendli_facade import __version__
from friendli_facade.cli import _commands, main
from friendli_facade.cli._application import commands
from tests.cli.running import run
from tests.package.test_exports import imported_by

HEAVY = {"httpx", "PIL", "rich", "attrs", "asyncio", "friendli_api", "json", "textual_image"}


def imported_for(*words: str) -> set[str]:
    """The modules that a run of the command imports."""
    quiet = "import io, sys; out, sys.stdout = sys.stdout, io.StringIO()"
    run = f"from friendli_facade.cli import main; main({list(words)}); sys.stdout = out"
    return imported_by(f"{quiet}; {run}")


@pytest.mark.parametrize(
    "words", [["--help"], *([name, "--help"] for name in commands()), ["completion", "fish"]]
)
def test_help_and_completion_import_click_and_little_else(words: list[str]) -> None:
    """No picture is drawn, so nothing is imported that sends or draws."""
    names = imported_for(*words)
    assert "click" in names
    assert {name.partition(".")[0] for name in names} & HEAVY == set()


def test_the_list_of_commands_imports_none_of_them() -> None:
    """The first help is the one that is waited for."""
    names = imported_for("--help")
    assert not [name for name in names if name.startswith("friendli_facade.cli._commands.")]


@pytest.mark.parametrize("name", commands())
def test_the_list_says_what_each_command_says_of_itself(name: str) -> None:
    """The table of commands, made so that none is imported, has the docstring of each."""
    module = import_module(f"friendli_facade.cli._commands.{name}")
    command: click.Command = module.command
    assert command.name == name
    words = (module.__doc__ or "").rstrip(".")
    assert words in " ".join(run("--help").out.split())
    assert (command.help or "").replace("\b", "").strip().startswith(words)


def test_a_command_is_a_module_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in the folder is listed, helped with and run, and no other file knows of it."""
    (tmp_path / "wave.py").write_text(
        '"""Say hello."""\nimport click\n'
        'command = click.Command("wave", callback=lambda: click.echo("hello"), help=__doc__)\n'
    )
    monkeypatch.setattr(_commands, "__path__", [*_commands.__path__, str(tmp_path)])
    commands.cache_clear()
    try:
        assert "wave        Say hello." in run("--help").out
        assert "--debug" in run("wave", "--help").out
        assert run("wave").out == "hello\n"
    finally:
        commands.cache_clear()
        sys.modules.pop(f"{_commands.__name__}.wave", None)


@pytest.mark.parametrize("words", [[], *([name] for name in commands())])
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
        (["generate", "a", "--sandbox", "-j", "0"], "-j must be from 1 to 256, not 0"),
        (["generate", "a", "--sandbox", "-j", "x"], "-j must be from 1 to 256, not 'x'"),
        (["completion", "tcsh"], "'tcsh' is not one of"),
        (["generate", "a"], "say where to draw: --model ID"),
        (
            ["generate", "a", "--sandbox", "--server-url", "http://localhost:8000"],
            "--sandbox is a server of its own: leave out --server-url",
        ),
        (["batch", "t.csv"], "-o DIR is required"),
    ],
)
def test_bad_words_are_a_line_or_two(words: list[str], said: str) -> None:
    """Exit 2, what is wrong, and where to look; no usage of thirty lines."""
    done = run(*words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) <= 2


@pytest.mark.parametrize(
    ("missing", "words"), [("click", ["--help"]), ("jinja2", ["gallery", "."])]
)
def test_without_the_extra_the_command_says_which_to_install(
    missing: str, words: list[str]
) -> None:
    """A console script is installed with the package; what it needs comes with the extra."""
    code = f"import sys; sys.modules[{missing!r}] = None; from friendli_facade.cli import main"
    code = f"{code}; sys.exit(main({words}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'friendli-facade[cli]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_module_of_no_extra_is_told_as_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """No extra would bring it."""
    monkeypatch.setitem(sys.modules, "friendli_facade.cli._application", None)
    with pytest.raises(ModuleNotFoundError, match="_application"):
        main(["--help"])


def test_ctrl_c_before_anything_is_done_is_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, though nothing is there yet that would report."""

    def interrupted(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("friendli_facade.cli._application.run", interrupted)
    assert main(["--help"]) == 130
