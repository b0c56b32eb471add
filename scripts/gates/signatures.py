"""The gate between contract and facade: each operation's function takes what its contract has."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import attrs
import httpx

import friendli_facade.operations
from friendli_facade import models, utils
from friendli_facade._requests.calls import Options, describe
from friendli_facade.utils import UNSET, Unset
from scripts.contract.documents import Json, operations
from scripts.contract.sample_values import Values
from scripts.generation import arguments
from scripts.generation.python import types_of_schemas

CALL_OPTIONS = tuple(field.name for field in attrs.fields(Options))
Function = Callable[..., Any]

# What the annotations name that the declarations' own modules may not.
_NAMES: Mapping[str, Any] = {
    **{name: getattr(models, name) for name in models.__all__},
    **{name: getattr(utils, name) for name in utils.__all__},
    "Mapping": Mapping,
    "Sequence": Sequence,
    "httpx": httpx,
}


def functions(package: ModuleType = friendli_facade.operations) -> dict[str, Function]:
    """The declared operations by the names of their modules and their own: `dedicated.edit`."""
    found: dict[str, Function] = {}
    for information in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{information.name}")
        for _, resource in inspect.getmembers(module, inspect.isclass):
            if resource.__module__ == module.__name__:
                for name, function in inspect.getmembers(resource, inspect.isfunction):
                    if not name.startswith("_"):
                        found[f"{information.name}.{name}"] = function
    return found


def problems(document: Json, found: Mapping[str, Function]) -> list[str]:
    """Where the facade's functions and a contract differ; empty where they agree."""
    problems: list[str] = []
    expected: set[str] = set()
    for *_, operation in operations(document):
        name = operation["operationId"]
        place = arguments.function_name(name)
        expected.add(place)
        if place in found:
            comparison = _Comparison(
                name,
                found[place],
                arguments.of_operation(document, operation),
                Values(document),
            )
            problems += comparison.problems()
        else:
            missing = f"{_full(place)} is missing: declare it"
            problems.append(f"{name} is in the contract and {missing}")
    for place in sorted(found.keys() - expected):
        problems.append(f"{_full(place)} has no operation in the contract: delete it")
    return problems


def _full(place: str) -> str:
    return f"friendli_facade.operations.{place}"


@attrs.frozen
class _Comparison:
    """One operation, and its declaration."""

    operation: str
    function: Function
    contract: Mapping[str, arguments.Field]
    values: Values

    def problems(self) -> list[str]:
        """The signature's problems; where it has none, those of what the function sends."""
        return [*self._names(), *self._declarations()] or list(self._sent())

    @property
    def _place(self) -> str:
        return _full(arguments.function_name(self.operation))

    def _signature(self) -> Mapping[str, inspect.Parameter]:
        signature = inspect.signature(self.function, eval_str=True, locals=_NAMES)
        return {name: one for name, one in signature.parameters.items() if name != "self"}

    def _names(self) -> Iterator[str]:
        arguments = self._signature().keys()
        for name in self.contract:
            if name not in arguments:
                where = f"`{name}` is in {self.operation}'s contract and not in {self._place}"
                yield f"{where}: add the argument"
        for name in arguments:
            if name not in self.contract and name not in CALL_OPTIONS:
                where = f"`{name}` is in {self._place} and not in {self.operation}'s contract"
                yield f"{where}: delete the argument"
        for name in CALL_OPTIONS:
            if name not in arguments:
                where = f"`{name}` is an option of every call and not in {self._place}"
                yield f"{where}: add the argument"

    def _declarations(self) -> Iterator[str]:
        for name, parameter in self._signature().items():
            where = f"`{name}` of {self._place}"
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
                yield f"{where} can be given without its name: put it behind the `*`"
            if name not in self.contract:
                continue
            field = self.contract[name]
            default = parameter.default
            if field.required and default is not inspect.Parameter.empty:
                yield f"{where} is required by {self.operation}'s contract: delete its default"
            elif not field.required and default is inspect.Parameter.empty:
                yield f"{where} is optional in {self.operation}'s contract: give it a default"
            elif not field.required and default is not UNSET and field.in_body:
                yield f"{where} has a default of its own: make it UNSET, and the server's counts"
            yield from self._type(name, field, parameter.annotation)

    def _type(self, name: str, field: arguments.Field, declared: Any) -> Iterator[str]:
        expected = types_of_schemas.of_schema(field.schema, self.values)
        if not field.required:
            expected |= {type(None), Unset} if field.in_body else {type(None)}
        if types_of_schemas.of_hint(declared) != expected:
            where = f"`{name}` of {self._place} is not declared as its contract has it"
            yield f"{where}: make it {types_of_schemas.words(expected)}"

    def _sent(self) -> Iterator[str]:
        """What a call puts into the body that nobody gave, and for None."""
        least = {
            name: self.values.allowed(field.schema)
            for name, field in self.contract.items()
            if field.required
        }
        unasked = sorted(self._body(least).keys() - least.keys())
        if unasked:
            yield f"{self.operation} sends {unasked}, though nobody asked: leave it to the server"
        for name, field in self.contract.items():
            if field.in_body and not field.required:
                yield from self._none(name, self._body({**least, name: None}))

    def _body(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        return describe(self.operation, given).body

    def _none(self, name: str, body: Mapping[str, Any]) -> Iterator[str]:
        schema = self.contract[name].schema
        nullable = type(None) in types_of_schemas.of_schema(schema, self.values)
        where = f"`{name}=None` of {self._place}"
        if nullable and (name not in body or body[name] is not None):
            yield f"{where} is not sent, and the contract has a null for it: pass it on as it is"
        elif not nullable and name in body:
            yield f"{where} is sent, and the contract has no null for it: leave it out of the body"
