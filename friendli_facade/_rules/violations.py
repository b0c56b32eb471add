"""What is wrong with an argument, in words that fit on a line."""

import math
import reprlib
from collections.abc import Generator, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import islice
from typing import Any
from unicodedata import category

import attrs

# Control characters, those that turn the direction of a line, halves of pairs, ends of lines.
_ESCAPED = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


class _Shortener(reprlib.Repr):
    """`repr` that stays short whatever it is given, and never walks through a whole image.

    reprlib goes by the name of a type, which anybody may use, and leaves what it does not know to
    a repr that may be of any length.
    """

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = 60
        self.maxlevel = 3

    def repr1(self, x: Any, level: int) -> str:
        try:
            return self._shown(x, level)
        except Exception:
            return object.__repr__(x)

    def _shown(self, x: Any, level: int) -> str:
        kind: type[Any] = type(x)  # pyright: ignore[reportUnknownVariableType]
        if issubclass(kind, bytes | bytearray | memoryview):
            shown = f"<{memoryview(x).nbytes} bytes>"
        elif issubclass(kind, str):
            shown = self.repr_str(str.__str__(x), level)
        elif kind is int:
            shown = self.repr_int(x, level)
        elif issubclass(kind, Mapping):
            parts = (f"{self.repr1(k, 1)}: {self.repr1(v, level - 1)}" for k, v in x.items())
            shown = _joined("{{{}}}", parts, level)
        elif issubclass(kind, Sequence | Set):
            form = "[{}]"
            if issubclass(kind, tuple):
                form = "({},)" if len(x) == 1 else "({})"
            elif issubclass(kind, Set):
                form = "{{{}}}" if x else f"{kind.__name__}({{}})"
            shown = _joined(form, (self.repr1(part, level - 1) for part in x), level)
        elif attrs.has(kind):  # pyright: ignore[reportUnknownArgumentType]
            names = [field.name for field in attrs.fields(kind) if field.repr]
            parts = (f"{name}={self.repr1(getattr(x, name), level - 1)}" for name in names)
            shown = _joined(kind.__name__ + "({})", parts, level)
        else:
            shown = self.repr_instance(x, level)
        return shown

    def repr_int(self, x: int, level: int) -> str:
        # `repr` refuses integers of thousands of digits, and would be long if it did not.
        if x.bit_length() > 256:
            return f"<integer of about {int(x.bit_length() * math.log10(2)) + 1} digits>"
        return super().repr_int(x, level)


def _joined(form: str, parts: Iterator[str], level: int) -> str:
    shown = list(islice(parts, _MOST + 1)) if level > 0 else ["..."]
    if len(shown) > _MOST:
        shown[-1] = "..."
    return form.format(", ".join(shown))


_MOST = 6  # parts of something that are shown
_shortener = _Shortener()


def shortened(value: Any) -> str:
    """`value` as Python would write it, in well under a hundred characters."""
    shown = printable(_shortener.repr(value))
    return shown if len(shown) < 80 else f"{shown[:50]}...{shown[-25:]}"


def printable(text: str) -> str:
    """A text that a terminal or a log takes for nothing but text, on one line."""
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if category(char) in _ESCAPED else char
        for char in text
    )


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
