"""Results, in the shape in which Friendli's documentation has them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import attrs
from friendli_api import models

from friendli_facade._images.image import B64ImageItem, Downloads, Image, URLImageItem, encoded

__all__ = ["ContainerImageGenerateSuccess", "DedicatedImageGenerateSuccess"]


Result = TypeVar("Result")
# The bytes of a picture's text in an answer; raises ValueError.
Decode = Callable[[str], bytes]


@attrs.frozen(eq=False)
class DedicatedImageGenerateSuccess:
    """The pictures of a dedicated endpoint's answer, one or more."""

    images: Sequence[Image]
    """The pictures, in the order of the answer; each has `read()`, `save(path)`, `to_pil()`."""

    @property
    def data(self) -> Sequence[Image]:
        """The same pictures, under the name that they have on the wire."""
        return self.images

    def to_dict(self) -> dict[str, Any]:
        """The pictures in the shape that they have on the wire, made of JSON's own types."""
        return {"data": [_item(image) for image in self.images]}

    def _repr_html_(self) -> str:
        return _gallery(self.images)


@attrs.frozen(eq=False)
class ContainerImageGenerateSuccess:
    """The picture of a container's answer."""

    images: Sequence[Image]
    """The one picture; it has `read()`, `save(path)`, `to_pil()`."""

    @property
    def image(self) -> str:
        """The picture as base64 text."""
        return encoded(self.images[0].read())

    def to_dict(self) -> dict[str, Any]:
        """The picture in the shape that it has on the wire, made of JSON's own types."""
        return {"image": self.image}

    def _repr_html_(self) -> str:
        return _gallery(self.images)


def _dedicated(
    payload: Any,
    _body: Mapping[str, Any],
    decode: Decode,
    downloads: Downloads,
) -> DedicatedImageGenerateSuccess:
    """The result of a dedicated answer."""
    images: list[Image] = []
    # Seeds go through int: JSON Schema calls 7.0 an integer too.
    for entry in payload["data"]:
        # The generated parser takes the first kind whose keys are there, null or not.
        if isinstance(entry.get("b64_json"), str):
            item = models.B64ImageItem.from_dict(entry)
            content = decode(item.b64_json)
            images.append(
                B64ImageItem(int(item.seed), item.response_format, None, content, downloads)
            )
        else:
            place = models.UrlImageItem.from_dict(entry)
            seed = int(place.seed)
            images.append(URLImageItem(seed, place.response_format, place.url, None, downloads))
    return DedicatedImageGenerateSuccess(tuple(images))


def _container(
    payload: Any, body: Mapping[str, Any], decode: Decode, downloads: Downloads
) -> ContainerImageGenerateSuccess:
    """The result of a container's answer, which repeats neither seed nor format."""
    content = decode(models.ImageGenerationContainerResult.from_dict(payload).image)
    image = Image(asked_seed(body), body.get("response_format"), None, content, downloads)
    return ContainerImageGenerateSuccess((image,))


def asked_seed(body: Mapping[str, Any]) -> int | None:
    """The seed of a request's body, if it has one."""
    return None if body.get("seed") is None else int(body["seed"])


_READERS: Mapping[type[Any], Callable[..., Any]] = {
    DedicatedImageGenerateSuccess: _dedicated,
    ContainerImageGenerateSuccess: _container,
}


def read(
    kind: type[Result], payload: Any, body: Mapping[str, Any], decode: Decode, downloads: Downloads
) -> Result:
    """The result, of type `kind`, of an answer's JSON; raises ValueError where base64 is none.

    `body` is what was asked for.
    """
    return cast("Result", _READERS[kind](payload, body, decode, downloads))


def _item(image: Image) -> dict[str, Any]:
    place = {"url": image.url} if image.url is not None else {"b64_json": image.b64_json}
    return {"seed": image.seed, "response_format": image.response_format, **place}


def _gallery(images: Sequence[Image]) -> str:
    return "".join(image.html() for image in images)
