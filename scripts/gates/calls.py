"""The gate between contract and client: calls as they are made, and answers as they are read.

A call sends every argument, and the credentials that the contract asks for; every answer that
the contract allows becomes a result in which all of it stands under its own name.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx

from friendli_facade import FriendliError, SyncFriendli
from friendli_facade._rules.json_types import is_array, is_object
from friendli_facade._rules.violations import shortened
from scripts.contract.documents import Json, operations
from scripts.contract.sample_values import PICTURE, Values
from scripts.generation import arguments, rules

_PICTURE = {"$ref": "#/components/schemas/ImageInput"}
_TOKEN = "token"  # noqa: S105
_CREDENTIALS = "mend friendli_facade/_requests/ and friendli_facade/_delivery/, which send a token"
_ARGUMENTS = "mend friendli_facade/_requests/calls.py"
_RESULTS = "mend friendli_facade/_answers/results.py"


def problems(document: Json) -> list[str]:
    """What the client does not send, or not read, of a contract; empty where it does it all."""
    answered = _answered(document)
    values = Values(answered)
    both = zip(operations(document), operations(answered), strict=True)
    return list(
        dict.fromkeys(
            problem
            for (*_, operation), (*_, answering) in both
            for problem in _Calls(document, operation).problems(
                values.variety(rules.answer(answering)[1])
            )
        )
    )


class _Calls:
    """Calls of one operation, with all of its arguments."""

    def __init__(self, document: Json, operation: Json) -> None:
        self._document = document
        self._operation = operation
        self._name: str = operation["operationId"]
        self._values = Values(document)
        self._fields = arguments.of_operation(document, operation)

    def problems(self, answers: Iterable[Any]) -> Iterator[str]:
        """What is wrong with the call, and with the reading of each answer."""
        sent: list[httpx.Request] = []
        for answer in answers:
            try:
                result = self._result(answer, sent)
            except (FriendliError, AttributeError, LookupError, TypeError, ValueError) as error:
                if sent:
                    yield self._unread(answer, error)
                    continue
                # What the client has no method or argument for, the gate of signatures names.
                if not isinstance(error, AttributeError | TypeError):
                    yield f"{self._name}: a call with every argument is refused ({error})"
                return
            else:
                for problem in _unlike(answer, result, "the answer"):
                    yield f"{self._name}: {problem}: {_RESULTS}"
        yield from self._unsent(sent[0])

    def _result(self, answer: Any, sent: list[httpx.Request]) -> Any:
        def respond(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            return httpx.Response(200, json=answer)

        surface, _, name = arguments.function_name(self._name).partition(".")
        with (
            httpx.Client(transport=httpx.MockTransport(respond)) as http,
            SyncFriendli(token=_TOKEN, server_url="http://localhost", http_client=http) as friendli,
        ):
            method = getattr(getattr(friendli, surface).image, name)
            return method(**{name: self._given(field) for name, field in self._fields.items()})

    def _given(self, field: arguments.Field) -> Any:
        """A value of an argument; where the contract has a picture, that of a caller."""
        parts: list[Any] = field.schema.get("anyOf", [field.schema])
        if _PICTURE in parts:
            return PICTURE
        if any(part.get("items") == _PICTURE for part in parts):
            return [PICTURE]
        return next(self._values.variety(field.schema))

    def _unsent(self, request: httpx.Request) -> Iterator[str]:
        headers, body = request.headers, json.loads(request.content or "{}")
        for header in self._operation.get("parameters", ()):
            name = header["name"]
            expected = self._given(self._fields[arguments.argument_name(name)])
            if header["in"] != "header" or headers.get(name) != str(expected):
                yield f"{self._name}: {header['in']} parameter {name} is not sent: {_ARGUMENTS}"
        for name, field in self._fields.items():
            given = self._given(field)
            pictured = given in (PICTURE, [PICTURE])
            if field.in_body and (name not in body if pictured else body.get(name) != given):
                yield f"{self._name}: `{name}` is not sent: {_ARGUMENTS}"
        if rules.needs_token(self._operation) and not any(
            self._has(requirement, request) for requirement in self._operation["security"]
        ):
            schemes = self._document["components"]["securitySchemes"]
            asked = " or ".join(
                json.dumps({name: schemes[name] for name in requirement})
                for requirement in self._operation["security"]
            )
            yield f"{self._name}: asks for {asked}, and that is not what is sent: {_CREDENTIALS}"

    def _has(self, requirement: Mapping[str, Any], request: httpx.Request) -> bool:
        """Whether a request carries what one alternative of the security asks for."""
        for name, scopes in requirement.items():
            scheme: Json = self._document["components"]["securitySchemes"][name]
            match scheme:
                case {"type": "http", "scheme": "bearer"}:
                    has = request.headers.get("Authorization") == f"Bearer {_TOKEN}"
                case {"type": "apiKey", "in": "header", "name": header}:
                    has = request.headers.get(header) == _TOKEN
                case _:
                    has = False
            # A scope is a right of the token's that nobody here knows of.
            if not has or scopes:
                return False
        return True

    def _unread(self, answer: Any, error: Exception) -> str:
        shown = shortened(answer)
        return f"{self._name}: the answer {shown} is not read ({error!r}): {_RESULTS}"


def _answered(part: Any) -> Any:
    """A part of a document without the fields that are only sent."""
    if is_array(part):
        return [_answered(one) for one in part]
    if not is_object(part):
        return part
    made = {name: _answered(value) for name, value in part.items()}
    fields = made.get("properties")
    if is_object(fields):
        sent = {name for name, one in fields.items() if is_object(one) and one.get("writeOnly")}
        made["properties"] = {name: one for name, one in fields.items() if name not in sent}
        if is_array(made.get("required")):
            made["required"] = [name for name in made["required"] if name not in sent]
    return made


def _unlike(answer: Any, result: Any, path: str) -> Iterator[str]:
    """Where a result has not what the answer has."""
    if is_object(answer):
        for name, value in answer.items():
            if hasattr(result, name):
                yield from _unlike(value, getattr(result, name), f"{path}'s {name}")
            else:
                yield f"{path} has `{name}`, and its result has not"
        for image in getattr(result, "images", ()):
            if image.url is None and image.b64_json is None:
                yield f"{path} may have no picture, and its result has one that cannot be read"
    elif is_array(answer):
        if len(answer) != len(result):
            yield f"{path} has {len(answer)} entries, and its result has {len(result)}"
        for part, entry in zip(answer, result, strict=False):
            yield from _unlike(part, entry, path)
    elif answer != result:
        yield f"{path} may be {shortened(answer)}, and its result says {shortened(result)}"
