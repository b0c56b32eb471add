"""The gate between contract and facade: each operation's function takes what its contract has."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import attrs
import httpx

import friendli_facade.operations
from friendli_facade import binding, models
from friendli_facade._requests.calls import Call, Options
from friendli_facade._unset import UNSET, Timeout, Unset
from friendli_facade.utils import RetryConfig
from scripts.contract.loading import Json, operations
from scripts.contract.sample_values import Values
from scripts.generation import arguments, python_types

CALL_OPTIONS = tuple(field.name for field in attrs.fields(Options))
Function = Callable[..., Call[Any]]

# What the annotations name, and the operations import for type checkers alone.
_NAMES: Mapping[str, Any] = {
    **{name: getattr(models, name) for name in models.__all__},
    "Call": Call,
    "Mapping": Mapping,
    "RetryConfig": RetryConfig,
    "Sequence": Sequence,
    "Timeout": Timeout,
    "Unset": Unset,
    "httpx": httpx,
}


def functions(package: ModuleType = friendli_facade.operations) -> dict[str, Function]:
    """The facade's operations by the names of their modules and their own: `dedicated.edit`."""
    found: dict[str, Function] = {}
    for information in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{information.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found[f"{information.name}.{name}"] = function
    return found


def problems(document: Json, found: Mapping[str, Function]) -> list[str]:
    """Where the facade's functions and a contract differ; empty where they agree."""
    problems: list[str] = []
    expected: set[str] = set()
    for _, _, item, operation in operations(document):
        name = operation["operationId"]
        place = arguments.function_name(name)
        expected.add(place)
        if place in found:
            comparison = _Comparison(
                name,
                found[place],
                arguments.of_operation(document, item, operation),
                Values(document),
            )
            problems += comparison.problems()
        else:
            missing = f"{_full(place)} is missing: add it, and bind it in binding.py"
            problems.append(f"{name} is in the contract and {missing}")
    for place in sorted(found.keys() - expected):
        problems.append(f"{_full(place)} has no operation in the contract: delete it")
    return problems


def unbound(found: Iterable[str]) -> list[str]:
    """The functions that one of the clients does not have as a method."""
    problems: list[str] = []
    for place in found:
        surface, _, name = place.partition(".")
        for kind in ("Sync", "Async"):
            resource = f"{kind}{surface.title()}Image"
            if not hasattr(getattr(binding, resource, None), name):
                bound = f"friendli_facade.binding.{resource}"
                problems.append(f"{_full(place)} is no method of {bound}: bind it there")
    return problems


def _full(place: str) -> str:
    return f"friendli_facade.operations.{place}"


@attrs.frozen
class _Comparison:
    """One operation, and the function that makes a call of it."""

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
        return signature.parameters

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
        expected = python_types.of_schema(field.schema, self.values)
        if not field.required:
            expected |= {type(None), Unset} if field.in_body else {type(None)}
        if python_types.of_hint(declared) != expected:
            where = f"`{name}` of {self._place} is not declared as its contract has it"
            yield f"{where}: make it {python_types.words(expected)}"

    def _sent(self) -> Iterator[str]:
        """What the function puts into the body, for each argument and for None."""
        least = {
            name: self.values.allowed(field.schema)
            for name, field in self.contract.items()
            if field.required
        }
        call = self.function(**least)
        if call.operation != self.operation:
            yield f"{self._place} calls {call.operation}: make it call {self.operation}"
        unasked = sorted(call.body.keys() - least.keys())
        if unasked:
            yield f"{self._place} sends {unasked}, though nobody asked: leave it to the server"
        for name, field in self.contract.items():
            value = self.values.allowed(field.schema)
            call = self.function(**{**least, name: value})
            sent = call.body.get(name) if field.in_body else getattr(call, name, None)
            if sent != value:
                yield f"`{name}` of {self._place} is not sent: pass it on to the body, or the call"
            if not field.required and field.in_body:
                yield from self._none(name, field, self.function(**{**least, name: None}).body)

    def _none(self, name: str, field: arguments.Field, body: Mapping[str, Any]) -> Iterator[str]:
        nullable = type(None) in python_types.of_schema(field.schema, self.values)
        where = f"`{name}=None` of {self._place}"
        if nullable and (name not in body or body[name] is not None):
            yield f"{where} is not sent, and the contract has a null for it: pass it on as it is"
        elif not nullable and name in body:
            yield f"{where} is sent, and the contract has no null for it: leave it out of the body"
