"""From the options of `generate` and `edit` to calls: what is sent, and where to save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from friendli_facade.cli._arguments import client, destinations, inputs, options
from friendli_facade.cli._arguments.client import Connection
from friendli_facade.cli._contract import OPERATIONS


@attrs.frozen
class Calls:
    """The calls of a command, a place for the picture of each, and what makes the client.

    A place is None where the picture goes to standard output. `missing` are required arguments
    that no call has.
    """

    method: str
    surface: str
    connection: Connection
    arguments: Sequence[Mapping[str, Any]]
    places: Sequence[Path | None]
    missing: Sequence[str]


def described(method: str, params: Mapping[str, Any], positional: Sequence[str]) -> Calls:
    """The calls that these options ask for; raises UsageError, and OSError for a place.

    `positional` are the arguments that have no option, and stand in capitals in messages.
    """
    surface = client.surface(params)
    stdin = inputs.StandardInput()
    given, wrong = options.values(method, surface, params)
    if wrong:
        raise click.UsageError("; ".join(wrong))
    words = given.pop("prompt", ())
    for name, value in given.items():
        field = options.arguments(method)[name][surface]
        if field.kind == "picture" and value is not None:
            label = options.label(name, positional)
            pictures = [inputs.picture(word, label, stdin) for word in value]
            given[name] = pictures[0] if field.holds != "many" and len(pictures) == 1 else pictures
    prompts = inputs.prompts(words, options.label("prompt", positional), stdin)
    seeds = _seeds(given, params["seeds"])
    if len(prompts) * len(seeds) > inputs.MOST_PICTURES:
        raise click.UsageError(f"more than {inputs.MOST_PICTURES} pictures: make them in parts")
    if params["sandbox"] and surface == "dedicated":
        given.setdefault("model", "sandbox")  # where all endpoints exist
    given |= _format(method, surface, params, given)
    places = _places(params, prompts, seeds)
    needs_token = OPERATIONS[f"{surface}.{method}"].needs_token
    connection = Connection(params, needs_token=needs_token, is_dry=params["dry_run"])
    given |= connection.arguments
    calls = [
        {**given, "prompt": prompt} | ({} if seed is None else {"seed": seed})
        for prompt in prompts
        for seed in seeds
    ]
    missing = options.missing(method, surface, calls[0])
    return Calls(method, surface, connection, calls, places, missing)


def _seeds(given: Mapping[str, Any], words: str | None) -> list[int | None]:
    if words is None:
        seed = given.get("seed")
        # What is no seed is refused when the call is checked.
        return [seed if isinstance(seed, int) else None]
    if "seed" in given:
        raise click.UsageError("--seeds and --seed contradict each other: give one")
    return [*inputs.seeds(words)]


def _format(
    method: str, surface: str, params: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The format that the suffix of the output asks for, where the contract has it."""
    field = options.arguments(method).get("response_format", {}).get(surface)
    if field is None or not params["output"]:
        return {}
    chosen = given.get(field.name, "")
    if chosen is None:
        return {}  # null was asked for
    asked = destinations.format_for(params["output"], field.choices, chosen, field.default)
    return {field.name: asked} if asked else {}


def _places(
    params: Mapping[str, Any], prompts: Sequence[str], seeds: Sequence[int | None]
) -> list[Path | None]:
    overwrite = params["overwrite"]
    number = len(prompts) * len(seeds)
    if params["sheet"] is not None:
        destinations.check_sheet(Path(params["sheet"]), number, overwrite=overwrite)
    if params["output"] != "-":
        return [*destinations.planned(params["output"], prompts, seeds, overwrite=overwrite)]
    if not params["dry_run"]:
        if params["as_json"]:
            raise click.UsageError("-o - and --json both write to standard output: give one")
        destinations.check_pipe(number)
    return [None] * number
