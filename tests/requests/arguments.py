"""Draws argument sets from the contract, right and wrong, and says which are which.

The second opinion on the facade's checks: schemas are judged by the jsonschema library, and
the handwritten rules are stated here once more, in other words.
"""

import base64
import io
import json
import math
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, TypeGuard

import attrs
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from PIL import Image

from tests.samples import JPEG, PNG_BASE64

DOCUMENT: dict[str, Any] = json.loads((files("friendli_api") / "openapi.json").read_text("utf-8"))

_NOT_BASE64_OF_A_PICTURE = base64.b64encode(b"no picture at all").decode()
IMAGES: st.SearchStrategy[Any] = st.sampled_from(
    [
        "https://example.com/cat.png",
        "HTTP://example.com",
        PNG_BASE64,
        "data:image/png;base64," + PNG_BASE64,
        "data:image/jpeg;base64," + base64.b64encode(JPEG).decode(),
        {"image": "https://example.com/cat.png"},
        {"image": "@/anything goes here"},
        {"image": PNG_BASE64, "further": [1]},
    ]
)
WRONG_IMAGES: st.SearchStrategy[Any] = st.sampled_from(
    [
        "cat.png",
        "/tmp/cat.png",
        "https://",
        "https://exa mple.com/",
        "ftp://example.com/cat.png",
        "",
        "not base64!",
        _NOT_BASE64_OF_A_PICTURE,
        PNG_BASE64[:-3],
        "data:text/plain;base64," + PNG_BASE64,
        "data:image/png," + PNG_BASE64,
        "data:image/png;base64,???",
        {},
        {"image": 5},
        {"image": None},
        {"image": "\ud800"},
        5,
        None,
        [],
        2.5,
    ]
)
WRONG_TYPES: st.SearchStrategy[Any] = st.sampled_from(
    [True, "20", 1, 1.5, [], {}, None, ["a"], [None], object(), b"x"]
)


@attrs.frozen
class Operation:
    """One operation of the contract, and where the facade has it."""

    name: str
    surface: str
    method: str
    path: str
    schema: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Any]:
        """The body's fields, each with its schema."""
        properties: Mapping[str, Any] = self.schema["properties"]
        return properties

    def validator(self) -> Validator:
        """The jsonschema library's opinion of a body."""
        return Draft202012Validator({**self.schema, "components": DOCUMENT["components"]})


def operations() -> list[Operation]:
    """Every operation of the contract."""
    found: list[Operation] = []
    for path, item in DOCUMENT["paths"].items():
        operation = item["post"]
        surface, verb = operation["operationId"].split("Images")
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        schema = DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]
        found.append(Operation(operation["operationId"], surface, verb.lower(), path, schema))
    return found


@st.composite
def argument_sets(draw: st.DrawFn, operation: Operation) -> dict[str, Any]:
    """Keyword arguments: half of the sets right in each argument, the others wrong in a few."""
    wrong: set[str] = set()
    if draw(st.booleans()):
        wrong = draw(st.sets(st.sampled_from(sorted(operation.properties)), min_size=1, max_size=3))
    chosen: dict[str, Any] = {}
    for name, schema in operation.properties.items():
        required = name in operation.schema["required"]
        if name in wrong:
            if draw(st.integers(0, 9)):
                chosen[name] = draw(_wrong(schema))
        elif required or draw(st.booleans()):
            chosen[name] = draw(_right(schema))
    images = chosen.get("control_images")
    if _is_list(images) and "controlnet_weights" in chosen and draw(st.integers(0, 3)):
        count = len(images)
        chosen["controlnet_weights"] = draw(st.lists(_weights, min_size=count, max_size=count))
    elif "control_images" not in chosen and draw(st.integers(0, 3)):
        chosen.pop("controlnet_weights", None)
    return chosen


_weights = st.sampled_from([0, 1, 0.0, 1.0, 0.5])


def _branches(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    branches: list[Mapping[str, Any]] = schema.get("anyOf", [schema])
    return branches


def _right(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    return st.one_of([_of_branch(branch) for branch in _branches(schema)])


def _of_branch(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return IMAGES
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    low, high = schema.get("minimum"), schema.get("maximum")
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(low, high),
        "number": st.floats(low, high, allow_nan=False, allow_infinity=False) | st.integers(0, 1),
        "string": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
        "null": st.none(),
    }
    if schema["type"] == "array":
        return st.lists(_of_branch(schema["items"]), min_size=1, max_size=3)
    if schema["type"] == "integer" and low is not None:
        return kinds["integer"] | st.sampled_from([low, high, 10.0])
    return kinds[schema["type"]]


def _wrong(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    choices: list[st.SearchStrategy[Any]] = [WRONG_TYPES]
    for branch in _branches(schema):
        low, high = branch.get("minimum"), branch.get("maximum")
        past: list[Any] = []
        match branch.get("type", "image"):
            case "image":
                choices.append(WRONG_IMAGES)
            case "integer":
                past = [low - 1, high + 1, low - 0.5] if low is not None and high else [0.5]
                choices.append(st.sampled_from(past))
            case "number":
                past = [math.nan, math.inf, -math.inf]
                if low is not None and high is not None:
                    past += [math.nextafter(low, -1), math.nextafter(high, 2), -1, 2]
                choices.append(st.sampled_from(past))
            case "string":
                choices.append(st.sampled_from(["", "\ud800", "gif", "URL", "text \udfff"]))
            case "array":
                items = st.one_of(_wrong(branch["items"]), _of_branch(branch["items"]))
                choices.append(st.lists(items, max_size=3))
            case _:
                pass
    return st.one_of(choices)


def judged(operation: Operation, arguments: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The body to expect for given arguments, and the names of those that are wrong."""
    body: dict[str, Any] = {}
    wrong: set[str] = set()
    for name, value in arguments.items():
        schema = operation.properties[name]
        nullable = any(branch.get("type") == "null" for branch in _branches(schema))
        if value is None and not nullable and name not in operation.schema["required"]:
            continue
        body[name] = value
        if name in {"image", "control_images"} and not (value is None and nullable):
            try:
                body[name] = _wire_images(value, list_only=name == "control_images")
            except ValueError:
                wrong.add(name)
                del body[name]
    for error in operation.validator().iter_errors(body):
        where = list(error.absolute_path)
        missing = [name for name in operation.schema["required"] if name not in body]
        wrong.update([str(where[0])] if where else missing)
    wrong.update(name for name, value in body.items() if not _encodable(value))
    wrong.update(name for name in ("prompt", "model") if body.get(name) == "")
    weights: Any = body.get("controlnet_weights")
    images: Any = arguments.get("control_images")
    # How many weights there should be can be said of a list with pictures, or of none at all.
    if _is_list(weights) and (images is None or (images and _is_list(images))):
        wrong.update({"controlnet_weights"} if len(weights) != len(images or "") else ())
        wrong.update({"controlnet_weights"} if images is None else ())
    return body, wrong


def _wire_images(value: Any, *, list_only: bool) -> Any:
    if _is_list(value):
        if not value:
            raise ValueError("empty")
        return [_wire_image(one) for one in value]
    if list_only:
        raise ValueError("no list")
    return _wire_image(value)


def _wire_image(value: Any) -> Any:
    if _is_dict(value):
        if "image" not in value:
            raise ValueError("no image")
        return value
    if not isinstance(value, str):
        raise ValueError("no picture")
    if not re.fullmatch(r"(?i)https?://[\w.]+(/\S*)?", value):
        content = value
        if value.startswith("data:"):
            found = re.fullmatch(r"data:image/\w+;base64,(.*)", value)
            if not found:
                raise ValueError("no data URL")
            content = found[1]
        try:
            Image.open(io.BytesIO(base64.b64decode(content, validate=True)))
        except (OSError, ValueError) as error:
            raise ValueError("no picture") from error
    return {"image": value}


def _encodable(value: Any) -> bool:
    """Whether Python writes `value` as JSON that every JSON parser reads."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, TypeError):
        return False
    return True


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _is_dict(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)
