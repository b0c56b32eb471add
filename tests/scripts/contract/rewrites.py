"""Random rewrites of a document that change nothing but its spelling."""

import copy
from random import Random
from typing import Any

from friendli_facade._rules.json_types import is_array, is_object
from scripts.contract import documents
from scripts.contract.documents import Json

# What says nothing of values of a type.
_IDLE: dict[str, Json] = {
    "string": {"minLength": 0, "minItems": 3},
    "array": {"minItems": 0, "uniqueItems": False, "maxLength": 3},
    "object": {"minProperties": 0},
    "integer": {"multipleOf": 1, "pattern": "^a"},
}
_PLACES = ("default", "title", "description")


def rewritten(document: Json, random: Random) -> Json:
    """A copy of a canonical document that says the same in other words."""
    return _Rewrite(copy.deepcopy(document), random).document()


class _Rewrite:
    def __init__(self, document: Json, random: Random) -> None:
        self._document = document
        self._random = random
        self._components: Json = document["components"]
        self._named = dict(self._components["schemas"])

    def document(self) -> Json:
        whole = self._document
        for name, schema in self._named.items():
            self._components["schemas"][name] = self._facts(schema)
        for path, item in whole["paths"].items():
            for operation in item.values():
                self._operation(operation)
            self._path_item(item)
            if self._chance():
                whole["paths"][path] = self._shared("pathItems", item)
        self._security()
        self._servers()
        whole["openapi"] = self._random.choice(["3.1.0", "3.1.1"])
        for scheme in self._components["securitySchemes"].values():
            scheme["scheme"] = self._random.choice(["bearer", "Bearer"])
        made: Json = self._shuffled(whole)
        return made

    def _chance(self, likelihood: float = 0.3) -> bool:
        return self._random.random() < likelihood

    def _shared(self, kind: str, part: Json) -> Json:
        """A reference to a new shared part."""
        shared = self._components.setdefault(kind, {})
        name = f"Shared{len(shared)}"
        shared[name] = part
        return {"$ref": f"#/components/{kind}/{name}"}

    def _operation(self, operation: Json) -> None:
        operation["tags"] = self._mixed(operation["tags"] * self._random.choice([1, 2]))
        if self._chance():
            operation["deprecated"] = False
        parameters = [self._parameter(one) for one in operation.get("parameters", [])]
        if parameters:
            operation["parameters"] = parameters
        if self._chance():
            operation["callbacks"] = {}
        body = operation["requestBody"]
        body["content"] = self._content(body["content"])
        if self._chance():
            operation["requestBody"] = self._shared("requestBodies", body)
        for code, response in operation["responses"].items():
            if "content" in response:
                response["content"] = self._content(response["content"])
            for empty in ("headers", "links"):
                if self._chance():
                    response[empty] = {}
            if self._chance():
                operation["responses"][code] = self._shared("responses", response)

    def _parameter(self, parameter: Json) -> Json:
        parameter["schema"] = self._schema(parameter["schema"])
        written_out = {"style": "simple", "explode": False, "required": False, "deprecated": False}
        for name, value in written_out.items():
            if self._chance():
                parameter[name] = value
        header: str = parameter["name"]
        parameter["name"] = self._random.choice([header, header.upper(), header.lower()])
        return self._shared("parameters", parameter) if self._chance() else parameter

    def _content(self, content: Json) -> Json:
        written: Json = {}
        for name, media in content.items():
            spelling = self._random.choice(
                [name, name.upper(), f"{name}; charset=utf-8", f"{name};Charset=UTF-8"]
            )
            written[spelling] = {**media, "schema": self._schema(media["schema"])}
            if self._chance():
                written[spelling]["encoding"] = {}
        return written

    def _path_item(self, item: Json) -> None:
        """Says of the whole path what its operations say."""
        operations = list(item.values())
        for name in ("parameters", "servers"):
            said = [operation.get(name) for operation in operations]
            if said[0] and all(one == said[0] for one in said) and self._chance():
                for operation in operations:
                    del operation[name]
                item[name] = said[0]

    def _security(self) -> None:
        """Says of the whole document what some operations ask for, and of the others what not."""
        if self._chance(0.6):
            self._document["security"] = [{"token": []}]
            for operation in self._operations():
                nothing: list[Any] = self._random.choice([[], [{}]])
                asked = operation.pop("security", nothing)
                if asked != [{"token": []}] or self._chance():
                    operation["security"] = asked

    def _servers(self) -> None:
        holders = [self._document, *self._operations()]
        holders += [item for _, _, item, _ in documents.operations(self._resolved())]
        whole = [{"url": "https://api.friendli.ai"}]
        if self._chance(0.6):
            self._document["servers"] = whole
            for _, _, item, operation in documents.operations(self._resolved()):
                for holder in (operation, item):
                    if holder.get("servers") == whole and self._chance():
                        del holder["servers"]
        for holder in holders:
            if "servers" in holder and self._chance():
                holder["servers"] = [
                    {**server, "url": server["url"].rstrip("/") + "/"}
                    for server in holder["servers"] * self._random.choice([1, 2])
                ]

    def _resolved(self) -> Json:
        paths = {
            path: self._components["pathItems"][item["$ref"].rpartition("/")[2]]
            if "$ref" in item
            else item
            for path, item in self._document["paths"].items()
        }
        return {"paths": paths}

    def _operations(self) -> list[Json]:
        return [operation for *_, operation in documents.operations(self._resolved())]

    def _facts(self, schema: Json) -> Json:
        """A schema with other spellings inside, and with facts that say nothing."""
        written = dict(schema)
        if "properties" in schema:
            written["properties"] = {
                name: self._schema(part) for name, part in schema["properties"].items()
            }
            if self._chance():
                name = self._random.choice(["additionalProperties", "unevaluatedProperties"])
                written[name] = True if self._chance(0.5) else {}
        if "items" in schema:
            written["items"] = self._schema(schema["items"])
        for name in ("anyOf", "oneOf", "allOf"):
            if name in schema:
                written[name] = [self._schema(part) for part in schema[name]]
        idle = {**_IDLE.get(schema.get("type", ""), {}), "deprecated": False, "readOnly": False}
        return written | {name: value for name, value in idle.items() if self._chance(0.1)}

    def _schema(self, schema: Json) -> Json:
        """A schema in another spelling, its parts too."""
        written = self._facts(schema)
        ways = (
            self._types,
            self._values,
            self._bounds,
            self._unions,
            self._named_elsewhere,
            self._combined,
        )
        for way in self._random.sample(ways, len(ways)):
            if self._chance():
                written = way(written)
        return written

    def _types(self, schema: Json) -> Json:
        """A list of types for a union of types, and the other way round."""
        parts: list[Json] = schema.get("anyOf", [])
        plain = [part for part in parts if isinstance(part.get("type"), str)]
        if len(parts) == len(plain) == 2 and plain[-1] == {"type": "null"}:
            rest = {name: part for name, part in schema.items() if name != "anyOf"}
            merged = {**plain[0], **rest, "type": self._mixed([plain[0]["type"], "null"])}
            if "title" in plain[0]:
                return schema  # It is said of one of the two alone.
            if "enum" in plain[0]:
                merged["enum"] = self._mixed([*plain[0]["enum"], None])
            return merged
        if schema.get("type") == "number":
            return {**schema, "type": self._mixed(["integer", "number"])}
        return schema

    def _values(self, schema: Json) -> Json:
        """An enum in another order, without its type, or split; numbers with a fraction of zero."""
        if isinstance(schema.get("default"), int) and self._chance(0.5):
            schema = {**schema, "default": float(schema["default"])}
        if "enum" not in schema or schema.get("type") != "string":
            return schema
        rest = {name: part for name, part in schema.items() if name not in {"enum", "type"}}
        values = self._mixed(schema["enum"])
        match self._random.randrange(4):
            case 0:
                return {**rest, "enum": values}
            case 1:
                return {**rest, "oneOf": [{"const": value} for value in values]}
            case 2:
                half = len(values) // 2
                return {**rest, "anyOf": [{"enum": values[:half]}, {"enum": values[half:]}]}
            case _:
                return {**rest, "type": "string", "enum": values + values}

    def _bounds(self, schema: Json) -> Json:
        """Bounds of integers that leave themselves out, or lie between."""
        if schema.get("type") != "integer" or "minimum" not in schema:
            return schema
        rest = {name: part for name, part in schema.items() if name not in {"minimum", "maximum"}}
        least, most = schema["minimum"], schema.get("maximum", 50)
        return {**rest, "exclusiveMinimum": least - 1, "maximum": most + 0.5}

    def _unions(self, schema: Json) -> Json:
        """Parts of a union in another order, nested, or as a `oneOf` where they differ in type."""
        parts = schema.get("anyOf", [])
        types = [part.get("type") for part in parts]
        if len(parts) < 2:
            return schema
        rest = {name: part for name, part in schema.items() if name != "anyOf"}
        match self._random.randrange(4):
            case 0 if all(isinstance(one, str) for one in types) and len(set(types)) == len(types):
                return {**rest, "oneOf": self._mixed(parts)}
            case 1:
                return {**rest, "anyOf": [{"anyOf": parts[:1]}, {"anyOf": parts[1:]}]}
            case 2:
                return {**rest, "anyOf": [*parts, parts[0]]}
            case _:
                return {**rest, "anyOf": self._mixed(parts)}

    def _named_elsewhere(self, schema: Json) -> Json:
        """What is no object, under a name; or an object under a second name."""
        if schema.get("type") == "object":
            return schema
        return self._shared("schemas", schema)

    def _combined(self, schema: Json) -> Json:
        """Around the schema something that adds nothing, or its facts apart."""
        place: Json = {name: schema[name] for name in _PLACES if name in schema}
        rest = {name: part for name, part in schema.items() if name not in place}
        names = [name for name in rest if name not in {"type", "$ref"}]
        match self._random.randrange(4):
            case 0:
                return {"allOf": [schema]}
            case 1:
                return {"anyOf": [schema], **place}
            case 2 if len(names) == 1 and "type" in rest and "items" not in rest:
                apart = {names[0]: rest.pop(names[0])}
                return {"allOf": self._mixed([rest, apart]), **place}
            case _:
                return {**place, "oneOf": [rest]}

    def _mixed(self, values: list[Any]) -> list[Any]:
        return self._random.sample(values, len(values))

    def _shuffled(self, value: Any) -> Any:
        """A part with its keys in another order, at any depth."""
        if is_array(value):
            return [self._shuffled(part) for part in value]
        if not is_object(value):
            return value
        made: Json = {}
        for name, part in self._mixed(list(value.items())):
            if name == "required" and is_array(part):
                made[name] = self._mixed(list(part))
            else:
                # An example is shown as it is written.
                made[name] = part if name == "example" else self._shuffled(part)
        return made
