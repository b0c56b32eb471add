"""A terminal that can be typed into and looked at: bash under a tmux of its own."""

import os
import select
import subprocess
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import attrs

_PATIENCE = 60  # seconds


class NothingShownError(Exception):
    """What was waited for did not come to the screen."""


@attrs.frozen
class Terminal:
    """A terminal with a shell in it."""

    socket: str

    def type(self, text: str) -> None:
        """Types a text."""
        self._tmux("send-keys", "-t", "0", "-l", text)

    def press(self, key: str) -> None:
        """Presses a key by its name."""
        self._tmux("send-keys", "-t", "0", key)

    def screen(self) -> str:
        """What stands on the screen; lines that the terminal broke are whole."""
        text = self._tmux("capture-pane", "-p", "-J", "-t", "0")
        return "\n".join(line.rstrip() for line in text.splitlines()).strip()

    def clear(self) -> None:
        """Empties the screen, for what comes next."""
        self.press("C-l")
        self.wait(lambda screen: screen == "$")

    def wait(self, is_there: Callable[[str], bool]) -> str:
        """The screen as soon as it is as wished; raises NothingShownError."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if is_there(screen := self.screen()):
                return screen
            select.select((), (), (), 0.05)
        raise NothingShownError(self.screen())

    def _tmux(self, *arguments: str) -> str:
        return tmux(self.socket, *arguments)


@contextmanager
def terminal(folder: Path, environment: Mapping[str, str]) -> Generator[Terminal]:
    """A terminal of 80 columns with nothing but this environment, in a folder."""
    socket = f"recording-{os.getpid()}"
    variables = {"PS1": "$ ", "LANG": "C.UTF-8", "HISTFILE": "/dev/null", **environment}
    shell = ["env", "-i", *(f"{name}={value}" for name, value in variables.items())]
    shell += ["TERM=tmux-256color", "bash", "--noprofile", "--norc"]
    tmux(socket, "new-session", "-d", "-x", "80", "-y", "40", "-c", str(folder), *shell)
    found = Terminal(socket)
    try:
        found.wait(lambda screen: screen == "$")
        yield found
    finally:
        tmux(socket, "kill-server")


def tmux(socket: str, *arguments: str) -> str:
    """What a tmux without settings, on a socket of its own, says to a command."""
    command = ["tmux", "-f", "/dev/null", "-L", socket, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
