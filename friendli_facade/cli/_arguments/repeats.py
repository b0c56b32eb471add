"""From pictures that tell how they were made to the calls that make them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from friendli_facade import Provenance, ProvenanceError
from friendli_facade.cli._arguments import destinations, inputs, names, options, uploads
from friendli_facade.cli._arguments.calls import Call, Calls, Wrong, asked_seeds, connected, settled
from friendli_facade.cli._arguments.uploads import Offer
from friendli_facade.cli._contract import OPERATIONS

_PLACES = {operation.name: place for place, operation in OPERATIONS.items()}


@attrs.frozen
class _Repeat:
    """A picture that tells how it was made, and where it is asked for again."""

    path: Path
    provenance: Provenance
    made_on: str
    surface: str
    method: str

    @classmethod
    def of(cls, path: Path, params: Mapping[str, Any]) -> _Repeat:
        """Raises UsageError for a file that does not tell."""
        try:
            provenance = Provenance.of(path)
        except OSError as error:
            raise click.UsageError(f"{path} cannot be read: {error.strerror}") from error
        except ProvenanceError as error:
            raise click.UsageError(str(error)) from error
        if provenance is None:
            raise click.UsageError(f"{path} does not tell how it was made")
        operation = provenance.request.operation
        if operation not in _PLACES:
            raise click.UsageError(f"{path} was made by {operation[:100]}, which is not known here")
        made_on, _, method = _PLACES[operation].partition(".")
        return cls(path, provenance, made_on, params["surface"] or made_on, method)

    def changed(
        self, params: Mapping[str, Any], offers: Sequence[Offer], wrong: Wrong
    ) -> dict[str, Any]:
        """What was asked for, with the seed that it was drawn with, and with what options change.

        What cannot be is told in `wrong`.
        """
        arguments = self._arguments()
        unknown = self.provenance.request.body.keys() - arguments.keys() - self._sent
        problems = [
            f"was made with {name[:100]!r}, which is not known here" for name in sorted(unknown)
        ]
        words = {**params, **dict.fromkeys(offer.name for offer in offers), "prompt": ()}
        given, contradictions = options.values(self.method, self.surface, words)
        wrong += contradictions
        pictures, missing = self._pictures(offers, is_other=params["other_inputs"])
        problems += missing
        if "response_format" not in given and params["output"]:
            with wrong.noting():
                given |= self._format(params["output"], arguments.get("response_format"))
        arguments |= pictures | given
        if self.surface != self.made_on and "model" not in given:
            arguments.pop("model", None)  # an endpoint there, an adapter here
        if params["sandbox"] and self.surface == "dedicated":
            arguments.setdefault("model", "sandbox")
        wrong += [f"{self.path}: {one}" for one in problems]
        return arguments

    @property
    def _fields(self) -> dict[str, options.Variants]:
        return options.arguments(self.method)

    @property
    def _sent(self) -> set[str]:
        """The arguments with which pictures were sent."""
        names = {one.argument.partition("[")[0] for one in self.provenance.request.pictures}
        return {name for name in names if self._is_picture(name)}

    def _is_picture(self, name: str) -> bool:
        field = self._fields.get(name, {}).get(self.surface)
        return field is not None and field.kind == "picture"

    def _arguments(self) -> dict[str, Any]:
        """What was asked for, but for pictures, with the seed that it was drawn with.

        A file may hold anything: what is no argument of the body has no say in how it is sent.
        """
        kept: dict[str, Any] = {}
        for name, value in self.provenance.request.arguments.items():
            field = self._fields.get(name, {}).get(self.made_on)
            if field and field.in_body and (field.kind != "picture" or value is None):
                kept[name] = value
        seed = self.provenance.seed
        return kept if seed is None else {**kept, "seed": seed}

    def _pictures(
        self, offers: Sequence[Offer], *, is_other: bool
    ) -> tuple[dict[str, Any], list[str]]:
        """The pictures that were sent, or others where that is meant; and what is missing."""
        request = self.provenance.request
        found: dict[str, Any] = {}
        missing: list[str] = []
        for name, variants in self._fields.items():
            given = [offer for offer in offers if offer.name == name]
            if given and self._is_picture(name) and (is_other or name not in self._sent):
                found[name] = uploads.others(given, variants[self.surface])
            elif name in self._sent:
                folders = [*dict.fromkeys((self.path.parent, Path()))]
                found[name], lacking = uploads.again(request, name, given, folders)
                missing += lacking
        return found, missing

    def _format(self, output: str, recorded: Any) -> dict[str, Any]:
        """The format that a file's suffix asks for, where it is another than the picture has."""
        field = self._fields.get("response_format", {}).get(self.surface)
        if field is None or names.kind(Path(output)) == self.provenance.media_type:
            return {}
        asked = destinations.format_for(output, field.choices, "", None)
        if not asked:
            chosen = recorded if isinstance(recorded, str) else ""
            destinations.format_for(output, field.choices, chosen, field.default)
        return {field.name: asked} if asked else {}


def repeated(params: Mapping[str, Any]) -> Calls:
    """The calls that make pictures again, each with what the options change; raises OSError."""
    wrong = Wrong()
    stdin = inputs.StandardInput()
    offers = list(_offers(params, wrong, stdin))
    prompts: Sequence[str] = ()
    with wrong.noting():
        prompts = inputs.prompts(params["prompt"], "--prompt", stdin) if params["prompt"] else ()
    seeds: Sequence[int | None] = [None]
    with wrong.noting():
        is_given = params["seed"] is not None or "seed" in params["nulls"]
        seeds = asked_seeds({"seed": params["seed"]} if is_given else {}, params["seeds"])
    calls: list[Call] = []
    for path in params["pictures"]:
        with wrong.noting():
            repeat = _Repeat.of(Path(path), params)
            arguments = repeat.changed(params, offers, wrong)
            calls += [
                Call(repeat.method, repeat.surface, arguments | changes, None)
                for changes in _changes(prompts, seeds)
            ]
    for offer in offers:
        if not offer.is_used:
            wrong.append(f"{offer} is not what was sent; --other-inputs takes it all the same")
    wrong[:] = dict.fromkeys(wrong)
    if len(calls) > inputs.MOST_PICTURES:
        raise click.UsageError(f"more than {inputs.MOST_PICTURES} pictures: make them in parts")
    places: Sequence[Path | None] = [None] * len(calls)
    with wrong.noting():
        places = settled(params, len(calls), lambda output: _places(output, calls, params))
    placed = [attrs.evolve(one, place=at) for one, at in zip(calls, places, strict=True)]
    return connected(params, placed, wrong)


def _offers(
    params: Mapping[str, Any], wrong: Wrong, stdin: inputs.StandardInput
) -> Iterator[Offer]:
    fields = {field.name: field for one in OPERATIONS.values() for field in one.fields}
    for name, field in fields.items():
        for word in params.get(name) or () if field.kind == "picture" else ():
            with wrong.noting():
                yield Offer(name, inputs.picture(word, options.option(name), stdin))


def _places(output: str | None, calls: Sequence[Call], params: Mapping[str, Any]) -> list[Path]:
    wanted = [(str(one.arguments.get("prompt")), _seed(one.arguments)) for one in calls]
    return destinations.again(output, wanted, overwrite=params["overwrite"])


def _seed(arguments: Mapping[str, Any]) -> int | None:
    seed = arguments.get("seed")
    return seed if isinstance(seed, int) else None


def _changes(prompts: Sequence[str], seeds: Sequence[int | None]) -> Iterator[dict[str, Any]]:
    for prompt in prompts or (None,):
        for seed in seeds:
            changes = {"prompt": prompt, "seed": seed}
            yield {name: value for name, value in changes.items() if value is not None}
