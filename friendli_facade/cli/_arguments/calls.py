"""From the options of `generate` and `edit` to calls: what is sent, and where to save."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
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
class Call:
    """A call, and a place for its picture; None is standard output."""

    method: str
    surface: str
    arguments: Mapping[str, Any] = attrs.field(repr=False)
    place: Path | None

    @property
    def missing(self) -> list[str]:
        """The required arguments that it lacks."""
        return options.missing(self.method, self.surface, self.arguments)


@attrs.frozen
class Calls:
    """The calls of a command, and what makes the client.

    `wrong` is what cannot be, in words: then the rest is a guess, made to be checked.
    """

    connection: Connection
    calls: Sequence[Call]
    wrong: Sequence[str]


class Wrong(list[str]):
    """What is wrong, so that all of it can be told at once."""

    @contextmanager
    def noting(self) -> Generator[None]:
        """Keeps what an UsageError says."""
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
    wrong = Wrong()
    given, contradictions = options.values(method, surface, params)
    wrong += contradictions
    words = given.pop("prompt", ())
    for name, value in given.items():
        field = options.arguments(method)[name].get(surface)
        if field and field.kind == "picture" and value is not None:
            with wrong.noting():
                given[name] = pictures(field, value, options.label(name, positional), stdin)
    prompts: Sequence[str] = ["?"]
    seeds: Sequence[int | None] = [None]
    with wrong.noting():
        prompts = inputs.prompts(words, options.label("prompt", positional), stdin)
    with wrong.noting():
        seeds = asked_seeds(given, params["seeds"])
    if len(prompts) * len(seeds) > inputs.MOST_PICTURES:
        raise click.UsageError(f"more than {inputs.MOST_PICTURES} pictures: make them in parts")
    if params["sandbox"] and surface == "dedicated":
        given.setdefault("model", "sandbox")  # where all endpoints exist
    with wrong.noting():
        given |= _format(method, surface, params, given)
    calls = [
        {**given, "prompt": prompt} | ({} if seed is None else {"seed": seed})
        for prompt in prompts
        for seed in seeds
    ]
    places: Sequence[Path | None] = [None] * len(calls)
    with wrong.noting():
        places = settled(
            params,
            len(calls),
            lambda output: destinations.planned(
                output, prompts, seeds, overwrite=params["overwrite"]
            ),
        )
    made = [Call(method, surface, *one) for one in zip(calls, places, strict=True)]
    return connected(params, made, wrong)


def connected(params: Mapping[str, Any], calls: Sequence[Call], wrong: Wrong) -> Calls:
    """Calls with their connection, and with all else that the options of a run may have wrong."""
    with wrong.noting():
        _check_number(params["at_once"])
    needs_token = any(OPERATIONS[f"{call.surface}.{call.method}"].needs_token for call in calls)
    connection = Connection(params, needs_token=needs_token)
    with wrong.noting():
        connection.check(is_dry=params["dry_run"])
    calls = [
        attrs.evolve(call, arguments={**call.arguments, **connection.arguments}) for call in calls
    ]
    return Calls(connection, calls, wrong)


def pictures(field: Field, words: Sequence[str], label: str, stdin: inputs.StandardInput) -> Any:
    """The pictures that words mean, in the shape that the argument takes; raises UsageError."""
    pictures = [inputs.picture(word, label, stdin) for word in words]
    return pictures[0] if field.holds != "many" and len(pictures) == 1 else pictures


def _check_number(at_once: Any) -> None:
    if not isinstance(at_once, int) or not 1 <= at_once <= _MOST_AT_ONCE:
        raise click.UsageError(f"-j must be from 1 to {_MOST_AT_ONCE}, not {at_once!r}")


def asked_seeds(given: Mapping[str, Any], words: str | None) -> list[int | None]:
    """The seeds of --seeds, or the one of --seed, if any; raises UsageError."""
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


def settled(
    params: Mapping[str, Any], number: int, planned: Callable[[str | None], Sequence[Path]]
) -> Sequence[Path | None]:
    """The places of as many pictures, as they are planned for an output; raises UsageError.

    Raises OSError too.
    """
    places: Sequence[Path | None] = [None] * number
    if params["output"] != "-":
        places = planned(params["output"])
    elif not params["dry_run"]:
        if params["as_json"]:
            raise click.UsageError("-o - and --json both write to standard output: give one")
        destinations.check_pipe(number)
    if params["sheet"] is not None:
        overwrite = params["overwrite"]
        destinations.check_sheet(Path(params["sheet"]), places, overwrite=overwrite)
    return places
