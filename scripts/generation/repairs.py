"""What a generated client could not read or send, found by its shape, as actions of an overlay.

The one place that says so: an overlay that is written for other operations begins with these, and
a contract whose overlay lacks one is refused.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from friendli_facade._rules.json_types import is_object
from scripts.contract.documents import Json, operations
from scripts.contract.overlay import count

# A header cannot be null: it is sent, or it is left out.
_NULL_HEADERS = "$.paths..parameters[?@.in=='header'].schema.anyOf[?@.type=='null']"
_FORM = "multipart/form-data"
_BINARY = "binary"
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def of(document: Json) -> list[Json]:
    """The actions that a document in canonical form still needs; none where it needs none."""
    texts, forms = _Walk(document).found()
    # JSON and URLs have no bytes: what is there is text, base64 or not.
    actions: list[Json] = [{"target": f"{place}.format", "remove": True} for place in texts]
    # A part of a form cannot be null, as a header cannot; it would be sent as the text `None`.
    nulls = [f"{place}.properties[*].anyOf[?@.type=='null']" for place in forms]
    for target in (_NULL_HEADERS, *nulls):
        if fits := count(document, target):
            known = {"x-fits": fits} if fits > 1 else {}
            actions.append({"target": target, **known, "remove": True})
    return actions


def below(place: str, name: str) -> str:
    """The JSONPath of a part of what stands at a JSONPath."""
    return f"{place}.{name}" if _NAME.fullmatch(name) else f"{place}[{_quoted(name)}]"


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


class _Walk:
    """A walk through all operations, which passes each named schema once."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._schemas: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
        self._passed: set[str] = set()

    def found(self) -> tuple[list[str], list[str]]:
        """The places of bytes where none can be, and of the schemas of forms."""
        texts: list[str] = []
        forms: dict[str, Any] = {}
        for path, method, _, operation in operations(self._document):
            place = below(below("$.paths", path), method)
            for media_type, where, media in _media(operation, place):
                if media_type == _FORM:
                    forms |= dict([self._referred(media.get("schema", {}), f"{where}.schema")])
                elif "json" in media_type or media_type.startswith("text/"):
                    texts += self._bytes(media.get("schema"), f"{where}.schema")
        # A schema that is sent as JSON too is JSON's.
        forms = {
            where: form for where, form in forms.items() if where not in map(_named, self._passed)
        }
        for where, form in forms.items():
            texts += self._parts(form, where)
        return texts, list(forms)

    def _referred(self, schema: Any, place: str) -> tuple[str, Any]:
        if not is_object(schema) or "$ref" not in schema:
            return place, schema if is_object(schema) else {}
        name = schema["$ref"].rpartition("/")[2]
        return _named(name), self._schemas[name]

    def _parts(self, form: Any, place: str) -> Iterator[str]:
        """Bytes in the JSON that parts of a form are; a part itself may be a file, or several."""
        for name, part in form.get("properties", {}).items():
            where = below(f"{place}.properties", name)
            files = [
                one["items"] if one.get("type") == "array" else one
                for one in (part.get("anyOf", [part]) if is_object(part) else ())
            ]
            if not any(map(_is_binary, files)):
                yield from self._bytes(part, where)

    def _bytes(self, schema: Any, place: str) -> Iterator[str]:
        if not is_object(schema):
            return
        if _is_binary(schema):
            yield place
        for keyword, value in schema.items():
            if keyword == "$ref":
                name = value.rpartition("/")[2]
                if name not in self._passed:
                    self._passed.add(name)
                    yield from self._bytes(self._schemas[name], _named(name))
            elif keyword in {"properties", "patternProperties"}:
                for name, part in value.items():
                    yield from self._bytes(part, below(f"{place}.{keyword}", name))
            elif keyword in {"anyOf", "oneOf", "allOf", "prefixItems"}:
                for index, part in enumerate(value):
                    step = f"?@.format=='{_BINARY}'" if _is_binary(part) else index
                    yield from self._bytes(part, f"{place}.{keyword}[{step}]")
            elif keyword in {"items", "additionalProperties"}:
                yield from self._bytes(value, f"{place}.{keyword}")


def _is_binary(schema: Any) -> bool:
    return is_object(schema) and schema.get("format") == _BINARY


def _named(name: str) -> str:
    return below("$.components.schemas", name)


def _media(operation: Json, place: str) -> Iterator[tuple[str, str, Json]]:
    """What an operation sends and gets: media type, place, and what is said of it."""
    for parameter in operation.get("parameters", ()):
        # What a URL or a header holds is text as well.
        which = f"?@.in=='{parameter['in']}'&&@.name=={_quoted(parameter['name'])}"
        yield "text/plain", f"{place}.parameters[{which}]", parameter
    contents = {"requestBody": operation.get("requestBody", {})}
    contents |= {
        below("responses", code): one for code, one in operation.get("responses", {}).items()
    }
    for name, holder in contents.items():
        for media_type, media in holder.get("content", {}).items():
            yield media_type, below(f"{place}.{name}.content", media_type), media
