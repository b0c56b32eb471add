"""Whether the models of a generated package read values that their schemas allow."""

import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import EnumProperty, LiteralEnumProperty
from openapi_python_client.strings import ClassName

from scripts.contract.documents import Json, operations
from scripts.contract.sample_values import Values
from scripts.generation import package
from scripts.generation.installation import PACKAGE

_NAME = "generated_models_of_a_tree"


def unread(root: Path) -> tuple[int, dict[str, str]]:
    """How many models the package below `root` has, and what is wrong with some, by name."""
    document, wrong = _merged(root), dict[str, str]()
    values, models = Values(document), _models(root, document)
    for name, (model, schema) in models.items():
        for value in values.variety(schema):
            assert values.is_allowed(value, schema), f"{name}: {value} is no example of it"
            if problem := _problem(model, value, schema):
                wrong.setdefault(name, problem)
    return len(models), wrong


def unread_examples(root: Path, upstream: Json) -> tuple[int, list[str], list[str]]:
    """How many examples upstream gives of JSON, which break its schema, and which are not read."""
    document = _merged(root)
    values, models = Values(document), _models(root, document)
    count, broken, wrong = 0, list[str](), list[str]()
    contents = dict(_contents(document))
    for place, content in _contents(upstream):
        media: Json = content.get("application/json", {})
        named = [one["value"] for one in media.get("examples", {}).values()]
        for example in [media["example"]] if "example" in media else named:
            count += 1
            schema = contents[place]["application/json"]["schema"]
            if not values.is_allowed(example, schema):
                broken.append(place[0])
                continue
            model, _ = models[str(ClassName(schema["$ref"].rpartition("/")[2], ""))]
            written = json.dumps(model.from_dict(example).to_dict(), sort_keys=True)
            # The same time, written otherwise.
            if written.replace("+00:00", "Z") != json.dumps(example, sort_keys=True):
                wrong.append(place[0])
    return count, broken, wrong


def _merged(root: Path) -> Json:
    found: Json = json.loads((root / PACKAGE / package.MERGED).read_text(encoding="utf-8"))
    return found


def _contents(document: Json) -> Iterator[tuple[tuple[str, str], Json]]:
    """What each operation takes and answers, by its name and the answer's code."""
    for *_, operation in operations(document):
        name = operation["operationId"]
        yield (name, "body"), operation.get("requestBody", {}).get("content", {})
        for code, response in operation.get("responses", {}).items():
            yield (name, code), response.get("content", {})


def _models(root: Path, document: Json) -> dict[str, tuple[Any, Json]]:
    """Each model of the package below `root`, and its schema, by the name of its class."""
    modules = _imported(root / PACKAGE, "models").__name__
    return {
        name: (getattr(importlib.import_module(f"{modules}.{module}"), name), schema)
        for name, (module, schema) in _schemas(root, document)
    }


def _schemas(root: Path, document: Json) -> Iterator[tuple[str, tuple[str, Json]]]:
    """Module and schema of each model, by the name of its class, as the generator has them."""
    settings = ConfigFile.load_from_path(root / package.SETTINGS)
    config = Config.from_sources(settings, MetaType.NONE, root, "utf-8", False, None)
    named = document["components"]["schemas"]
    # The generator adds to what it has parsed, so a schema is taken from there only if need be.
    known = {str(ClassName(name, "")): schema for name, schema in named.items()}
    parsed = GeneratorData.from_dict(package.readable(document), config=config)
    assert isinstance(parsed, GeneratorData), parsed
    for model in parsed.models:
        if not isinstance(model, EnumProperty | LiteralEnumProperty):
            name = str(model.class_info.name)
            own = json.loads(model.data.model_dump_json(by_alias=True, exclude_unset=True))
            yield name, (str(model.class_info.module_name), known.get(name, own))


def _imported(path: Path, part: str) -> ModuleType:
    """A package that is not on the path, under another name than the installed one."""
    for name in [name for name in sys.modules if name.startswith(_NAME)]:
        del sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        _NAME, path / "__init__.py", submodule_search_locations=[str(path)]
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules[_NAME] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return importlib.import_module(f"{_NAME}.{part}")


def _problem(model: Any, value: Json, schema: Json) -> str | None:
    """What goes wrong when a model reads a value and writes it again; None where nothing does."""
    try:
        if hasattr(model, "to_multipart"):
            return _form_problem(model, value, schema)
        written = model.from_dict(value).to_dict()
    except Exception as error:
        return f"{value} raises {error!r}"
    return None if written == value else f"{value} is written as {written}"


def _form_problem(model: Any, value: Json, schema: Json) -> str | None:
    """The same of a form, which is only written: each part once, and none the name of a null."""
    parts = {name: schema["properties"][name] for name in value}
    given = {name: _as_file(part, value[name]) for name, part in parts.items()}
    sent = model.from_dict(given).to_multipart()
    httpx.Request("POST", "http://localhost", files=sent).read()
    # What has a default is sent, given or not.
    complete = {name for name, _ in sent} >= value.keys()
    return None if complete and not any(b"None" in part for _, part in sent) else f"{value}: {sent}"


def _as_file(schema: Json, value: Any) -> Any:
    if schema.get("type") == "array":
        return [_as_file(schema["items"], one) for one in value]
    return b"bytes" if schema.get("format") == "binary" else value
