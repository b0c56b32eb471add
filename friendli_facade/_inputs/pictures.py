"""A local picture that a call sends: where it came from, and its base64, made piece by piece."""

from binascii import b2a_base64
from collections.abc import Generator
from contextlib import closing
from functools import partial

import attrs

from friendli_facade._inputs.reading import ChangedError, Source
from friendli_facade._rules.violations import Violation
from friendli_facade.errors import ValidationError

_base64 = partial(b2a_base64, newline=False)


@attrs.frozen
class Picture:
    """A local picture in a body: the argument that it came by, its kind, and its bytes."""

    argument: str
    media_type: str
    source: Source = attrs.field(repr=False)

    @property
    def length(self) -> int:
        """How many characters its base64 has."""
        return (self.source.size + 2) // 3 * 4

    def pieces(self) -> Generator[bytes]:
        """Its base64; raises ValidationError where a file is not any more what was checked."""
        try:
            with closing(self.source.pieces()) as pieces:
                yield from map(_base64, pieces)
        except (ChangedError, OSError) as error:
            rule = "must stay as it is until it is sent, and this file has changed or gone"
            raise ValidationError([Violation(self.argument, rule)]) from error
