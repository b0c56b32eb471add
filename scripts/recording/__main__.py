"""Runs the command in a terminal, looks whether it says what it must, and writes the page."""

import argparse
import re
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from socket import socket

from scripts.contract.loading import ROOT
from scripts.demonstration.drawing import PICTURES
from scripts.recording.paced import Paced
from scripts.recording.takes import CLOSED, HOME, OPEN, ROWS, TABLE, TAKES, Take
from scripts.recording.tmux import Terminal, terminal

PAGE = Path("docs/command-line.md")
_HEADER = """\
<!-- Written by scripts/transcript from real runs; never edited. -->

# The command line

`pip install 'friendli-facade[cli]'`, or `uvx --from 'friendli-facade[cli]' friendli-facade` without
installing it. `friendli-facade generate --help` has all options: those that a request takes are
made from the contract. The token is that of FRIENDLI_TOKEN, of `--token-file`, or typed unseen.

| status | meaning |
| --- | --- |
| 0 | every picture is there |
| 2 | bad arguments; nothing was sent |
| 3 | the server refused |
| 4 | the server could not be reached, or did not answer in time |
| 5 | the file system |
| 130 | Ctrl-C; what was finished is kept |
| 143 | SIGTERM, likewise |

What follows is a terminal of eighty columns, with the sandbox behind it. To follow it, run
`friendli-facade sandbox` in another terminal, and set these variables; or add `--sandbox` to each
command, which needs neither.

```text
$ export FRIENDLI_TOKEN=flp_... FRIENDLI_SERVER_URL=http://localhost:8000
```
"""


def main(arguments: list[str] | None = None) -> int:
    """The command line of `scripts/transcript`."""
    parser = argparse.ArgumentParser(prog="scripts/transcript", description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / PAGE, help=f"default: {PAGE}")
    page: Path = parser.parse_args(arguments).output
    if shutil.which("tmux") is None:
        print("scripts/transcript: tmux is not installed", file=sys.stderr)
        return 1
    page.write_text(recorded(), encoding="utf-8")
    return 0


def recorded() -> str:
    """The text of the page, from runs that are made now."""
    sandbox = Paced(endpoints=["my-endpoint"])
    with tempfile.TemporaryDirectory() as folder, sandbox.serve() as server, socket() as closed:
        closed.bind(("127.0.0.1", 0))
        # What the page shows in place of the folder and of the ports that are free here.
        places = {
            HOME: folder,
            OPEN: server.url.rpartition(":")[2],
            CLOSED: str(closed.getsockname()[1]),
        }
        environment = {
            "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin",
            "FRIENDLI_TOKEN": "flp_0123456789abcdef",
            "FRIENDLI_SERVER_URL": f"http://localhost:{places[OPEN]}",
        }
        for picture in PICTURES:
            shutil.copy(picture, folder)
        Path(folder, TABLE).write_text(ROWS, encoding="utf-8")
        with terminal(Path(folder), environment) as shell:
            return _HEADER + "".join(_section(take, shell, sandbox, places) for take in TAKES)


def _section(take: Take, shell: Terminal, sandbox: Paced, places: Mapping[str, str]) -> str:
    """A take on the page; raises NothingShownError where the screen is not as it must be."""

    def shown(screen: str) -> str:
        return reduce(lambda text, name: text.replace(places[name], name), places, screen)

    take.before(sandbox)
    if take.meanwhile:
        sandbox.hold(take.drawn)
    shell.type(reduce(lambda text, name: text.replace(name, places[name]), places, take.command))
    shell.press("Enter")
    frames: list[str] = []
    if take.meanwhile:
        seen = shell.wait(lambda screen: re.search(take.meanwhile, screen) is not None)
        frames.append(shown(seen))
        if take.key:
            shell.press(take.key)
        else:
            sandbox.go_on()
    end = shell.wait(
        lambda screen: screen.endswith("\n$") and all(text in shown(screen) for text in take.then)
    )
    sandbox.go_on()
    frames.append(shown(end).removesuffix("\n$").rstrip())
    shell.clear()
    texts = "\n\nA moment later:\n\n".join(f"```text\n{frame}\n```" for frame in frames)
    return f"\n## {take.title}\n\n{take.words}\n\n{texts}\n"


if __name__ == "__main__":
    sys.exit(main())
