"""The image surface of Friendli's own SDK, read off the package itself."""

import ast
import dataclasses
import inspect
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

VERSION = "0.16.3"
_CORE = "friendli.core"
# What its image operations are made of, beside the types that they name.
_MODULES = ("container_image", "dedicated_image", "basesdk", "utils.unmarshal_json_response")
_RESULTS = (
    *("DedicatedImageGenerateSuccess", "ContainerImageGenerateSuccess"),
    *("URLImageItem", "B64ImageItem"),
)
# Of what pydantic gives every model, which is not the SDK's own: what scripts use.
_PYDANTIC = (
    *("model_dump", "model_dump_json", "model_copy"),
    *("model_validate", "model_validate_json"),
)


def surface() -> Mapping[str, set[str]]:
    """Its names, by the sections of the page that tells what each is here."""
    package: Any = import_module("friendli")
    logging.disable()  # it warns of every client without a team
    try:
        clients: list[Any] = [package.SyncFriendli(token="t"), package.AsyncFriendli(token="t")]
    finally:
        logging.disable(logging.NOTSET)
    resources = [
        getattr(client, name).image for client in clients for name in ("container", "dedicated")
    ]
    calls = [getattr(image, name) for image in resources for name in ("generate", "edit")]
    types = set(_types(_named()))
    errors = {name for name in types if name.endswith("Error")}
    return {
        "Clients": {"SyncFriendli", "AsyncFriendli", *_members(clients) - _other_apis(clients)},
        "Arguments of a client": {
            *_parameters(map(type, clients)),
            *vars(clients[0].config),
        },
        "Operations": _members(resources),
        "Arguments of a call": _parameters(calls),
        "Results": {*_fields(_RESULTS), *_PYDANTIC},
        "Types": types - errors,
        "Errors": {*errors, *_fields(errors)},
        "Retries": set(_retries()),
    }


def _members(objects: Iterable[object]) -> set[str]:
    return {name for one in objects for name in dir(one) if not name.startswith("_")}


def _parameters(callables: Iterable[Any]) -> set[str]:
    return {
        name
        for one in callables
        for name, parameter in inspect.signature(one).parameters.items()
        if parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    }


def _other_apis(clients: Iterable[Any]) -> set[str]:
    """What a client has beside images."""
    found = {name for client in clients for name in client._sub_sdk_map}
    return found - {"container", "dedicated"}


def _model(name: str) -> Any:
    return getattr(import_module(f"{_CORE}.models"), name)


def _fields(names: Iterable[str]) -> Iterator[str]:
    """Fields and properties of types, each behind its type's name."""
    for name in names:
        kind = _model(name)
        if dataclasses.is_dataclass(kind):
            own = {field.name for field in dataclasses.fields(kind)}
        else:
            own = set(kind.model_fields)
        own |= {key for key, value in vars(kind).items() if isinstance(value, property)}
        yield from (f"{name}.{field}" for field in own if not field.startswith("_"))


def _retries() -> Iterator[str]:
    utils: Any = import_module(f"{_CORE}.utils")
    for kind in (utils.RetryConfig, utils.BackoffStrategy):
        yield kind.__name__
        yield from (f"{kind.__name__}.{name}" for name in _parameters([kind]))


def _named() -> set[str]:
    """The types that the image operations name in their code."""
    sources = (inspect.getsource(import_module(f"{_CORE}.{name}")) for name in _MODULES)
    found = {name for source in sources for name in re.findall(r"\bmodels\.([A-Z]\w+)", source)}
    return found | {"ResponseValidationError"}


def _types(names: set[str]) -> Iterator[str]:
    """These, what stands in the files that they are in, and all that those use."""
    models: Any = import_module(f"{_CORE}.models")
    # The base of errors alone is imported at once.
    places = {**models._dynamic_imports, "FriendliCoreError": ".friendlicoreerror"}
    left = [place for name, place in places.items() if name in names]
    done: set[str] = set()
    while left:
        place = left.pop()
        if place in done:
            continue
        done.add(place)
        module = import_module(f"{_CORE}.models{place}")
        yield from (name for name in _defined(module) if name in places)
        text = inspect.getsource(module)
        left += [f".{name}" for name in re.findall(r"(?m)^from \.(\w+) import", text)]
        for line in re.findall(r"(?m)^from friendli\.core\.models import (.*)$", text):
            left += [places[name] for name in line.split(", ")]


def _defined(module: ModuleType) -> Iterator[str]:
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
