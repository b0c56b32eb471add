"""Tell what is configured, and whether it works."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from typing import Any

import click

from friendli_facade._version import __version__
from friendli_facade.cli._arguments import client, inputs
from friendli_facade.cli._contract import OPERATIONS
from friendli_facade.cli._terminal import Terminal


def _examine(as_json: bool, **params: Any) -> int:
    import attrs
    import httpx
    from friendli_api import rules

    from friendli_facade.cli import _failures, _health

    token = inputs.token(params["token_file"])
    settings = list(_health.settings(token, params["token_file"]))
    wrong = _wrong(token)
    chosen = params["server_url"] or os.environ.get("FRIENDLI_SERVER_URL")
    endpoints = [
        _health.probe(
            surface,
            operation,
            chosen or operation["server"],
            {} if wrong else _credentials(token),
            params["timeout"],
        )
        for surface, operation in _one_of_each(rules.OPERATIONS)
        if params["surface"] in {None, surface}
    ]
    versions = {
        "friendli-facade": __version__,
        "python": platform.python_version(),
        "httpx": httpx.__version__,
    }
    terminal = Terminal()
    if as_json:
        terminal.record(
            {
                "versions": versions,
                "settings": [attrs.asdict(one) for one in settings],
                "wrong": wrong,
                "endpoints": [attrs.asdict(one) for one in endpoints],
            }
        )
    else:
        terminal.line(", ".join(f"{name} {version}" for name, version in versions.items()))
        problems = [f"  -> {line}" for line in wrong]
        for line in (*_settings(settings), *problems, *_endpoints(endpoints)):
            terminal.line(line)
    if wrong:
        return _failures.BAD_ARGUMENTS
    if any(one.is_ready for one in endpoints):
        return 0
    return (
        _failures.REFUSED if any(one.is_reachable for one in endpoints) else _failures.UNREACHABLE
    )


def _credentials(token: str | None) -> dict[str, str]:
    """The headers that say who asks, as the library sends them."""
    team = os.environ.get("FRIENDLI_TEAM")
    found = {"Authorization": token and f"Bearer {token}", "X-Friendli-Team": team}
    return {name: value for name, value in found.items() if value}


def _wrong(token: str | None) -> list[str]:
    """What the library finds wrong with the settings, before it sends anything."""
    from friendli_facade import SyncFriendli, ValidationError
    from friendli_facade.cli import _failures

    try:
        SyncFriendli(token=token).close()
    except ValidationError as error:
        return _failures.words(error)
    return []


def _one_of_each(operations: Any) -> Iterator[tuple[str, Any]]:
    """An operation of each surface: any does for looking whether its server answers."""
    found: dict[str, Any] = {}
    for place, one in OPERATIONS.items():
        found.setdefault(place.partition(".")[0], operations[one.name])
    yield from found.items()


def _settings(settings: list[Any]) -> Iterator[str]:
    for one in settings:
        where = f"  (from {one.source})" if one.source else ""
        yield f"  {one.name:<14}{'not set' if one.value is None else one.value}{where}"


def _endpoints(endpoints: list[Any]) -> Iterator[str]:
    for one in endpoints:
        state = "ready" if one.is_ready else "not ready" if one.is_reachable else "not reachable"
        yield f"{one.surface} at {one.server}: {state}"
        if one.problem:
            yield f"  {one.problem}"
        if one.seconds is not None:
            yield f"  answered in {one.seconds} s"
        if one.clock_off is not None:
            yield f"  its clock and this one are {abs(one.clock_off)} s apart"
        if one.tls:
            yield f"  {one.tls}"
        if one.proxy:
            yield f"  through the proxy {one.proxy}"
        for advice in one.advice:
            yield f"  -> {advice}"


command = click.Command(
    "doctor",
    help="Tell what is configured, and whether it works: where each setting comes from, what "
    "answers at each endpoint, and what to do. Sends an empty request, which draws nothing.",
    callback=_examine,
    params=[
        *client.server_options(),
        click.Option(
            ["--timeout"],
            type=click.FloatRange(0, min_open=True),
            metavar="SECONDS",
            default=10.0,
            show_default=True,
            help="For each answer.",
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="As one JSON object."),
    ],
)
