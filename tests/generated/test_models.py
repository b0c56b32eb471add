"""The generated models, whatever values they hold."""

import types
import typing
from typing import Any, Literal

import attrs
import friendli_api.models
import pytest
from friendli_api.types import UNSET, Unset
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.thorough import examples

MODELS: list[Any] = [
    model for model in vars(friendli_api.models).values() if isinstance(model, type)
]


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type; nan, which equals nothing, is left out."""
    arguments = typing.get_args(hint)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return st.one_of(*map(of_type, arguments))
    if typing.get_origin(hint) is list:
        return st.lists(of_type(arguments[0]), max_size=3)
    if typing.get_origin(hint) is Literal:
        return st.sampled_from(arguments)
    if hint is Unset:
        return st.just(UNSET)
    if hint is float:
        return st.floats(allow_nan=False)
    if attrs.has(hint):
        return of_model(hint)
    return st.from_type(hint)


def of_model(model: Any) -> st.SearchStrategy[Any]:
    """Models with every field drawn, and with properties that the contract does not know."""
    hints = typing.get_type_hints(model, localns=dict(vars(friendli_api.models)))
    fields = {field.name: of_type(hints[field.name]) for field in attrs.fields(model) if field.init}
    unknown = st.dictionaries(st.text().filter(lambda name: name not in hints), st.text())

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
