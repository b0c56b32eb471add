"""Slices Friendli's document: the facts of some operations, and every schema that they reach."""

from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

from friendli_facade._rules.keywords import is_array, is_object
from scripts.contract.documents import METHODS, ContractError, Json, operations

IMAGES = ("Dedicated.Image", "Container.Image")
_PROSE = {
    *("title", "description", "summary", "example", "examples", "externalDocs", "$comment"),
    *("contact", "license", "termsOfService"),
}
_SCHEMAS_BY_NAME = {"properties", "patternProperties", "$defs", "dependentSchemas"}
_SCHEMAS = {
    *("anyOf", "oneOf", "allOf", "not", "if", "then", "else", "contains", "propertyNames"),
    *("items", "prefixItems", "unevaluatedItems", "contentSchema"),
    *("additionalProperties", "unevaluatedProperties"),
}
_SCHEMA = "#/components/schemas/"


def tags(document: Json) -> list[str]:
    """Every tag of an operation, in the order of the operations; raises ContractError."""
    with _shaped():
        found = [tag for *_, operation in operations(document) for tag in operation.get("tags", [])]
        return list(dict.fromkeys(found))


def cut(document: Json, chosen: Collection[str]) -> Json:
    """The facts of the operations with a chosen tag; raises ContractError."""
    version = document.get("openapi", document.get("swagger"))
    if not str(document.get("openapi")).startswith("3.1."):
        raise ContractError(f"the document must be OpenAPI 3.1, not {version or 'without version'}")
    with _shaped():
        return _Slice(document, chosen).document()


@contextmanager
def _shaped() -> Generator[None]:
    """Says of a document what its first part of a wrong shape amounts to."""
    try:
        yield
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ContractError(f"the document is not shaped as OpenAPI says: {error!r}") from error


class _Slice:
    """One walk through a document, which notes the schemas and security schemes it meets."""

    def __init__(self, document: Json, chosen: Collection[str]) -> None:
        self._document = document
        self._chosen = chosen
        self._components: Json = document.get("components", {})
        self._schemas: dict[str, Json] = {}
        self._schemes: set[str] = set()

    def document(self) -> Json:
        whole = self._document
        paths = {path: self._path_item(item) for path, item in whole["paths"].items()}
        paths = {path: item for path, item in paths.items() if item}
        if not paths:
            raise ContractError(f"the document has no operation tagged {' or '.join(self._chosen)}")
        named: Json = {name: whole["info"][name] for name in ("title", "version")}
        cut: Json = {"openapi": whole["openapi"], "info": named}
        cut |= {name: _plain(whole[name]) for name in ("servers", "security") if name in whole}
        self._note_schemes(whole.get("security", []))
        order: Mapping[str, Any] = self._components.get("schemas", {})
        schemas = {name: self._schemas[name] for name in order if name in self._schemas}
        schemes = {
            name: _plain(scheme)
            for name, scheme in self._components.get("securitySchemes", {}).items()
            if name in self._schemes
        }
        for name in self._schemes - schemes.keys():
            raise ContractError(f"the security scheme {name!r} leads nowhere")
        parts = {"schemas": schemas, "securitySchemes": schemes}
        components = {name: part for name, part in parts.items() if part}
        return {
            **cut,
            "paths": paths,
            **({"components": components} if components else {}),
            "tags": [
                {"name": tag["name"]}
                for tag in whole.get("tags", [])
                if tag["name"] in self._chosen
            ],
        }

    def _path_item(self, item: Json) -> Json:
        if "$ref" in item:
            raise ContractError(f"a path that only refers is not supported: {item['$ref']}")
        kept: Json = {
            method: self._operation(operation)
            for method, operation in item.items()
            if method in METHODS and set(operation.get("tags", [])) & set(self._chosen)
        }
        if kept and "parameters" in item:
            kept["parameters"] = [self._parameter(part) for part in item["parameters"]]
        if kept and "servers" in item:
            kept["servers"] = _plain(item["servers"])
        return kept

    def _operation(self, operation: Json) -> Json:
        self._note_schemes(operation.get("security", []))
        parts: dict[str, Callable[[Any], Any]] = {
            "parameters": lambda value: [self._parameter(part) for part in value],
            "requestBody": self._request_body,
            "responses": lambda value: {code: self._response(part) for code, part in value.items()},
        }
        kept: Json = {}
        for name, value in operation.items():
            if name in parts:
                kept[name] = parts[name](value)
            # Callbacks are requests to the caller, which no client sends.
            elif name not in _PROSE | {"callbacks"} and not name.startswith("x-"):
                kept[name] = _plain(value)
        return kept

    def _parameter(self, parameter: Json) -> Json:
        return self._typed(self._resolved(parameter, "parameters"))

    def _request_body(self, body: Json) -> Json:
        body = self._resolved(body, "requestBodies")
        required: Json = {"required": body["required"]} if "required" in body else {}
        return {**required, "content": self._content(body["content"])}

    def _response(self, response: Json) -> Json:
        response = self._resolved(response, "responses")
        # A response must have a description; the empty one says nothing of upstream's.
        kept: Json = {"description": ""}
        if "headers" in response:
            kept["headers"] = {
                name: self._typed(self._resolved(header, "headers"))
                for name, header in response["headers"].items()
            }
        if "content" in response:
            kept["content"] = self._content(response["content"])
        return kept

    def _content(self, content: Json) -> Json:
        return {media_type: self._typed(media) for media_type, media in content.items()}

    def _typed(self, part: Json) -> Json:
        """A parameter, header or media type: plain facts, and a schema or a content."""
        kept: Json = {}
        for name, value in part.items():
            if name == "schema":
                kept[name] = self._schema(value)
            elif name == "content":
                kept[name] = self._content(value)
            elif name not in _PROSE and not name.startswith("x-"):
                kept[name] = _plain(value)
        return kept

    def _schema(self, schema: Any) -> Any:
        if is_array(schema):
            return [self._schema(part) for part in schema]
        if not is_object(schema):
            return schema
        kept: Json = {}
        for keyword, value in schema.items():
            if keyword in _PROSE or keyword.startswith("x-"):
                continue
            if keyword in _SCHEMAS_BY_NAME:
                kept[keyword] = {name: self._schema(part) for name, part in value.items()}
            elif keyword in _SCHEMAS:
                kept[keyword] = self._schema(value)
            elif keyword == "$ref":
                kept[keyword] = self._reference(value)
            elif keyword == "discriminator":
                kept[keyword] = self._discriminator(value)
            else:
                kept[keyword] = value
        return kept

    def _discriminator(self, discriminator: Json) -> Json:
        kept = {name: part for name, part in discriminator.items() if not name.startswith("x-")}
        if "mapping" in kept:
            kept["mapping"] = {
                value: self._reference(target if "/" in target else _SCHEMA + target)
                for value, target in kept["mapping"].items()
            }
        return kept

    def _reference(self, reference: str) -> str:
        """The reference to the schema that an alias stands for, which is taken along."""
        passed: list[str] = []
        name = self._schema_name(reference)
        while set(found := self._facts(name)) == {"$ref"}:
            passed.append(name)
            name = self._schema_name(found["$ref"])
            if name in passed:
                raise ContractError(f"the schema {name} is an alias of itself")
        if name not in self._schemas:
            # Noted before it is walked: schemas may refer to each other in a circle.
            self._schemas[name] = {}
            self._schemas[name] = self._schema(self._components["schemas"][name])
        return _SCHEMA + name

    def _schema_name(self, reference: str) -> str:
        name = reference.removeprefix(_SCHEMA)
        if name == reference or name not in self._components.get("schemas", {}):
            raise ContractError(f"the reference {reference} leads to no schema of the document")
        return name

    def _facts(self, name: str) -> Json:
        schema = self._components["schemas"][name]
        if not is_object(schema):
            return {}
        return {
            keyword: value
            for keyword, value in schema.items()
            if keyword not in _PROSE and not keyword.startswith("x-")
        }

    def _resolved(self, part: Json, kind: str) -> Json:
        """A part, or the shared one that it refers to."""
        passed: list[str] = []
        while "$ref" in part:
            reference = part["$ref"]
            name = reference.removeprefix(f"#/components/{kind}/")
            found = self._components.get(kind, {}).get(name)
            if name == reference or found is None or reference in passed:
                raise ContractError(f"the reference {reference} leads nowhere")
            passed.append(reference)
            part = found
        return part

    def _note_schemes(self, security: Iterable[Mapping[str, Any]]) -> None:
        self._schemes.update(name for requirement in security for name in requirement)


def _plain(value: Any) -> Any:
    """A value without prose and extensions, at any depth."""
    if is_array(value):
        return [_plain(part) for part in value]
    if not is_object(value):
        return value
    return {
        name: _plain(part)
        for name, part in value.items()
        if name not in _PROSE and not name.startswith("x-")
    }
