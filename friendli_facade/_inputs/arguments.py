"""The pictures among a call's arguments: found, named in the body, and read.

A string is never opened as a file: a tool that hands its users' text to `image=` must not
upload the server's files.
"""

import secrets
from collections.abc import Mapping
from itertools import islice
from typing import Any

from friendli_api.models import ImageInput

from friendli_facade._inputs import local_pictures, text
from friendli_facade._inputs.pictures import Picture
from friendli_facade._rules.json_values import is_sequence
from friendli_facade._rules.violations import RefusedError, Violation, refusals, shortened

_MOST = 1_000  # pictures of an argument: what has no end is refused, too

# Stands where a picture was refused, so that the other arguments can still be checked.
_REFUSED = ImageInput(image="refused")


class Inputs:
    """A call's pictures: what stands for them in the body, and what is wrong with them.

    Texts and `ImageInput` are converted at once. For a local picture a name is put into the
    body, and `read` looks into the pictures themselves, which may take time.
    """

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self.pictures: dict[str, Picture] = {}
        self._local: dict[str, tuple[str, object]] = {}
        self._name = ""

    @property
    def is_read(self) -> bool:
        """Whether there is nothing to read."""
        return not self._local

    def read(self) -> None:
        """Opens and checks the local pictures."""
        for name, (argument, value) in self._local.items():
            with refusals(argument, value, self.violations):
                self.pictures[name] = local_pictures.picture(argument, value)
        self._local.clear()

    def one_or_more(self, argument: str, value: object) -> ImageInput | list[ImageInput]:
        """The picture, or the list of pictures, that an edit is given."""
        return self._list(argument, value) if _is_list(value) else self._one(argument, value)

    def many(self, argument: str, value: object) -> list[ImageInput] | None:
        """The pictures of an argument that takes a list; None stays None."""
        if value is None:
            return None
        if _is_list(value):
            return self._list(argument, value)
        self.violations.append(Violation(argument, "must be a list of pictures", shortened(value)))
        return []

    def _list(self, argument: str, values: Any) -> list[ImageInput]:
        found: list[object] = []
        with refusals(argument, values, self.violations):
            found = list(islice(values, _MOST + 1))
            if not found:
                raise RefusedError("must hold at least one picture")
            if len(found) > _MOST:
                raise RefusedError(f"must hold at most {_MOST} pictures")
        return [
            self._one(f"{argument}[{index}]", value) for index, value in enumerate(found[:_MOST])
        ]

    def _one(self, argument: str, value: object) -> ImageInput:
        if issubclass(type(value), str | ImageInput | Mapping):
            with refusals(argument, value, self.violations):
                return text.image_input(value)
            return _REFUSED
        # No caller's text can hold the name, and no name begins with another.
        self._name = self._name or secrets.token_hex(16)
        name = f"{self._name}-{len(self._local):09d}"
        self._local[name] = argument, value
        return ImageInput(image=name)


def _is_list(value: object) -> bool:
    # An array of bytes is a sequence too, of numbers.
    return is_sequence(value) and not local_pictures.is_buffer(value)
