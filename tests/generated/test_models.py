"""The generated models, whatever values they hold."""

import builtins
import types
import typing
from typing import Any

import attrs
import friendli_api.models
import friendli_api.types
import pytest
from friendli_api.types import UNSET
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.thorough import examples

MODELS: list[Any] = [
    model for model in vars(friendli_api.models).values() if isinstance(model, type)
]

KNOWN = {field.name for model in MODELS for field in attrs.fields(model)}


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type; nan, which equals nothing, is left out."""
    arguments = typing.get_args(hint)
    match typing.get_origin(hint) or hint:
        case types.UnionType | typing.Union:
            found = st.one_of(*map(of_type, arguments))
        case builtins.list:
            found = st.lists(of_type(arguments[0]), max_size=3)
        case typing.Literal:
            found = st.sampled_from(arguments)
        case friendli_api.types.Unset:
            found = st.just(UNSET)
        case builtins.float:
            found = st.floats(allow_nan=False)
        case kind:
            found = of_model(hint) if attrs.has(kind) else st.from_type(hint)
    return found


def of_model(model: Any) -> st.SearchStrategy[Any]:
    """Models with every field drawn, and with properties that the contract does not know."""
    hints = typing.get_type_hints(model, localns=dict(vars(friendli_api.models)))
    fields = {field.name: of_type(hints[field.name]) for field in attrs.fields(model) if field.init}
    # An item with the fields of both kinds is of the first kind.
    unknown = st.dictionaries(st.text().filter(lambda name: name not in KNOWN), st.text())

    def built(values: dict[str, Any], others: dict[str, str]) -> Any:
        one = model(**values)
        one.additional_properties = others
        return one

    return st.builds(built, st.fixed_dictionaries(fields), unknown)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_survives_its_own_wire_form(model: Any) -> None:
    """`from_dict(to_dict(x))` is x, with the fields that the contract does not know."""

    @settings(max_examples=examples(100, 20_000))
    @given(one=of_model(model))
    def check(one: Any) -> None:
        assert model.from_dict(one.to_dict()) == one

    check()


def test_all_models_are_looked_at() -> None:
    """Bodies, results and their parts."""
    assert len(MODELS) >= 9
