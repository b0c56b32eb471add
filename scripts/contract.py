"""The contract: Friendli's facts with our overlay applied, checked before anything uses it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from friendli_facade.keywords import is_object
from scripts import overlay

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = Path("openapi/friendli-images.yaml")
OVERLAY = Path("openapi/overlay.yaml")

Json = dict[str, Any]


class ContractError(Exception):
    """A contract from which no client can be generated, and why."""


def load(root: Path) -> Json:
    """The merged contract below `root`, in upstream's order; raises ContractError."""
    document = read(root / DOCUMENT)
    try:
        merged = overlay.apply(document, read(root / OVERLAY))
    except overlay.OverlayError as error:
        raise ContractError(f"{OVERLAY}: {error}") from error
    validate(merged)
    return merged


class _Loader(yaml.CSafeLoader):
    """YAML in which a key that stands twice is an error, as its specification says."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path: Path) -> Json:
    """A YAML file that holds an object."""
    try:
        content: object = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContractError(f"{path}: cannot be read as YAML: {error}") from error
    if not is_object(content) or not content:
        raise ContractError(f"{path}: is empty, or not an object")
    try:
        # As JSON has it: the keys are text, and no date, infinity or alias is left.
        return dict(json.loads(json.dumps(content, allow_nan=False)))
    except (TypeError, ValueError) as error:
        raise ContractError(f"{path}: holds what JSON cannot: {error}") from error


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Json, Json]]:
    """Path, method, path item and operation of each operation."""
    for path, item in document.get("paths", {}).items():
        for method in ("get", "put", "post", "delete", "options", "head", "patch", "trace"):
            if method in item:
                yield path, method, item, item[method]


def validate(document: Json) -> None:
    """Raises ContractError where a document is no OpenAPI or its examples break its schemas."""
    for error in OpenAPIV31SpecValidator(document).iter_errors():
        place = "/".join(str(part) for part in error.absolute_path)
        raise ContractError(f"not valid OpenAPI 3.1: at {place or 'the top'}: {error.message}")
    if not any(operations(document)):
        raise ContractError("the document has no operations")
    for path, method, _, operation in operations(document):
        if "operationId" not in operation:
            raise ContractError(f"{method.upper()} {path}: has no operationId")
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [response.get("content", {}) for response in operation["responses"].values()]
        for media in (media for content in contents for media in content.values()):
            _validate_example(media, operation["operationId"], document)


def validator(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Validator:
    """The jsonschema library's validator of a schema that refers into `document`."""
    # References start at the root of the schema, so the components are hung there.
    return Draft202012Validator({**schema, "components": document.get("components", {})})


def _validate_example(media: Mapping[str, Any], name: str, document: Json) -> None:
    if "example" in media:
        for error in validator(media.get("schema", {}), document).iter_errors(media["example"]):
            shown = json.dumps(media["example"])[:100]
            raise ContractError(f"{name}: the example {shown} breaks its schema: {error.message}")
