"""Python's types for JSON Schema's, as sets of alternatives that can be compared."""

import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import attrs
import friendli_api.models
from friendli_api.models import ImageInput

from friendli_facade._inputs.image_source import ImageSource
from friendli_facade.utils import Unset
from scripts.contract.sample_values import Values

# A class, a Literal of one value, or a ListOf.
Alternative: TypeAlias = Any
Alternatives: TypeAlias = frozenset[Alternative]


@attrs.frozen
class ListOf:
    """A sequence, and the types of its items."""

    items: Alternatives


_OF_TYPE = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}
_SOURCES = frozenset(get_args(ImageSource))


def of_schema(schema: Any, values: Values) -> Alternatives:
    """The types of the values that a schema allows."""
    match schema:
        case {"anyOf": parts} | {"oneOf": parts}:
            return frozenset[Alternative]().union(*(of_schema(part, values) for part in parts))
        case {"$ref": reference}:
            model = getattr(friendli_api.models, reference.rpartition("/")[2], None)
            return frozenset({model}) if model else of_schema(values.referred(schema), values)
        case {"enum": literals}:
            return _literals(literals)
        case {"type": name}:
            return frozenset({_of_type(name, schema, values)})
        case _:
            return frozenset({Any})


def _of_type(name: str, schema: Mapping[str, Any], values: Values) -> Alternative:
    if name == "array":
        return ListOf(of_schema(schema.get("items", True), values))
    return _OF_TYPE.get(name, Mapping)


def of_hint(hint: Any) -> Alternatives:
    """The types that an annotation accepts; a picture in any of its forms counts as ImageInput."""
    found = frozenset[Alternative]().union(*map(_alternatives, _members(hint)))
    if found >= _SOURCES:
        found = found - _SOURCES | {ImageInput}
    # Type checkers take an int for a float.
    return found - {int} if float in found else found


def _members(hint: Any) -> Iterable[Any]:
    return get_args(hint) if get_origin(hint) in {Union, types.UnionType} else [hint]


def _alternatives(hint: Any) -> Alternatives:
    match get_origin(hint):
        case origin if origin is Literal:
            return _literals(get_args(hint))
        case origin if isinstance(origin, type) and issubclass(origin, Sequence):
            return frozenset({ListOf(of_hint(get_args(hint)[0]))})
        case _:
            return frozenset({hint})


def _literals(values: Iterable[Any]) -> Alternatives:
    return frozenset(type(None) if value is None else Literal[value] for value in values)


def words(alternatives: Alternatives) -> str:
    """The alternatives as an annotation in the facade would have them."""
    last: list[Alternative] = [type(None), Unset]
    ordered = sorted(alternatives - {*last}, key=_word)
    literals = sorted(repr(get_args(one)[0]) for one in ordered if get_origin(one) is Literal)
    shown = [_word(one) for one in ordered if get_origin(one) is not Literal]
    if literals:
        shown.append(f"Literal[{', '.join(literals)}]")
    return f"`{' | '.join(shown + [_word(one) for one in last if one in alternatives])}`"


def _word(alternative: Alternative) -> str:
    if isinstance(alternative, ListOf):
        return f"Sequence[{words(alternative.items).strip('`')}]"
    if alternative is type(None):
        return "None"
    if alternative is ImageInput:
        return "ImageSource"
    return getattr(alternative, "__name__", str(alternative))
