"""The command `friendli-facade`: words of a command line come in; pictures and words go out.

Uses the public names of the package, and the sandbox. Needs the extra `cli`.
"""

import sys
from collections.abc import Sequence

__all__ = ["main"]

_EXTRA = frozenset({"click", "jinja2", "rich", "textual_image"})


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of the command with these arguments, or those of the process.

    0, or 1 for a fault of the command itself, 2 for arguments with which nothing was sent, 3 where
    the server refused, 4 where it could not be reached, 5 for the file system, 130 for Ctrl-C, 143
    for SIGTERM, 129 for a terminal that was closed.
    """
    try:
        from friendli_facade.cli._application import run

        return run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:  # before there was anything to report
        return 130
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write(
            f"friendli-facade needs {error.name}: pip install 'friendli-facade[cli]', "
            "or uvx --from 'friendli-facade[cli]' friendli-facade\n"
        )
        return 1
