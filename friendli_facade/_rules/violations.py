"""What is wrong with an argument, in words that fit on a line."""

import math
import reprlib
from collections.abc import Generator
from contextlib import contextmanager
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
    try:
        shown = _shortener.repr(value)
    except Exception:  # reprlib trusts the names of types, and the length of what has one
        shown = object.__repr__(value)
    shown = printable(shown)
    return shown if len(shown) < 80 else f"{shown[:50]}...{shown[-25:]}"


def printable(text: str) -> str:
    """A text on one line, in which what a terminal or a log would obey is escaped."""
    if text.isprintable():
        return text
    escaped = (one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
    return "".join(escaped)


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


class RefusedError(Exception):
    """A value breaks `rule`; `within` is the path to it below the argument."""

    def __init__(self, rule: str, within: str = "") -> None:
        super().__init__(rule, within)
        self.rule = rule
        self.within = within


@contextmanager
def refusals(argument: str, value: object, found: list[Violation]) -> Generator[None]:
    """Turns what is raised while `value` is looked at into a violation of `argument`.

    The objects are the caller's, so anything may be raised, and none of it shall leave a call.
    """
    try:
        yield
    except RefusedError as refused:
        found.append(Violation(argument + refused.within, refused.rule, shortened(value)))
    except Exception as error:
        found.append(Violation(argument, f"must be readable ({reason(error)})", shortened(value)))


def reason(error: Exception) -> str:
    """What an error says, shortened; with its name, but for the system's errors."""
    try:
        text = printable(str(error))
    except Exception:
        text = ""
    if not isinstance(error, OSError) or not error.errno:
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return text if len(text) < 200 else f"{text[:120]}...{text[-60:]}"
