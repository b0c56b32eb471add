"""The contract: Friendli's facts with our overlay applied, checked before anything uses it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts.contract import overlay, yaml_documents
from scripts.contract.documents import ContractError, Json, operations

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = Path("openapi/friendli-images.yaml")
OVERLAY = Path("openapi/overlay.yaml")


def load(root: Path) -> Json:
    """The merged contract below `root`, in upstream's order; raises ContractError."""
    document = read(root / DOCUMENT)
    try:
        merged = overlay.apply(document, read(root / OVERLAY))
    except overlay.OverlayError as error:
        raise ContractError(f"{OVERLAY}: {error}") from error
    validate(merged)
    return merged


def read(path: Path) -> Json:
    """A YAML file that holds an object."""
    try:
        return yaml_documents.parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ContractError(f"{path}: cannot be read as YAML: {error}") from error
    except (OSError, ValueError) as error:
        raise ContractError(f"{path}: {error}") from error


def validate(document: Json) -> None:
    """Raises ContractError where a document is no OpenAPI or its examples break its schemas."""
    for problem in problems(document):
        raise ContractError(problem)


def problems(document: Json) -> Iterator[str]:
    """What is wrong with a document: as OpenAPI, or else with its examples."""
    try:
        error = next(OpenAPIV31SpecValidator(document).iter_errors(), None)
    # The validator takes a shape for granted that its own schema does not demand.
    except (AttributeError, KeyError, TypeError, ValueError) as failure:
        yield f"not valid OpenAPI 3.1: {failure!r}"
        return
    if error is not None:
        place = "/".join(str(part) for part in error.absolute_path)
        yield f"not valid OpenAPI 3.1: at {place or 'the top'}: {error.message}"
        return
    if not any(operations(document)):
        yield "the document has no operations"
    for path, method, _, operation in operations(document):
        if "operationId" not in operation:
            yield f"{method.upper()} {path}: has no operationId"
            continue
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [
            response.get("content", {}) for response in operation.get("responses", {}).values()
        ]
        for media in (media for content in contents for media in content.values()):
            yield from _broken_examples(media, operation["operationId"], document)


def validator(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Validator:
    """The jsonschema library's validator of a schema that refers into `document`."""
    # References start at the root of the schema, so the components are hung there.
    return Draft202012Validator({**schema, "components": document.get("components", {})})


def _broken_examples(media: Mapping[str, Any], name: str, document: Json) -> Iterator[str]:
    if "example" in media:
        for error in validator(media.get("schema", {}), document).iter_errors(media["example"]):
            shown = json.dumps(media["example"])[:100]
            yield f"{name}: the example {shown} breaks its schema: {error.message}"
