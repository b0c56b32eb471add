"""Serve a Friendli that checks requests and draws its pictures itself."""

import re
import signal
from threading import Event, current_thread, main_thread
from typing import Any, NoReturn

import click

from friendli_facade.cli._arguments import options
from friendli_facade.cli._terminal import Terminal


class _Failure(options.Type):
    """A status, and how often: `503`, or `503:3`."""

    name = "failure"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What help shows for the value."""
        return "STATUS[:TIMES]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """The two numbers."""
        match = re.fullmatch(r"([345]\d\d)(?::([1-9]\d{0,5}))?", str(value), re.ASCII)
        if match is None:
            self.fail("must be a status from 300 to 599, and how often: 503:3", param, ctx)
        return int(match[1]), int(match[2] or 1)


def _serve(host: str, port: int, endpoints: tuple[str, ...], failures: Any) -> int:
    from friendli_facade.sandbox import Sandbox

    terminal = Terminal()
    sandbox = Sandbox(endpoints=endpoints or None)
    for status, times in failures:
        sandbox.fail_next(status, times=times)
    is_main = current_thread() is main_thread()  # which alone has handlers
    before = signal.getsignal(signal.SIGTERM)
    try:
        if is_main:
            signal.signal(signal.SIGTERM, _stop)
        with sandbox.serve(host, port) as server:
            terminal.line(server.url)
            terminal.note("Ctrl-C stops it. In another terminal:")
            terminal.note(
                f"friendli-facade generate 'A lighthouse' --container --server-url {server.url}"
            )
            while True:
                Event().wait()
    except KeyboardInterrupt:
        return 0
    except (OverflowError, ValueError) as error:
        raise click.UsageError(f"cannot listen: {error}") from error
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


command = click.Command(
    "sandbox",
    help="Serve a Friendli that checks requests and draws its pictures itself.",
    callback=_serve,
    params=[
        click.Option(
            ["--host"], default="127.0.0.1", show_default=True, help="The address to listen on."
        ),
        click.Option(
            ["--port"],
            type=click.IntRange(0, 65535),
            metavar="PORT",
            default=8000,
            show_default=True,
            help="The port; 0, any that is free.",
        ),
        click.Option(
            ["--endpoint", "endpoints"],
            multiple=True,
            metavar="ID",
            help="A dedicated endpoint that exists, any number of times; without it, all do.",
        ),
        click.Option(
            ["--fail", "failures"],
            type=_Failure(),
            multiple=True,
            help="Answer the next requests with an error: 503:3, three of them.",
        ),
    ],
)
