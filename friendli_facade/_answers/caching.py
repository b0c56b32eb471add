"""Results that are kept: of which calls, under which key, and in which form.

A call with a seed asks for one picture, and the same again. An entry is a line with the sha256 of
what follows: a line of JSON, the answer without its pictures, and then their bytes: a URL expires.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

import attrs
import httpx

from friendli_facade._answers import results
from friendli_facade._answers.results import ContainerImageGenerateSuccess, Made, Result
from friendli_facade._cache import Cache
from friendli_facade._delivery.deadline import now
from friendli_facade._error_answers.request_ids import request_id
from friendli_facade._images.image import Downloads
from friendli_facade._inputs.reading import ChangedError
from friendli_facade._language import threads
from friendli_facade._provenance.completed_calls import CompletedCall
from friendli_facade._requests import descriptions
from friendli_facade._requests.calls import Call
from friendli_facade._requests.prepared_request import Prepared
from friendli_facade._rules.json_types import is_array, is_object, one_spelling
from friendli_facade.errors import DownloadError

_VERSION = 2
# Headers that say who asks, by what program, and not for what.
_UNHEEDED = {"authorization", "user-agent", "content-length", "accept-encoding"}


@attrs.frozen
class Kept:
    """Where the result of a call is kept, or will be."""

    _cache: Cache
    _key: str
    _call: Call

    @classmethod
    def of(cls, cache: Cache, call: Call, prepared: Prepared) -> "Kept | None":
        """The place of a call's result; None where the same call may give another picture."""
        if call.body.get("seed") is None:
            return None
        headers = {name: value for name, value in prepared.headers.items() if name not in _UNHEEDED}
        try:
            body = _without_pictures(call.body, call)
        except (ChangedError, OSError):
            return None  # sending tells of it
        asked = [_VERSION, call.operation, str(prepared.url), headers, body]
        text = json.dumps(asked, sort_keys=True).encode()
        return cls(cache, hashlib.sha256(text).hexdigest(), call)

    def result(self, kind: type[Result], downloads: Downloads, started: float) -> Result | None:
        """The result that is kept, of type `kind`, if there is one that is whole."""
        content = self._cache.read(self._key)
        if content is None:
            return None
        try:
            return self._read(kind, content, downloads, started)
        except (ValueError, KeyError, TypeError):
            return None  # damaged: it is asked for, and kept, again

    def _read(
        self, kind: type[Result], content: bytes, downloads: Downloads, started: float
    ) -> Result:
        digest, _, rest = content.partition(b"\n")
        if _digest_line(rest) != digest:
            raise ValueError("it is not what was written")
        line, _, rest = rest.partition(b"\n")
        known = json.loads(line)
        pictures: list[bytes] = []
        for size in known["sizes"]:
            pictures.append(rest[:size])
            rest = rest[size:]
        headers = httpx.Headers(known["headers"])
        completed = CompletedCall(
            descriptions.description(self._call),
            request_id(headers),
            headers,
            0,
            now() - started,
            datetime.fromisoformat(known["completed"]),
        )
        made = Made(completed, lambda number: pictures[int(number)], downloads)
        result: Any = results.read(kind, known["payload"], self._call.body, made)
        images = zip(result.images, pictures, strict=True)
        whole = tuple(attrs.evolve(image, content=picture) for image, picture in images)
        return cast("Result", attrs.evolve(result, images=whole))

    def keep(self, result: Any) -> None:
        """Keeps a result, with pictures that lie at URLs."""
        with suppress(DownloadError):  # reading it tells of that
            self._write(result, [image.read() for image in result.images])

    async def akeep(self, result: Any) -> None:
        """The same, awaited."""
        with suppress(DownloadError):
            pictures = [await image.aread() for image in result.images]
            await threads.run(self._write, result, pictures)

    def _write(self, result: Any, pictures: list[bytes]) -> None:
        known = {
            "payload": _payload(result),
            "sizes": [len(one) for one in pictures],
            "headers": result.call.headers.multi_items(),
            "completed": result.call.completed.isoformat(),
        }
        content = b"\n".join([json.dumps(known).encode(), b"".join(pictures)])
        try:
            self._cache.write(self._key, _digest_line(content) + b"\n" + content)
        except OSError as error:  # the picture is there all the same
            logging.getLogger("friendli_facade").warning("a picture is not kept: %s", error)


def _digest_line(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _payload(result: Any) -> dict[str, Any]:
    """A result in the shape of the wire, in which a picture is its number."""
    if isinstance(result, ContainerImageGenerateSuccess):
        return {"image": "0"}
    return {
        "data": [
            {
                "seed": image.seed,
                "response_format": image.response_format,
                **({"b64_json": str(number)} if image.url is None else {"url": image.url}),
            }
            for number, image in enumerate(result.images)
        ]
    }


def _without_pictures(value: Any, call: Call) -> Any:
    if is_array(value):
        return [_without_pictures(part, call) for part in value]
    if not is_object(value):
        return one_spelling(value)
    return {name: _digest(part, call) for name, part in value.items()}


def _digest(value: Any, call: Call) -> Any:
    pictures: Mapping[str, Any] = call.inputs.pictures
    if not isinstance(value, str) or value not in pictures:
        return _without_pictures(value, call)
    picture, digest = pictures[value], hashlib.sha256()
    for piece in picture.source.pieces():
        digest.update(piece)
    return [picture.media_type, digest.hexdigest()]
