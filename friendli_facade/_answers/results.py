"""Results, in the shape in which Friendli's documentation has them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs
from friendli_api import models

from friendli_facade._images import notebook
from friendli_facade._images.image import (
    B64ImageItem,
    Downloads,
    Image,
    Images,
    URLImageItem,
    encoded,
)
from friendli_facade._provenance.completed_calls import CompletedCall
from friendli_facade._provenance.requests import Request

if TYPE_CHECKING:
    import httpx

__all__ = ["ContainerImageGenerateSuccess", "DedicatedImageGenerateSuccess"]


Result = TypeVar("Result")
# The bytes of a picture's text in an answer; raises ValueError.
Decode = Callable[[str], bytes]


@attrs.frozen
class Made:
    """What pictures are made of, beside an answer's JSON."""

    call: CompletedCall
    decode: Decode
    downloads: Downloads


class _OfCall:
    """What a result tells of its call."""

    __slots__ = ()
    call: CompletedCall
    images: Images

    @property
    def request(self) -> Request:
        """What was asked for, without pictures; digests of uploads are computed on first reading.

        Until then a file that was uploaded must stay as it is, and bytes stay in memory.
        """
        return self.call.request

    @property
    def model(self) -> str | None:
        """The model that was asked for; None where that was left to the server."""
        return self.call.model

    @property
    def request_id(self) -> str | None:
        """What the server calls the request, by the answer's headers, if it does."""
        return self.call.request_id

    @property
    def headers(self) -> "httpx.Headers":
        """The answer's headers, without cookies and credentials."""
        return self.call.headers

    @property
    def attempts(self) -> int:
        """How often the request was made."""
        return self.call.attempts

    @property
    def elapsed(self) -> float:
        """Seconds that the call took, retries and their pauses included."""
        return self.call.elapsed

    def read(self) -> tuple[bytes, ...]:
        """The bytes of each picture, decoded or downloaded; raises DownloadError."""
        return self.images.read()

    async def aread(self) -> tuple[bytes, ...]:
        """The same as `read`, awaited; after it a notebook shows the pictures."""
        return await self.images.aread()

    def _repr_mimebundle_(self, **_: object) -> notebook.Bundle:
        """What a notebook shows."""
        return notebook.of_pictures([image.figure() for image in self.images])


@attrs.frozen(eq=False)
class DedicatedImageGenerateSuccess(_OfCall):
    """The pictures of a dedicated endpoint's answer, one or more, and how they came about."""

    images: Images = attrs.field(converter=Images)
    """The pictures, in the order of the answer; each has `read()`, `save(path)`, `to_pil()`."""

    call: CompletedCall = attrs.field(repr=False)
    """How they came about, as each of them tells too."""

    @property
    def data(self) -> Images:
        """The same pictures, under the name that they have on the wire."""
        return self.images

    def to_dict(self) -> dict[str, Any]:
        """The pictures in the shape that they have on the wire, made of JSON's own types."""
        return {"data": [_item(image) for image in self.images]}


@attrs.frozen(eq=False)
class ContainerImageGenerateSuccess(_OfCall):
    """The picture of a container's answer, and how it came about."""

    images: Images = attrs.field(converter=Images)
    """The one picture; it has `read()`, `save(path)`, `to_pil()`."""

    call: CompletedCall = attrs.field(repr=False)
    """How it came about, as the picture tells too."""

    @property
    def image(self) -> str:
        """The picture as base64 text."""
        return encoded(self.images[0].read())

    def to_dict(self) -> dict[str, Any]:
        """The picture in the shape that it has on the wire, made of JSON's own types."""
        return {"image": self.image}


def _dedicated(payload: Any, _body: Mapping[str, Any], made: Made) -> DedicatedImageGenerateSuccess:
    """The result of a dedicated answer."""
    images: list[Image] = []
    # Seeds go through int: JSON Schema calls 7.0 an integer too.
    for entry in payload["data"]:
        url, content = None, None
        # The generated parser takes the first kind whose keys are there, null or not.
        if isinstance(entry.get("b64_json"), str):
            item: models.B64ImageItem | models.UrlImageItem = models.B64ImageItem.from_dict(entry)
            content = made.decode(entry["b64_json"])
        else:
            item = models.UrlImageItem.from_dict(entry)
            url = item.url
        known = int(item.seed), item.response_format, url
        kind = URLImageItem if content is None else B64ImageItem
        images.append(kind(*known, made.call, content, made.downloads))
    return DedicatedImageGenerateSuccess(images, made.call)


def _container(payload: Any, body: Mapping[str, Any], made: Made) -> ContainerImageGenerateSuccess:
    """The result of a container's answer, which repeats neither seed nor format."""
    content = made.decode(models.ImageGenerationContainerResult.from_dict(payload).image)
    known = asked_seed(body), body.get("response_format"), None
    image = Image(*known, made.call, content, made.downloads)
    return ContainerImageGenerateSuccess([image], made.call)


def asked_seed(body: Mapping[str, Any]) -> int | None:
    """The seed of a request's body, if it has one."""
    return None if body.get("seed") is None else int(body["seed"])


_READERS: Mapping[type[Any], Callable[..., Any]] = {
    DedicatedImageGenerateSuccess: _dedicated,
    ContainerImageGenerateSuccess: _container,
}


def read(kind: type[Result], payload: Any, body: Mapping[str, Any], made: Made) -> Result:
    """The result, of type `kind`, of an answer's JSON; raises ValueError where base64 is none.

    `body` is what was asked for.
    """
    return cast("Result", _READERS[kind](payload, body, made))


def _item(image: Image) -> dict[str, Any]:
    place = {"url": image.url} if image.url is not None else {"b64_json": image.b64_json}
    return {"seed": image.seed, "response_format": image.response_format, **place}
