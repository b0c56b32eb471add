"""From the options of `generate` and `edit` to calls: what is sent, and where to save."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import click

from friendli_facade.cli._arguments import client, destinations, inputs, options
from friendli_facade.cli._arguments.client import Connection
from friendli_facade.cli._contract import OPERATIONS, Field

_MOST_AT_ONCE = 256


@attrs.frozen
class Calls:
    """The calls of a command, a place for the picture of each, and what makes the client.

    A place is None where the picture goes to standard output. `missing` are required arguments
    that no call has, and `wrong` is what else cannot be, in words: then the rest is a guess, made
    to be checked.
    """

    method: str
    surface: str
    connection: Connection
    arguments: Sequence[Mapping[str, Any]]
    places: Sequence[Path | None]
    missing: Sequence[str]
    wrong: Sequence[str]


class _Wrong(list[str]):
    """What is wrong, so that all of it can be told at once."""

    @contextmanager
    def noting(self) -> Generator[None]:
        try:
            yield
        except click.UsageError as error:
            self.append(error.message)


def described(method: str, params: Mapping[str, Any], positional: Sequence[str]) -> Calls:
    """The calls that these options ask for; raises UsageError where none tells what for.

    Raises OSError for a place.

    `positional` are the arguments that have no option, and stand in capitals in messages.
    """
    surface = client.surface(params)
    stdin = inputs.StandardInput()
    wrong = _Wrong()
    given, contradictions = options.values(method, surface, params)
    wrong += contradictions
    words = given.pop("prompt", ())
    for name, value in given.items():
        field = options.arguments(method)[name].get(surface)
        if field and field.kind == "picture" and value is not None:
            with wrong.noting():
                given[name] = _pictures(field, value, options.label(name, positional), stdin)
    prompts: Sequence[str] = ["?"]
    seeds: Sequence[int | None] = [None]
    with wrong.noting():
        prompts = inputs.prompts(words, options.label("prompt", positional), stdin)
    with wrong.noting():
        seeds = _seeds(given, params["seeds"])
    if len(prompts) * len(seeds) > inputs.MOST_PICTURES:
        raise click.UsageError(f"more than {inputs.MOST_PICTURES} pictures: make them in parts")
    if params["sandbox"] and surface == "dedicated":
        given.setdefault("model", "sandbox")  # where all endpoints exist
    with wrong.noting():
        given |= _format(method, surface, params, given)
    places: Sequence[Path | None] = [None] * (len(prompts) * len(seeds))
    with wrong.noting():
        places = _places(params, prompts, seeds)
    with wrong.noting():
        _check_number(params["at_once"])
    needs_token = OPERATIONS[f"{surface}.{method}"].needs_token
    connection = Connection(params, needs_token=needs_token)
    with wrong.noting():
        connection.check(is_dry=params["dry_run"])
    given |= connection.arguments
    calls = [
        {**given, "prompt": prompt} | ({} if seed is None else {"seed": seed})
        for prompt in prompts
        for seed in seeds
    ]
    missing = options.missing(method, surface, calls[0])
    return Calls(method, surface, connection, calls, places, missing, wrong)


def _pictures(field: Field, words: Sequence[str], label: str, stdin: inputs.StandardInput) -> Any:
    pictures = [inputs.picture(word, label, stdin) for word in words]
    return pictures[0] if field.holds != "many" and len(pictures) == 1 else pictures


def _check_number(at_once: Any) -> None:
    if not isinstance(at_once, int) or not 1 <= at_once <= _MOST_AT_ONCE:
        raise click.UsageError(f"-j must be from 1 to {_MOST_AT_ONCE}, not {at_once!r}")


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
    places: list[Path | None] = [None] * (len(prompts) * len(seeds))
    if params["output"] != "-":
        places = [*destinations.planned(params["output"], prompts, seeds, overwrite=overwrite)]
    elif not params["dry_run"]:
        if params["as_json"]:
            raise click.UsageError("-o - and --json both write to standard output: give one")
        destinations.check_pipe(len(places))
    if params["sheet"] is not None:
        destinations.check_sheet(Path(params["sheet"]), places, overwrite=overwrite)
    return places
