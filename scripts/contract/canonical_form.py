"""The canonical form of a contract: what says the same is written the same, byte for byte.

Made once, where a contract is read, so that nothing downstream knows of spellings: an operation
says itself what it takes (`servers`, `security` and `parameters`, its path item's and the
document's among them), every shared part but named objects stands where it is used, defaults of
OpenAPI are left out, names that know no case are written in one, and schemas are as
`canonical_schemas` says. What has an order for people alone is sorted: names by the alphabet,
keywords as one reads them. The order of servers, and of `prefixItems`, has a meaning, and stays.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from friendli_facade._rules.json_types import is_array, is_object
from scripts.contract.canonical_kinds import plain, text
from scripts.contract.canonical_schemas import Schemas
from scripts.contract.documents import (
    DATA,
    METHODS,
    NAMED,
    ContractError,
    Json,
    check_version,
    resolved,
    shaped,
)

# As one reads a document; what is not here comes after it.
_READING_ORDER = (
    *("openapi", "info", "title", "version", "tags", "name", "in", "operationId", "deprecated"),
    *("summary", "description", "servers", "url", "security", "paths", *METHODS, "parameters"),
    *("requestBody", "responses", "headers", "components", "schemas", "securitySchemes"),
    *("$ref", "type", "required", "style", "explode", "schema", "content", "scheme", "format"),
    *("anyOf", "oneOf", "allOf", "discriminator", "enum", "default", "minimum", "maximum"),
    *("properties", "items", "prefixItems", "additionalProperties", "example", "examples"),
)
_RANKS = {keyword: rank for rank, keyword in enumerate(_READING_ORDER)}
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
# What HTTP itself has to say; OpenAPI ignores parameters and headers of these names.
_NO_PARAMETERS = {"Accept", "Authorization", "Content-Type"}


def of(document: Mapping[str, Any]) -> Json:
    """The canonical form of a document; raises ContractError, a ShapeError where it is none."""
    check_version(document)
    with shaped():
        return dict(_ordered(_Contract(document).canonical()))


class _Contract:
    """One walk through a document, which notes the schemas and security schemes it meets."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._components: Mapping[str, Any] = document.get("components", {})
        self._schemas = Schemas(self._components.get("schemas", {}))
        self._used: list[Any] = []
        self._schemes: Json = {}

    def canonical(self) -> Json:
        whole = self._document
        paths = {path: self._path_item(path, item) for path, item in whole["paths"].items()}
        parts = {"schemas": self._schemas.referred(self._used), "securitySchemes": self._schemes}
        tags = {tag["name"]: tag for tag in whole.get("tags", ())}
        return {
            **{name: part for name, part in whole.items() if name not in {"security", "servers"}},
            "openapi": "3.1.0",
            "paths": {path: item for path, item in paths.items() if item},
            "components": {name: part for name, part in parts.items() if part},
            "tags": [tags[name] for name in sorted(tags)],
        }

    def _path_item(self, path: str, item: Mapping[str, Any]) -> Json:
        item = resolved(item, "pathItems", self._document)
        for method in METHODS:
            if method in item and not isinstance(item[method].get("operationId"), str):
                raise ContractError(f"{method.upper()} {path}: has no operationId")
        return {method: self._operation(item[method], item) for method in METHODS if method in item}

    def _operation(self, operation: Mapping[str, Any], item: Mapping[str, Any]) -> Json:
        holders = (operation, item, self._document)
        made: Json = {
            "tags": sorted(set(operation.get("tags", ()))),
            "servers": _servers(next((one["servers"] for one in holders if "servers" in one), ())),
            "security": self._security(
                next((one["security"] for one in holders if "security" in one), ())
            ),
            "parameters": self._parameters(item, operation),
            "responses": {
                str(code).upper() if code != "default" else code: self._response(response)
                for code, response in operation.get("responses", {}).items()
            },
        }
        if "requestBody" in operation:
            body = resolved(operation["requestBody"], "requestBodies", self._document)
            made["requestBody"] = {**body, "content": self._content(body["content"])}
            _drop_flags(made["requestBody"], "required")
        made = {**operation, **made}
        _drop_flags(made, "deprecated")
        # Callbacks are requests to the caller, which no client sends.
        idle = ("tags", "servers", "security", "parameters", "responses")
        return {
            name: part
            for name, part in made.items()
            if name != "callbacks" and not (name in idle and not part)
        }

    def _security(self, security: Iterable[Mapping[str, Any]]) -> list[Json]:
        """The alternatives of what is asked for; none where nothing is asked for at all."""
        found = {text(one): dict(one) for one in security}
        for name in (name for one in found.values() for name in one):
            schemes = self._components.get("securitySchemes", {})
            if name not in schemes:
                raise ContractError(f"the security scheme {name!r} leads nowhere")
            self._schemes[name] = _scheme(
                resolved(schemes[name], "securitySchemes", self._document)
            )
        if not any(found.values()):
            return []
        return [
            {name: sorted(set(scopes)) for name, scopes in found[key].items()}
            for key in sorted(found)
        ]

    def _parameters(self, item: Mapping[str, Any], operation: Mapping[str, Any]) -> list[Json]:
        found: dict[tuple[str, str], Json] = {}
        for part in (*item.get("parameters", ()), *operation.get("parameters", ())):
            parameter = self._parameter(resolved(part, "parameters", self._document))
            found[parameter["in"], parameter["name"]] = parameter
        return [
            found[place]
            for place in sorted(found)
            if not (place[0] == "header" and place[1] in _NO_PARAMETERS)
        ]

    def _parameter(self, parameter: Mapping[str, Any]) -> Json:
        made = self._typed(parameter)
        if made.get("in") == "header":
            made["name"] = _header(made["name"])
        style = made.setdefault("style", _STYLES.get(made.get("in", "header"), ""))
        if bool(made.get("explode", style == "form")) == (style == "form"):
            made.pop("explode", None)
        if style == _STYLES.get(made.get("in", "header")):
            del made["style"]
        _drop_flags(made, "required", "deprecated", "allowReserved", "allowEmptyValue")
        return made

    def _response(self, response: Mapping[str, Any]) -> Json:
        response = resolved(response, "responses", self._document)
        made: Json = {"description": "", **response}
        made.pop("links", None)
        headers = {
            _header(name): self._parameter(resolved(header, "headers", self._document))
            for name, header in response.get("headers", {}).items()
            if _header(name) not in _NO_PARAMETERS
        }
        parts = {"headers": headers, "content": self._content(response.get("content", {}))}
        for name, part in parts.items():
            made.pop(name, None)
            if part:
                made[name] = part
        return made

    def _content(self, content: Mapping[str, Any]) -> Json:
        return {_media_type(name): self._typed(media) for name, media in content.items()}

    def _typed(self, part: Mapping[str, Any]) -> Json:
        """A parameter, header or media type: plain facts, and a schema or a content."""
        made = dict(part)
        if "schema" in made:
            made["schema"] = self._schemas.canonical(made["schema"])
            self._used.append(made["schema"])
        if "content" in made:
            made["content"] = self._content(made["content"])
        encoding = {name: rules for name, rules in made.pop("encoding", {}).items() if rules}
        return {**made, "encoding": encoding} if encoding else made


def _servers(servers: Iterable[Mapping[str, Any]]) -> list[Json]:
    """Each server once, in order; none where it is what OpenAPI takes for granted."""
    found: dict[str, Json] = {}
    for server in servers:
        url = server["url"].rstrip("/")
        found.setdefault(url, {**server, "url": url})
    return [] if [*found] == [""] else [*found.values()]


def _scheme(scheme: Mapping[str, Any]) -> Json:
    made = {name: part for name, part in scheme.items() if name != "bearerFormat"}
    if made.get("type") == "http":
        made["scheme"] = made["scheme"].lower()
    if made.get("type") == "apiKey" and made.get("in") == "header":
        made["name"] = _header(made["name"])
    return made


def _header(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _media_type(name: str) -> str:
    essence, *parameters = (part.strip() for part in name.split(";"))
    kept = [part for part in parameters if part.lower() != "charset=utf-8"]
    return ";".join((essence.lower(), *kept))


def _drop_flags(part: Json, *names: str) -> None:
    """Takes out flags that say no, which is what OpenAPI takes for granted."""
    for name in names:
        if not part.get(name, True):
            del part[name]


def _ordered(value: Any, *, by_name: bool = False) -> Any:
    """A part of a document with its keys in order: as one reads them, or by the alphabet."""
    if is_array(value):
        return [_ordered(part) for part in value]
    if not is_object(value):
        return value
    ranks = {} if by_name else _RANKS
    made: Json = {}
    for key in sorted(value, key=lambda key: (ranks.get(key, len(_RANKS)), key)):
        if by_name or key not in DATA:
            made[key] = _ordered(value[key], by_name=not by_name and key in NAMED)
        else:
            # An example is for people, who may order it as they like.
            made[key] = value[key] if key in {"example", "examples"} else plain(value[key])
    return made
