"""Print what makes a shell complete this command."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = {
    "bash": 'eval "$(friendli-facade completion bash)", in ~/.bashrc',
    "zsh": 'eval "$(friendli-facade completion zsh)", in ~/.zshrc, after compinit',
    "fish": "friendli-facade completion fish | source, in ~/.config/fish/config.fish",
}


def _print(shell: str) -> int:
    # The root of the running command: this module is one of those that it loads.
    root = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    if kind is None:
        raise AssertionError
    click.echo(kind(root, {}, "friendli-facade", "_FRIENDLI_FACADE_COMPLETE").source())
    return 0


command = click.Command(
    "completion",
    help="\b\nPrint what makes a shell complete this command:\n"
    + "\n".join(f"  {line}" for line in _SHELLS.values()),
    callback=_print,
    params=[click.Argument(["shell"], type=click.Choice(list(_SHELLS)))],
)
