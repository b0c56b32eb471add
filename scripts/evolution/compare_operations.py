"""Compares two states of an operation, part by part."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import attrs

from scripts.contract.documents import Json
from scripts.evolution.compare_schemas import Comparison, Place
from scripts.evolution.facade_work import Notes
from scripts.evolution.severity import Change, Direction, Effect

_PARAMETER_FACTS = ("style", "explode", "allowReserved", "allowEmptyValue")


@attrs.frozen
class Operation:
    """An operation, with what its path item and document say for it."""

    name: str
    method: str
    path: str
    facts: Json
    parameters: Mapping[tuple[str, str], Json]
    servers: list[str]
    security: list[Mapping[str, list[str]]]
    components: Json


class OperationComparison:
    """Adds each change between two states of an operation to a list."""

    def __init__(
        self, old: Operation, new: Operation, changes: list[Change], same: Collection[str]
    ) -> None:
        self._old, self._new = old, new
        self._requests = Notes(new.name, Direction.REQUESTS, changes)
        self._responses = Notes(new.name, Direction.RESPONSES, changes)
        schemas = old.components.get("schemas", {}), new.components.get("schemas", {})
        # One comparison for each direction: what both meet twice is noted once.
        self._comparisons = {
            notes.direction: Comparison(*schemas, notes.direction, notes.schema, same)
            for notes in (self._requests, self._responses)
        }

    def compare(self) -> None:
        """Compares everything."""
        old, new, notes = self._old, self._new, self._requests
        if old.name != new.name:
            facade = f"call it {new.name} where it was {old.name}"
            notes.add("", f"the operationId was {old.name}", Effect.NONE, facade)
        if (old.method, old.path) != (new.method, new.path):
            words = f"moved from {old.method} {old.path} to {new.method} {new.path}"
            notes.add("", words, Effect.OTHER)
        if bool(old.facts.get("deprecated")) != bool(new.facts.get("deprecated")):
            now = "now" if new.facts.get("deprecated") else "no longer"
            notes.add("", f"is {now} deprecated", Effect.NONE, "nothing: the docstring follows")
        self._servers(old.servers, new.servers)
        self._security()
        for where, name in dict.fromkeys([*old.parameters, *new.parameters]):
            before, after = old.parameters.get((where, name)), new.parameters.get((where, name))
            place = Place(f"{new.name}.{name}", argument=name.lower().replace("-", "_"))
            self._parameter(before, after, where, place)
        self._body(old.facts.get("requestBody"), new.facts.get("requestBody"))
        before, after = old.facts.get("responses", {}), new.facts.get("responses", {})
        codes = dict.fromkeys([*before, *after])
        for code in codes:
            # Beside an answer that is named, the default is what errors hold.
            success = code.startswith("2") or (
                code == "default" and not any(one.startswith("2") for one in codes)
            )
            self._response(before.get(code), after.get(code), code, success=success)

    def _servers(self, old: list[str], new: list[str]) -> None:
        if old[:1] != new[:1]:
            words = f"the server was {', '.join(old) or '/'} and is {', '.join(new) or '/'}"
            self._requests.add("servers", words, Effect.OTHER)
            return
        for url in (url for url in old if url not in new):
            self._requests.add("servers", f"{url} was removed", Effect.NARROWER)
        for url in (url for url in new if url not in old):
            self._requests.add("servers", f"{url} was added", Effect.OFFERED)

    def _security(self) -> None:
        old, new = _requirements(self._old), _requirements(self._new)
        words = f"was {' or '.join(old.values())}, and is {' or '.join(new.values())}"
        facade = "check when the token is sent, and how"
        # Who met a requirement meets one that asks for no more.
        if not all(any(one <= known for one in new) for known in old):
            self._requests.add("security", words, Effect.NARROWER, facade)
        elif old.keys() != new.keys():
            effect = Effect.WIDER if new.keys() - old.keys() else Effect.NONE
            self._requests.add("security", words, effect, facade)

    def _parameter(self, old: Json | None, new: Json | None, where: str, place: Place) -> None:
        notes = self._requests
        if new is None:
            notes.schema(place, f"the {where} parameter was removed", Effect.OTHER, "removed")
            return
        if old is None:
            required = bool(new.get("required"))
            words = f"the {where} parameter was added{', and is required' if required else ''}"
            effect = Effect.NARROWER if required else Effect.OFFERED
            notes.schema(place, words, effect, "added, required" if required else "added")
            return
        self._required(old, new, place)
        for keyword in _PARAMETER_FACTS:
            if old.get(keyword) != new.get(keyword):
                words = f"{keyword} was {old.get(keyword)} and is {new.get(keyword)}"
                notes.schema(place, words, Effect.OTHER, "type")
        if bool(old.get("deprecated")) != bool(new.get("deprecated")):
            words = f"is {'now' if new.get('deprecated') else 'no longer'} deprecated"
            notes.schema(place, words, Effect.NONE, "deprecated")
        self._typed(old, new, notes, place)

    def _body(self, old: Json | None, new: Json | None) -> None:
        place = Place(f"{self._new.name}.body")
        if new is None or old is None:
            if old is not None:
                self._requests.schema(place, "was removed", Effect.OTHER, "removed")
            elif new is not None:
                required = bool(new.get("required"))
                effect = Effect.NARROWER if required else Effect.OFFERED
                words = "was added, and is required" if required else "was added"
                self._requests.schema(place, words, effect, "added")
            return
        self._required(old, new, place)
        self._content(old.get("content", {}), new.get("content", {}), self._requests, place)

    def _required(self, old: Json, new: Json, place: Place) -> None:
        if bool(old.get("required")) == bool(new.get("required")):
            return
        if new.get("required"):
            self._requests.schema(place, "is now required", Effect.NARROWER, "required")
        else:
            self._requests.schema(place, "is no longer required", Effect.WIDER, "optional")

    def _response(self, old: Json | None, new: Json | None, code: str, *, success: bool) -> None:
        place, notes = Place(f"{self._new.name}.{code}"), self._responses
        # What errors hold, callers can always meet: any status may come from a proxy between.
        if new is None:
            notes.schema(place, "was removed", Effect.OTHER if success else Effect.NONE, "removed")
        elif old is None:
            effect = Effect.WIDER if success else Effect.OFFERED
            notes.schema(place, "was added", effect, "added" if success else "required")
        else:
            self._headers(old.get("headers", {}), new.get("headers", {}), place)
            self._content(old.get("content", {}), new.get("content", {}), notes, place)

    def _headers(self, old: Json, new: Json, place: Place) -> None:
        notes = self._responses
        for name in dict.fromkeys([*old, *new]):
            header = Place(f"{place.name}.{name}")
            if name not in new:
                notes.schema(header, "the header was removed", Effect.OTHER, "removed")
            elif name not in old:
                notes.schema(header, "the header was added", Effect.OFFERED, "added")
            else:
                self._typed(old[name], new[name], notes, header)

    def _content(self, old: Json, new: Json, notes: Notes, place: Place) -> None:
        answers = notes.direction is Direction.RESPONSES
        for media_type in dict.fromkeys([*old, *new]):
            if media_type not in new:
                notes.schema(place, f"{media_type} was removed", Effect.OTHER, "type")
            elif media_type not in old:
                # An answer of which nothing was said before may always have held something.
                effect = Effect.WIDER if answers and old else Effect.OFFERED
                notes.schema(place, f"{media_type} was added", effect, "type")
            else:
                self._typed(old[media_type], new[media_type], notes, place)

    def _typed(self, old: Json, new: Json, notes: Notes, place: Place) -> None:
        """What a parameter, a header or a media type holds."""
        if _text(old.get("encoding")) != _text(new.get("encoding")):
            notes.schema(place, "the encoding of its parts changed", Effect.OTHER, "type")
        comparison = self._comparisons[notes.direction]
        comparison.compare(old.get("schema", {}), new.get("schema", {}), place)
        self._content(old.get("content", {}), new.get("content", {}), notes, place)


def _requirements(operation: Operation) -> dict[frozenset[str], str]:
    """Each alternative of what an operation asks for: its schemes and scopes, and in words."""
    schemes: Mapping[str, Any] = operation.components.get("securitySchemes", {})
    found: dict[frozenset[str], str] = {}
    for requirement in operation.security or [{}]:
        asked = frozenset(
            _text([{**schemes.get(name, {}), "description": ""}, scopes])
            for name, scopes in requirement.items()
        )
        kinds = (f"{name} ({_kind(schemes.get(name, {}))})" for name in requirement)
        found[asked] = " with ".join(kinds) or "nothing"
    return found


def _kind(scheme: Mapping[str, Any]) -> str:
    return " ".join(str(part) for name, part in scheme.items() if name != "description")


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
