"""Compares what one kind of values must keep to: enums, bounds, patterns, formats."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from friendli_facade._rules.json_types import is_array
from scripts.evolution.severity import Effect

Facts = Mapping[str, Any]
Difference = tuple[str, Effect, str]

_LOWER = {"minLength": "characters", "minItems": "items", "minProperties": "fields"}
_UPPER = {"maxLength": "characters", "maxItems": "items", "maxProperties": "fields"}
_NUMERIC = {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"}
# Compared by those who know what lies in them.
_STRUCTURE = {"properties", "required", "items", "prefixItems", "additionalProperties"}
_SEEN = {"enum", "multipleOf", "uniqueItems", *_LOWER, *_UPPER, *_NUMERIC, *_STRUCTURE}
# With one of these a value is written differently: what reads it must change too.
_REWRITING = {"contentEncoding", "contentMediaType"}


def fact_changes(old: Facts, new: Facts) -> Iterator[Difference]:
    """Each difference in words, what it does to the values, and its kind; of canonical facts."""
    yield from _enum(old.get("enum"), new.get("enum"))
    lower, upper = _lower_bound(old), _upper_bound(old)
    yield from _bound("lower bound", lower, _lower_bound(new), rises_to_narrow=True)
    yield from _bound("upper bound", upper, _upper_bound(new), rises_to_narrow=False)
    for keyword, unit in {**_LOWER, **_UPPER}.items():
        least = keyword in _LOWER
        sides = [_count(facts.get(keyword), unit, least=least) for facts in (old, new)]
        yield from _bound(f"limit {keyword}", sides[0], sides[1], rises_to_narrow=least)
    yield from _multiple(old.get("multipleOf"), new.get("multipleOf"))
    if bool(old.get("uniqueItems")) != bool(new.get("uniqueItems")):
        unique = bool(new.get("uniqueItems"))
        words = f"items may {'no longer' if unique else 'now'} repeat"
        yield words, Effect.NARROWER if unique else Effect.WIDER, "range"
    for keyword in dict.fromkeys([*old, *new]):
        if keyword not in _SEEN and not _same(old.get(keyword), new.get(keyword)):
            yield _other(keyword, old, new)


def _enum(old: Any, new: Any) -> Iterator[Difference]:
    if not is_array(old) and not is_array(new):
        return
    if not is_array(old):
        yield f"only {_listed(new)} is possible now", Effect.NARROWER, "enum"
    elif not is_array(new):
        yield f"is no longer limited to {_listed(old)}", Effect.WIDER, "enum"
    else:
        gone = [value for value in old if not any(_same(value, one) for one in new)]
        come = [value for value in new if not any(_same(value, one) for one in old)]
        if gone:
            yield f"{_listed(gone)} was removed from the values", Effect.NARROWER, "enum"
        if come:
            yield f"{_listed(come)} was added to the values", Effect.WIDER, "enum"


# A bound as what it compares by, and in words.
_Bound = tuple[tuple[float, bool], str] | None


def _lower_bound(facts: Facts) -> _Bound:
    if "minimum" in facts:
        return (facts["minimum"], False), f"at least {facts['minimum']}"
    above = facts.get("exclusiveMinimum")
    return None if above is None else ((above, True), f"more than {above}")


def _upper_bound(facts: Facts) -> _Bound:
    if "maximum" in facts:
        return (facts["maximum"], True), f"at most {facts['maximum']}"
    below = facts.get("exclusiveMaximum")
    return None if below is None else ((below, False), f"less than {below}")


def _count(value: Any, unit: str, *, least: bool) -> _Bound:
    words = f"at {'least' if least else 'most'} {value} {unit}"
    return None if value is None else ((value, False), words)


def _bound(what: str, old: _Bound, new: _Bound, *, rises_to_narrow: bool) -> Iterator[Difference]:
    if old is None and new is None:
        return
    if old is None and new is not None:
        yield f"the {what} `{new[1]}` is new", Effect.NARROWER, "range"
    elif new is None and old is not None:
        yield f"the {what} `{old[1]}` is gone", Effect.WIDER, "range"
    elif old is not None and new is not None and old[0] != new[0]:
        narrower = (new[0] > old[0]) == rises_to_narrow
        words = f"the {what} changed from `{old[1]}` to `{new[1]}`"
        yield words, Effect.NARROWER if narrower else Effect.WIDER, "range"


def _multiple(old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if old is None:
        yield f"must be a multiple of {new} now", Effect.NARROWER, "range"
    elif new is None:
        yield f"need no longer be a multiple of {old}", Effect.WIDER, "range"
    else:
        effect = Effect.OTHER
        if new % old == 0:
            effect = Effect.NARROWER
        elif old % new == 0:
            effect = Effect.WIDER
        yield f"must be a multiple of {new}, no longer of {old}", effect, "range"


def _other(keyword: str, old: Facts, new: Facts) -> Difference:
    kind = "type" if keyword in {"format", *_REWRITING} else "range"
    before, after = json.dumps(old.get(keyword)), json.dumps(new.get(keyword))
    if keyword not in old:
        effect = Effect.OTHER if keyword in _REWRITING else Effect.NARROWER
        return f"{keyword} {after} is new", effect, kind
    if keyword not in new:
        effect = Effect.OTHER if keyword in _REWRITING else Effect.WIDER
        return f"{keyword} {before} is gone", effect, kind
    return f"{keyword} changed from {before} to {after}", Effect.OTHER, kind


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _listed(values: Any) -> str:
    return ", ".join(json.dumps(value) for value in values)
