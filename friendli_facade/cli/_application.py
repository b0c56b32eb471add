"""The command itself: its commands, loaded when used, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pkgutil import ModuleInfo, iter_modules
from typing import Any

import click

from friendli_facade._version import __version__
from friendli_facade.cli import _commands
from friendli_facade.cli._terminal import Terminal

_PROGRAM = "friendli-facade"
# What one comes for; the others follow by name.
_FIRST = ("generate", "edit")


class _Application(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of their use."""
        return list(commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, imported now."""
        if cmd_name not in commands():
            return None
        command: click.Command = import_module(f"friendli_facade.cli._commands.{cmd_name}").command
        if not any(parameter.name == "debug" for parameter in command.params):
            command.params.append(_debug())
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(module)) for name, module in commands().items()])


@cache
def commands() -> dict[str, ModuleInfo]:
    """All commands by name, in the order of their use: each module of `_commands` is one."""
    found = {module.name: module for module in iter_modules(_commands.__path__)}
    names = [*_FIRST, *sorted(found.keys() - set(_FIRST))]
    return {name: found[name] for name in names}


def _summary(module: ModuleInfo) -> str:
    """The docstring of a command's module, which is not run for it."""
    finder: Any = module.module_finder
    first = finder.find_spec(module.name).loader.get_code(module.name).co_consts[0]
    return first if isinstance(first, str) else ""  # without docstrings, as of python -OO


def _debug() -> click.Option:
    def remember(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
        if value:
            ctx.find_root().ensure_object(dict)["debug"] = True

    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=remember,
        help="Show the traceback of an error.",
    )


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"{_PROGRAM} {__version__}")
        ctx.exit()


application = _Application(
    _PROGRAM,
    help="Pictures from Friendli's image API: draw them and edit them.",
    epilog="Try it without a token: friendli-facade generate 'A lighthouse' --sandbox",
    no_args_is_help=False,
    invoke_without_command=True,
    callback=lambda: None,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
            help="Show the version.",
        ),
        _debug(),
    ],
)


def run(arguments: Sequence[str]) -> int:
    """The exit status of the command; errors are a line or two on standard error."""
    _open_streams()
    state: dict[str, Any] = {}
    terminal = Terminal()
    try:
        status = application.main(
            list(arguments) or ["--help"], prog_name=_PROGRAM, standalone_mode=False, obj=state
        )
    except ModuleNotFoundError:
        raise
    except Exception as error:
        if state.get("debug"):
            terminal.trace(error)
        status = _told(terminal, error)
    return status if isinstance(status, int) else 0


def _open_streams() -> None:
    """Opens what the caller has closed, or the next file that is opened would stand in its place.

    `sys.__stdout__` is still None then.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Open until the process ends.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _told(terminal: Terminal, error: Exception) -> int:
    """The exit status of an error that was told."""
    from friendli_facade.cli import _failures

    if isinstance(error, click.Abort):
        terminal.note("interrupted")
        return _failures.INTERRUPTED
    if isinstance(error, click.ClickException):
        terminal.note(f"error: {error.format_message()}", "red")
        if isinstance(error, click.UsageError) and type(error) is not click.UsageError:
            path = error.ctx.command_path if error.ctx else _PROGRAM
            terminal.note(f"{path} --help tells more")
        return _failures.BAD_ARGUMENTS
    for line in _failures.words(error):
        terminal.note(f"error: {line}", "red")
    return _failures.status(error)
