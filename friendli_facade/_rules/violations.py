"""What is wrong with an argument, in words that fit on a line."""

import math
import reprlib
from typing import Any

import attrs


class _Shortener(reprlib.Repr):
    """`repr` that stays short whatever it is given, and never walks through a whole image."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = 60
        self.maxlevel = 3

    def repr_bytes(self, value: bytes, _level: int) -> str:
        return f"<{len(value)} bytes>"

    repr_bytearray = repr_memoryview = repr_bytes

    def repr_int(self, x: int, level: int) -> str:
        # `repr` refuses integers of thousands of digits, and would be long if it did not.
        if x.bit_length() > 256:
            return f"<integer of about {int(x.bit_length() * math.log10(2)) + 1} digits>"
        return super().repr_int(x, level)


_shortener = _Shortener()


def shortened(value: Any) -> str:
    """`value` as Python would write it, in well under a hundred characters."""
    shown = _shortener.repr(value)
    return shown if len(shown) < 80 else f"{shown[:50]}...{shown[-25:]}"


@attrs.frozen
class Violation:
    """One rule that one argument breaks.

    `argument` is its path (`controlnet_weights[1]`), `rule` what it must be, and `value` what
    it is, as Python writes it, shortened; empty where there is none to show.
    """

    argument: str
    rule: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.argument} {self.rule}" + (f", not {self.value}" if self.value else "")
