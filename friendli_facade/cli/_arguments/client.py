"""Where calls go: the options of a connection, and the client that they make."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from friendli_facade.cli._arguments import inputs

if TYPE_CHECKING:
    import httpx

    from friendli_facade import AsyncFriendli

_PLACES = "--model ID for a dedicated endpoint, --container, or --sandbox to try it without either"


def options(*, sandbox: bool = True) -> list[click.Parameter]:
    """The options that say where calls go."""
    found: list[click.Parameter] = [
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
        click.Option(["--timeout"], type=float, metavar="SECONDS", help="For each call."),
    ]
    if sandbox:
        words = "Draw on the embedded sandbox: no network, no token, no costs."
        found.append(click.Option(["--sandbox"], is_flag=True, help=words))
    return found


def surface(params: Mapping[str, Any]) -> str:
    """`dedicated` or `container`, as asked for; raises UsageError where nothing tells."""
    if params.get("surface"):
        return str(params["surface"])
    if params.get("model") is not None or params.get("sandbox"):
        return "dedicated"
    raise click.UsageError(f"say where to draw: {_PLACES}")


class Connection:
    """The settings of a client, checked as far as the command knows more than the library.

    Raises UsageError where a token is needed and there is none.
    """

    def __init__(self, params: Mapping[str, Any], *, needs_token: bool, is_dry: bool) -> None:
        self._is_sandbox = bool(params.get("sandbox"))
        self._token: str | None = None
        if self._is_sandbox and params.get("server_url"):
            raise click.UsageError("--sandbox is a server of its own: leave out --server-url")
        if self._is_sandbox:
            self._token = "sandbox"  # noqa: S105 its own, as any other is
        elif needs_token:
            self._token = inputs.token(params.get("token_file"), may_ask=not is_dry)
            if self._token is None and is_dry:
                self._token = "none"  # noqa: S105 nothing is sent
            elif self._token is None:
                raise click.UsageError(
                    "a token is needed there: set FRIENDLI_TOKEN, or give --token-file"
                )
        self.arguments = {
            name: params[name] for name in ("server_url", "timeout") if params.get(name) is not None
        }
        if self._is_sandbox:
            # No address of the environment's is meant, and the sandbox answers at any.
            self.arguments["server_url"] = "http://localhost"
            # Imported before anything else is done, for it may need an extra.
            import_module("friendli_facade.sandbox")

    def client(self, http_client: httpx.AsyncClient | None = None) -> AsyncFriendli:
        """A client with these settings, on an httpx client of the caller's if there is one."""
        from friendli_facade import AsyncFriendli

        if http_client is None and self._is_sandbox:
            from friendli_facade.sandbox import Sandbox

            http_client = Sandbox().async_http_client()
        return AsyncFriendli(token=self._token, http_client=http_client)
