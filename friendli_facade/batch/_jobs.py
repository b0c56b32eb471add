"""From a job to what would be sent: checked in full, with a key, before anything is."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from inspect import Parameter, signature
from typing import Any, cast

import attrs

from friendli_facade._inputs import local_pictures, pillow
from friendli_facade._inputs.pictures import Picture
from friendli_facade._inputs.reading import ChangedError
from friendli_facade._language import threads
from friendli_facade._requests import calls
from friendli_facade._requests.calls import Call
from friendli_facade._rules.json_types import is_array, is_object, one_spelling
from friendli_facade._rules.violations import Violation, reason, refusals, shortened
from friendli_facade._sender import AsyncSender, SyncSender
from friendli_facade.errors import ValidationError
from friendli_facade.utils import UNSET, RetryConfig

_LONGEST = 1_000  # characters of a key
_MOST = 10**_LONGEST  # and an integer has no more digits: Python refuses to write very many
_SHORT = 200  # characters of a picture's text that go into the ledger as they are
_SECRET = re.compile("[@?#]")  # in a URL: before or after these, there may be a secret


class _Listener:
    """Stands where a sender does, and says what it was told to send."""

    def send(self, _kind: type, operation: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
        return operation, arguments


class _AsyncListener:
    """The same, to be awaited."""

    async def send(
        self, _kind: type, operation: str, **arguments: Any
    ) -> tuple[str, dict[str, Any]]:
        return operation, arguments


class Method:
    """A client's method, called and looked into.

    Args:
        method: As in `friendli.container.image.generate`, or a `functools.partial` of it.
    """

    def __init__(self, method: Callable[..., Any]) -> None:
        self._given, called = _parted(method)
        resource: Any = getattr(called, "__self__", None)
        sender = getattr(resource, "_sender", None)
        if not isinstance(sender, SyncSender | AsyncSender):
            rule = "must be a method of a client, as friendli.container.image.generate is"
            raise ValidationError([Violation("method", rule, shortened(method))])
        self.is_async = isinstance(sender, AsyncSender)
        self._method = called
        self._sender = sender
        listener = _AsyncListener() if self.is_async else _Listener()
        self._listening = getattr(type(resource)(listener), called.__name__)
        parameters = signature(called).parameters.values()
        self.names = {one.name for one in parameters}
        found = self._unknown(self._given)
        self._given = {name: _read_once(name, one, found) for name, one in self._given.items()}
        if found:
            raise ValidationError(found)
        self._required = {one.name: UNSET for one in parameters if one.default is Parameter.empty}
        self.operation = self._listen(self._required)[0]

    def call(self, arguments: Mapping[str, Any]) -> Any:
        """What the method gives: a result, or an awaitable of it."""
        return self._method(**arguments)

    def with_given(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments of a job, with those that all have in common."""
        return {**self._given, **arguments}

    def _unknown(self, arguments: Mapping[str, Any]) -> list[Violation]:
        rule = f"is no argument of {self._method.__name__}"
        return [Violation(shortened(name), rule) for name in arguments if name not in self.names]

    async def described(self, arguments: Mapping[str, Any]) -> tuple[Call, RetryConfig]:
        """The call with these arguments, and how it is repeated; raises ValidationError."""
        found = self._unknown(arguments)
        found += [
            Violation(name, "is required") for name in self._required if name not in arguments
        ]
        if found:
            raise ValidationError(found)
        operation, chosen = self._listen(arguments)
        call = calls.describe(operation, chosen)
        if not call.inputs.is_read:
            await threads.run(call.inputs.read, abandon_on_cancel=True)
        return call, self._sender.prepare(call).retries

    def _listen(self, arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        said: Any = self._listening(**arguments)
        if not self.is_async:
            return cast("tuple[str, dict[str, Any]]", said)
        try:
            said.send(None)
        except StopIteration as end:
            return cast("tuple[str, dict[str, Any]]", end.value)
        raise AssertionError


def _parted(method: object) -> tuple[Mapping[str, Any], Any]:
    """What partials have given a method already, and the method."""
    given: dict[str, Any] = {}
    while isinstance(method, partial):
        outer = cast("Any", method)
        if outer.args:
            break
        given, method = {**outer.keywords, **given}, outer.func
    return given, cast("Any", method)


def _read_once(argument: str, value: Any, found: list[Violation]) -> Any:
    """What a partial has given, for any number of jobs: a file object has its bytes only once.

    What is wrong with it comes to `found`.
    """
    if isinstance(value, list | tuple):
        several = enumerate(cast("list[Any]", value))
        return [_source(f"{argument}[{n}]", one, found) for n, one in several]
    return _source(argument, value, found)


def _source(argument: str, value: Any, found: list[Violation]) -> Any:
    with refusals(argument, value, found):
        if callable(getattr(value, "read", None)) or pillow.is_image(value):
            return local_pictures.picture(argument, value).source
    return value


@attrs.frozen
class Checked:
    """A job that may be sent."""

    key: str
    arguments: Mapping[str, Any] = attrs.field(repr=False)
    operation: str
    recorded: str  # its arguments as the ledger has them: JSON, without pictures
    retries: RetryConfig
    is_own_key: bool


def keyed(job: object, number: int) -> tuple[str | None, Mapping[str, Any]]:
    """A job's own key, if it has one, and its arguments; raises ValidationError."""
    if not isinstance(job, Mapping):
        rule = "must be a mapping of arguments to values"
        raise ValidationError([Violation(f"job {number}", rule, shortened(job))])
    try:
        arguments = dict(cast("Mapping[str, Any]", job))
    except Exception as error:  # a mapping of the caller's own
        rule = f"must be a mapping that can be read ({reason(error)})"
        raise ValidationError([Violation(f"job {number}", rule)]) from error
    key: object = arguments.pop("key", None)
    if isinstance(key, int) and not isinstance(key, bool) and abs(key) < _MOST:
        key = str(key)
    if key is None or (isinstance(key, str) and _is_key(key)):
        return key, arguments
    rule = f"must be an integer, or a text of 1 to {_LONGEST} characters"
    raise ValidationError([Violation("key", rule, shortened(key))])


def _is_key(key: str) -> bool:
    # Halves of pairs have no UTF-8.
    return 0 < len(key) <= _LONGEST and not any("\ud800" <= one <= "\udfff" for one in key)


async def check(method: Method, key: str | None, arguments: Mapping[str, Any]) -> Checked:
    """A job with these arguments; raises ValidationError with everything that is wrong."""
    arguments = method.with_given(arguments)
    call, retries = await method.described(arguments)
    if call.inputs.pictures:
        recorded = await threads.run(_recorded, call)
    else:
        recorded = _recorded(call)
    of_it = hashlib.sha256(f"{call.operation} {recorded}".encode()).hexdigest()[:32]
    arguments = _read(arguments, call.inputs.pictures.values())
    return Checked(
        key or of_it, arguments, call.operation, recorded, retries, is_own_key=key is not None
    )


def _read(arguments: Mapping[str, Any], pictures: Iterable[Picture]) -> Mapping[str, Any]:
    """The arguments with local pictures as they were read: a file object is at its end then."""
    sources = {picture.argument: picture.source for picture in pictures}
    of_lists = {place.partition("[")[0] for place in sources if "[" in place}
    read: dict[str, Any] = {name: sources.get(name, value) for name, value in arguments.items()}
    for name in of_lists:
        read[name] = [sources.get(f"{name}[{n}]", one) for n, one in enumerate(arguments[name])]
    return read


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """In words, what differs between the recorded arguments of a job and the present ones."""
    return ", ".join(
        f"{name} was {_said(before, name)} and is {_said(now, name)}"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    )


def _said(arguments: Mapping[str, Any], name: str) -> str:
    return shortened(arguments[name]) if name in arguments else "left out"


def _recorded(call: Call) -> str:
    body = _without_pictures(call.body, call.inputs.pictures)
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def _pieces(text: str, picture: Picture | None) -> Iterator[bytes]:
    if picture is None:
        yield text.encode()
        return
    try:
        yield from picture.source.pieces()
    except (ChangedError, OSError) as error:
        rule = f"must be a readable file that stays as it is ({reason(error)})"
        raise ValidationError([Violation(picture.argument, rule)]) from error


def _without_pictures(value: Any, pictures: Mapping[str, Picture]) -> Any:
    if is_array(value):
        return [_without_pictures(part, pictures) for part in value]
    if not is_object(value):
        return one_spelling(value)
    text = value.get("image")
    if not isinstance(text, str):
        return {name: _without_pictures(part, pictures) for name, part in value.items()}
    picture = pictures.get(text)
    if picture is None and len(text) <= _SHORT and not _SECRET.search(text):
        return value
    digest = hashlib.sha256()
    for piece in _pieces(text, picture):
        digest.update(piece)
    return {**value, "image": f"sha256:{digest.hexdigest()}"}
