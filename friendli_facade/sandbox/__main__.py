"""`python -m friendli_facade.sandbox`: a sandbox on a port, until it is told to stop."""

import argparse
import signal
import sys
from threading import Event
from typing import NoReturn

from friendli_facade.sandbox import Sandbox


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 1 if the port cannot be had; otherwise it serves until a signal."""
    parser = argparse.ArgumentParser(
        prog="python -m friendli_facade.sandbox",
        description="Serves a Friendli that checks requests and draws its pictures itself.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=0, help="the port; 0, any that is free")
    parser.add_argument(
        "--endpoint",
        action="append",
        metavar="ID",
        help="an endpoint that exists, any number of times; without it, all do",
    )
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        server = Sandbox(endpoints=options.endpoint).serve(options.host, options.port)
    except (OSError, OverflowError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        print(f"cannot listen: {reason}", file=sys.stderr)  # noqa: T201
        return 1
    with server:
        print(server.url, flush=True)  # noqa: T201
        while True:
            Event().wait()


def _stop(_number: int, _frame: object) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
