"""Whether a document is OpenAPI and its examples keep to its schemas, and what is wrong if not."""

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.exceptions import Unresolvable

from scripts.contract.documents import ContractError, ShapeError, operations


class _NoRetrieval(dict[str, Any]):
    """What knows how to retrieve any kind of URL: not at all."""

    def __contains__(self, scheme: object) -> bool:
        return True

    def __getitem__(self, scheme: str) -> Any:
        raise ValueError("what a $ref names must be in the document")


class _SpecValidator(OpenAPIV31SpecValidator):
    """The library's, which follows a `$ref` wherever it stands, but to no other machine or file."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.resolver_handlers = _NoRetrieval()
        super().__init__(dict(document))


def validate(document: Mapping[str, Any]) -> None:
    """Raises ContractError where a document is no OpenAPI or its examples break its schemas."""
    for problem in problems(document):
        raise ContractError(problem)


@contextmanager
def explained(document: Mapping[str, Any]) -> Generator[None]:
    """Says of a document that has not the shape of OpenAPI what the validator finds wrong."""
    try:
        yield
    except ShapeError:
        validate(document)
        raise


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a document: as OpenAPI, or else with its examples."""
    try:
        error = next(_SpecValidator(document).iter_errors(), None)
    except Unresolvable as failure:
        yield f"not valid OpenAPI 3.1: the reference {failure.ref} leads to nothing in the document"
        return
    # The validator takes a shape for granted that its own schema does not demand, and follows a
    # schema that contains itself for ever.
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as failure:
        yield f"not valid OpenAPI 3.1: {failure!r}"
        return
    if error is not None:
        place = "/".join(str(part) for part in error.absolute_path)
        yield f"not valid OpenAPI 3.1: at {place or 'the top'}: {error.message}"
        return
    if not any(operations(document)):
        yield "the document has no operations"
    for *_, operation in operations(document):
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [
            response.get("content", {}) for response in operation.get("responses", {}).values()
        ]
        for media in (media for content in contents for media in content.values()):
            yield from _broken_examples(media, operation["operationId"], document)


def validator(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Validator:
    """The jsonschema library's validator of a schema that refers into `document`."""
    # References start at the root of the schema, so the components are hung there.
    whole = {**schema, "components": document.get("components", {})}
    # The library's own registry would go and fetch what a reference names.
    return Draft202012Validator(whole, registry=Registry())


def _broken_examples(
    media: Mapping[str, Any], name: str, document: Mapping[str, Any]
) -> Iterator[str]:
    if "example" in media:
        for error in validator(media.get("schema", {}), document).iter_errors(media["example"]):
            shown = json.dumps(media["example"])[:100]
            yield f"{name}: the example {shown} breaks its schema: {error.message}"
