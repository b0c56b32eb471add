"""Where calls go: the options of a connection, and the client that they make."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from friendli_facade.cli._arguments import inputs
from friendli_facade.cli._arguments.options import Number

if TYPE_CHECKING:
    import httpx

    from friendli_facade import AsyncFriendli

_PLACES = "--model ID for a dedicated endpoint, --container, or --sandbox to try it without either"


def options() -> list[click.Parameter]:
    """The options that say where calls go."""
    words = "Draw on the embedded sandbox: no network, no token, no costs."
    return [
        *server_options(),
        click.Option(["--timeout"], type=Number(), metavar="SECONDS", help="For each call."),
        click.Option(["--sandbox"], is_flag=True, help=words),
        click.Option(
            ["--cache"],
            type=click.Path(),
            metavar="DIR",
            help="Keep pictures that have a seed there, and pay for none of them twice.",
        ),
    ]


def server_options() -> list[click.Parameter]:
    """The options that say where a server is, and what it is shown."""
    return [
        click.Option(
            ["--dedicated", "surface"], flag_value="dedicated", help="Friendli's endpoints."
        ),
        click.Option(
            ["--container", "surface"], flag_value="container", help="A Friendli Container."
        ),
        click.Option(["--server-url"], metavar="URL", help="Where to send, in place of both."),
        click.Option(
            ["--token-file"],
            type=click.Path(),
            metavar="FILE",
            help="A file with the token, in place of FRIENDLI_TOKEN.",
        ),
    ]


def surface(params: Mapping[str, Any]) -> str:
    """`dedicated` or `container`, as asked for; raises UsageError where nothing tells."""
    if params.get("surface"):
        return str(params["surface"])
    if params.get("model") is not None or params.get("sandbox"):
        return "dedicated"
    raise click.UsageError(f"say where to draw: {_PLACES}")


class Connection:
    """The settings of a client, and its token."""

    def __init__(self, params: Mapping[str, Any], *, needs_token: bool) -> None:
        self._params = params
        self._is_sandbox = bool(params.get("sandbox"))
        self._needs_token = needs_token and not self._is_sandbox
        self._token: str | None = None
        self.arguments = {
            name: params[name] for name in ("server_url", "timeout") if params.get(name) is not None
        }
        if self._is_sandbox:
            # No address of the environment's is meant, and the sandbox answers at any.
            self.arguments["server_url"] = "http://localhost"
            # Imported before anything else is done, for it may need an extra.
            import_module("friendli_facade.sandbox")

    def check(self, *, is_dry: bool) -> None:
        """Raises UsageError for a contradiction, and where a token is needed and cannot be had."""
        if self._is_sandbox and self._params.get("server_url"):
            raise click.UsageError("--sandbox is a server of its own: leave out --server-url")
        if self._needs_token:
            self._token = inputs.token(self._params.get("token_file"))
            if self._token is None and not is_dry and not inputs.can_ask():
                raise click.UsageError(
                    "a token is needed there: set FRIENDLI_TOKEN, or give --token-file"
                )

    def ask(self) -> None:
        """Asks for the token that is still missing, if one is needed; not before all is right."""
        if self._needs_token and self._token is None:
            self._token = inputs.asked_token()

    def client(self, http_client: httpx.AsyncClient | None = None) -> AsyncFriendli:
        """A client with these settings; on an httpx client of the caller's, which sends nothing."""
        from friendli_facade import AsyncFriendli

        if http_client is not None:
            stand_in = "none" if self._needs_token or self._is_sandbox else None
            return AsyncFriendli(token=self._token or stand_in, http_client=http_client)
        cache: str | None = self._params.get("cache")
        if self._is_sandbox:
            from friendli_facade.sandbox import Sandbox

            http = Sandbox().async_http_client()
            return AsyncFriendli(token="sandbox", http_client=http, cache=cache)  # noqa: S106 its own, as any other is
        return AsyncFriendli(token=self._token, cache=cache)
