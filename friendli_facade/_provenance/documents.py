"""What is written with a picture of how it was made: a JSON document, and back.

The document is described in docs/provenance.md. Whoever hands a picture on may have changed it: it
is looked at before it is parsed, and nothing in it is taken for what it should be.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import attrs

from friendli_facade._provenance.requests import Request
from friendli_facade._rules.json_types import is_object
from friendli_facade._rules.json_values import plain
from friendli_facade._rules.violations import RefusedError

NAMESPACE = "urn:x-friendli-facade:provenance:"
VERSION = 1
MOST = 4 * 1024 * 1024  # bytes of a document
_MOST_PARTS = 100_000  # a few megabytes of brackets would take a hundred
# A quote that nothing closes goes to the end: looked for from each quote, it would take hours.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


class UnreadableError(ValueError):
    """What a file tells of itself, or the file around it, is not as it should be."""


class MetadataWarning(UserWarning):
    """A picture was saved, and its metadata is not where it should be; the words say where.

    Args:
        path: The picture's file, which is there.
        problem: Why its metadata is not in it, or where it is.
    """

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


@attrs.frozen
class Document:
    """How a picture was made."""

    request: Request
    """What was asked for."""

    seed: int | None
    """The seed that it was drawn with; None where the server did not say and nobody asked."""

    response_format: str | None
    """What Friendli called its format; of a container, the one that was asked for, or None."""

    request_id: str | None
    """What the server called the request, if it did."""

    created: datetime
    """When the answer was there, in UTC."""

    generator: str
    """The program that asked for it, with its version."""

    media_type: str | None
    """`image/png`, say, of the picture as it came; None for a kind that is not known here."""

    size: int
    """How many bytes the picture had as it came."""

    sha256: str
    """The digest of the picture as it came, in hexadecimal digits."""

    version: int = VERSION
    """The version of the document that it was read from."""

    @property
    def model(self) -> str | None:
        """The model that was asked for; None where that was left to the server."""
        model = self.request.body.get("model")
        return model if isinstance(model, str) else None

    @property
    def digital_source_type(self) -> str:
        """IPTC's name for what it is: made by a model alone, or out of other pictures."""
        drawn, edited = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"
        return _SOURCE_TYPES + (edited if self.request.is_edit else drawn)

    @property
    def created_text(self) -> str:
        """`created` as XMP and JSON write it."""
        return self.created.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def to_dict(self) -> dict[str, Any]:
        """The document in the shape that it has in a file, made of JSON's own types."""
        return {
            "namespace": NAMESPACE,
            "version": VERSION,
            "generator": self.generator,
            "created": self.created_text,
            "digital_source_type": self.digital_source_type,
            "operation": self.request.operation,
            "body": self.request.body,
            "seed": self.seed,
            "response_format": self.response_format,
            "request_id": self.request_id,
            "picture": {"media_type": self.media_type, "size": self.size, "sha256": self.sha256},
        }

    def json(self, indent: int | None = None) -> bytes:
        """The document, in ASCII; raises UnreadableError for one that could not be read again."""
        text = json.dumps(self.to_dict(), indent=indent).encode()
        if len(text) > MOST:
            raise UnreadableError(f"what was asked for has {len(text)} bytes, more than {MOST}")
        return text

    @classmethod
    def read(cls, text: bytes) -> Self:
        """The document that a text is; raises UnreadableError."""
        value = _parsed(text)
        if value.get("namespace") != NAMESPACE:
            raise UnreadableError("its namespace is another")
        version = _of(value, "version", int)
        if version > VERSION:
            raise UnreadableError(
                f"it is of version {version}, and {VERSION} is the last known here"
            )
        picture = _of(value, "picture", dict)
        return cls(
            request=Request(_of(value, "operation", str), _of(value, "body", dict)),
            seed=_of(value, "seed", int, None),
            response_format=_of(value, "response_format", str, None),
            request_id=_of(value, "request_id", str, None),
            created=_time(_of(value, "created", str)),
            generator=_of(value, "generator", str),
            media_type=_of(picture, "media_type", str, None),
            size=_of(picture, "size", int),
            sha256=_of(picture, "sha256", str),
            version=version,
        )


def is_ours(text: bytes) -> bool:
    """Whether a text, JSON or XML, is one of ours, be it whole or not."""
    return NAMESPACE.encode() in text


def _parsed(text: bytes) -> Mapping[str, Any]:
    if len(text) > MOST:
        raise UnreadableError(f"it has {len(text)} bytes, more than {MOST}")
    around = _STRING.sub(b"", text)
    if sum(map(around.count, (b",", b"[", b"{"))) > _MOST_PARTS:
        raise UnreadableError(f"it has more than {_MOST_PARTS} values")
    try:
        value = plain(json.loads(text, parse_constant=_refused))
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    except RefusedError as error:
        raise UnreadableError(f"it {error.rule}") from None
    except ValueError as error:
        raise UnreadableError(f"it is not JSON ({error})") from None
    if not is_object(value):
        raise UnreadableError("it is no JSON object")
    return value


def _refused(name: str) -> float:
    raise UnreadableError(f"it has {name}, which JSON has not")


def _of(value: Mapping[str, Any], name: str, *kinds: type | None) -> Any:
    """A member of one of these types; None stands for null, or for no member at all."""
    found = value.get(name)
    if found is None and None in kinds:
        return None
    if isinstance(found, bool) or not isinstance(found, tuple(filter(None, kinds))):
        raise UnreadableError(f"its {name} is missing, or not what it should be")
    return found


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        raise UnreadableError("its created is no time of ISO 8601") from None
