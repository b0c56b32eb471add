"""What a call asked for, as far as it may be kept and shown."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from friendli_facade._rules.json_types import is_array, is_object


@attrs.frozen
class RequestPicture:
    """A picture that was sent with a call: one that was uploaded, or one at a URL."""

    argument: str
    """Where it was given: `image`, or `control_images[0]`."""

    media_type: str | None = None
    """`image/png`, say; None for one at a URL."""

    size: int | None = None
    """How many bytes it had; None for one at a URL."""

    sha256: str | None = None
    """The digest of its bytes, in hexadecimal digits.

    None for one at a URL, and for a file that changed or went before it was asked for.
    """

    url: str | None = None
    """Where it lay, without user, password, query and fragment; None for one that was uploaded."""

    is_cut: bool = False
    """Whether something was left out of `url`, so that it may lead nowhere."""


@attrs.frozen
class Request:
    """What a call asked for. It holds no picture, no header and no address of a server.

    In `body`, an uploaded picture's `image` is an object of its `media_type`, `size` and `sha256`,
    and a URL that had user, password, query or fragment is an object whose `url` has none.
    """

    operation: str
    """The operation's name in the contract: `dedicatedImagesEdit`, say."""

    body: Mapping[str, Any]
    """The JSON that was sent, but for pictures."""

    @property
    def pictures(self) -> tuple[RequestPicture, ...]:
        """The pictures that were sent, in their order."""
        return tuple(_picture(place, value) for _, place, value in _pictures(self.body))

    @property
    def arguments(self) -> dict[str, Any]:
        """The body without pictures: arguments with which the operation can be called again."""
        names = {name for name, *_ in _pictures(self.body)}
        return {name: value for name, value in self.body.items() if name not in names}

    @property
    def is_edit(self) -> bool:
        """Whether a picture was changed, and not drawn anew."""
        return "image" in self.body


def is_picture(value: object) -> bool:
    """Whether a value in a body stands for a picture."""
    return is_object(value) and "image" in value


def _pictures(body: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for name, value in body.items():
        if is_picture(value):
            yield name, name, value["image"]
        elif is_array(value):
            for index, item in enumerate(value):
                if is_picture(item):
                    yield name, f"{name}[{index}]", item["image"]


def _picture(argument: str, value: Any) -> RequestPicture:
    if isinstance(value, str):
        return RequestPicture(argument, url=value)
    known: Mapping[str, Any] = value if is_object(value) else {}
    if isinstance(known.get("url"), str):
        return RequestPicture(argument, url=known["url"], is_cut=True)
    media_type, size, sha256 = (known.get(name) for name in ("media_type", "size", "sha256"))
    return RequestPicture(
        argument,
        media_type if isinstance(media_type, str) else None,
        size if isinstance(size, int) else None,
        sha256 if isinstance(sha256, str) else None,
    )
