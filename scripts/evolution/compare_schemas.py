"""Compares two schemas: each difference in words, at its place, and what it does to values."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import attrs

from scripts.evolution.compare_constraints import fact_changes
from scripts.evolution.matching import Kind, annotation, exactly_one, kinds, matched
from scripts.evolution.severity import Direction, Effect

Json = Mapping[str, Any]
# Where, in words, what it does to the values, and of what kind it is.
Found = Callable[["Place", str, Effect, str], None]
# Said of a field, not of the values that it holds.
_ANNOTATIONS = ("default", "deprecated", "readOnly", "writeOnly")
_REFERENCE = re.compile(r"#/components/schemas/([^\"/]+)")


@attrs.frozen
class Place:
    """Where in the contract, and which argument of an operation that is part of.

    The whole body is no argument; its properties are, and `inside` tells what lies in them.
    """

    name: str
    argument: str = ""
    inside: bool = False

    def property(self, name: str) -> "Place":
        argument = self.argument or name
        return Place(f"{self.name}.{name}", argument, inside=bool(self.argument))

    def part(self, suffix: str) -> "Place":
        return attrs.evolve(self, name=self.name + suffix)

    def named(self, name: str | None) -> "Place":
        return attrs.evolve(self, name=name) if name else self


def unchanged(old: Json, new: Json) -> set[str]:
    """The schemas that are the same in both, with all that they reach."""
    same = {name for name in new if name in old and _text(old[name]) == _text(new[name])}
    referred = {name: set(_REFERENCE.findall(_text(new[name]))) for name in same}
    while tainted := {name for name in same if referred[name] - same}:
        same -= tainted
    return same


class Comparison:
    """Compares schemas of two documents as one operation reaches them in one direction."""

    def __init__(
        self,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        direction: Direction,
        found: Found,
        same: Collection[str] = (),
    ) -> None:
        self._old = old
        self._new = new
        self._direction = direction
        self._found = found
        self._same = same
        self._passed: set[tuple[str | None, str | None, str, bool]] = set()

    def compare(self, old: Any, new: Any, place: Place) -> None:
        """Reports every difference between the old and the new schema at `place`."""
        self._annotations(old, new, place)
        before = kinds(old, self._old)
        after = kinds(new, self._new)
        self._null(before, after, place)
        pairs, gone, come = matched(_not_null(before), _not_null(after))
        self._kinds(gone, come, place)
        if len(pairs) > 1 and exactly_one(old) != exactly_one(new):
            stricter = exactly_one(new)
            words = "exactly one alternative must fit now" if stricter else "several may fit now"
            self._found(place, words, Effect.NARROWER if stricter else Effect.WIDER, "type")
        for one, other in pairs:
            self._pair(one, other, place.named(one.name if one.name == other.name else None))

    def _annotations(self, old: Any, new: Any, place: Place) -> None:
        for keyword in _ANNOTATIONS:
            before = annotation(old, self._old, keyword)
            after = annotation(new, self._new, keyword)
            if _text(before) == _text(after):
                continue
            if keyword == "default":
                # What a call that leaves it out gets is another picture.
                asked = self._direction is Direction.REQUESTS
                effect = Effect.OFFERED if asked else Effect.NONE
                self._found(place, _changed("the default", before, after), effect, "default")
            else:  # true on one side alone
                refused = {"readOnly": Direction.REQUESTS, "writeOnly": Direction.RESPONSES}
                breaks = bool(after[1]) and refused.get(keyword) is self._direction
                words = f"is {'now' if after[1] else 'no longer'} {keyword}"
                self._found(place, words, Effect.OTHER if breaks else Effect.NONE, keyword)

    def _null(self, old: Sequence[Kind], new: Sequence[Kind], place: Place) -> None:
        if any(one.type is None for one in (*old, *new)):
            return
        before, after = (any(one.type == "null" for one in side) for side in (old, new))
        if before and not after:
            self._found(place, "null is no longer possible", Effect.NARROWER, "type")
        elif after and not before:
            self._found(place, "null is now possible", Effect.WIDER, "type")

    def _kinds(self, gone: list[Kind], come: list[Kind], place: Place) -> None:
        before, after = " or ".join(map(str, gone)), " or ".join(map(str, come))
        if gone and come:
            effect = Effect.OTHER
            if any(one.type is None for one in gone):
                effect = Effect.NARROWER
            elif any(one.type is None for one in come):
                effect = Effect.WIDER
            self._found(place, f"the type changed from {before} to {after}", effect, "type")
        elif gone:
            self._found(place, f"{before} is no longer possible", Effect.NARROWER, "type")
        elif come:
            self._found(place, f"{after} is now possible", Effect.WIDER, "type")

    def _pair(self, old: Kind, new: Kind, place: Place) -> None:
        if old == new and old.name in self._same:
            return
        if old.name or new.name:
            # Schemas may refer to each other in a circle.
            key = (old.name, new.name, place.argument, place.inside)
            if key in self._passed:
                return
            self._passed.add(key)
        if old.name != new.name:
            # The same on the wire, but the generated class is called after it.
            words = f"is now {new.name or 'described in place'}, where it was "
            words += old.name or "described in place"
            self._found(place, words, Effect.NONE, "renamed")
        if {old.type, new.type} == {"integer", "number"}:
            effect = Effect.WIDER if new.type == "number" else Effect.NARROWER
            self._found(place, f"the type changed from {old} to {new}", effect, "type")
        for words, effect, kind in fact_changes(old.facts, new.facts):
            self._found(place, words, effect, kind)
        self._properties(old.facts, new.facts, place)
        self._inner(old.facts, new.facts, place)

    def _properties(self, old: Json, new: Json, place: Place) -> None:
        before: Mapping[str, Any] = old.get("properties", {})
        after: Mapping[str, Any] = new.get("properties", {})
        must_before, must_after = set(old.get("required", ())), set(new.get("required", ()))
        names = [*before, *sorted(must_before), *after, *sorted(must_after)]
        for name in dict.fromkeys(names):
            inner = place.property(name)
            was = name in before or name in must_before
            stays = name in after or name in must_after
            if was and not stays:
                self._found(inner, "was removed", Effect.OTHER, "removed")
            elif stays and not was:
                required = name in must_after
                stricter = required and self._direction is Direction.REQUESTS
                words = "was added, and is required" if required else "was added"
                effect = Effect.NARROWER if stricter else Effect.OFFERED
                self._found(inner, words, effect, "added, required" if required else "added")
            else:
                if name in must_after - must_before:
                    self._found(inner, "is now required", Effect.NARROWER, "required")
                elif name in must_before - must_after:
                    self._found(inner, "is no longer required", Effect.WIDER, "optional")
                self.compare(before.get(name, {}), after.get(name, {}), inner)

    def _inner(self, old: Json, new: Json, place: Place) -> None:
        """What lies in lists and maps."""
        if "items" in old or "items" in new:
            self.compare(old.get("items", {}), new.get("items", {}), place.part("[]"))
        if "additionalProperties" in old or "additionalProperties" in new:
            before = old.get("additionalProperties", {})
            after = new.get("additionalProperties", {})
            if before is False and after is not False:
                self._found(place, "further fields are now possible", Effect.WIDER, "type")
            elif after is False and before is not False:
                self._found(place, "no further field is possible", Effect.NARROWER, "type")
            elif before is not False:
                self.compare(before, after, place.part("{}"))
        first: list[Any] = old.get("prefixItems", [])
        second: list[Any] = new.get("prefixItems", [])
        for index in range(max(len(first), len(second))):
            before = first[index] if index < len(first) else old.get("items", {})
            after = second[index] if index < len(second) else new.get("items", {})
            self.compare(before, after, place.part(f"[{index}]"))


def _not_null(found: Sequence[Kind]) -> list[Kind]:
    return [one for one in found if one.type != "null"]


def _changed(what: str, before: tuple[bool, Any], after: tuple[bool, Any]) -> str:
    old, new = json.dumps(before[1]), json.dumps(after[1])
    if not before[0]:
        return f"{what} {new} is new"
    return f"{what} changed from {old} to {new}" if after[0] else f"{what} {old} is gone"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
