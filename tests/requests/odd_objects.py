"""Draws Python objects as odd as they come, hostile ones among them."""

import array
import collections
import ctypes
import datetime
import decimal
import enum
import fractions
import io
import itertools
import mmap
import os
import sys
import types
import uuid
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import attrs
import httpx
from hypothesis import strategies as st
from PIL import Image

from friendli_facade import utils
from friendli_facade.models import ImageInput
from tests.samples import JPEG, PNG, PNG_BASE64

ERRORS: list[type[Exception]] = [
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, OSError),
    *(NotImplementedError, EOFError, MemoryError, RecursionError, StopIteration, LookupError),
    *(ZeroDivisionError, AssertionError, UnicodeError, ReferenceError, SyntaxError, BufferError),
]
METHODS = [
    *("__eq__", "__ne__", "__lt__", "__hash__", "__bool__", "__len__", "__iter__", "__getitem__"),
    *("__contains__", "__repr__", "__str__", "__format__", "__class__", "__getattr__"),
    *("__fspath__", "__index__", "__int__", "__float__", "__mod__", "__reduce__", "__buffer__"),
    *("read", "seek", "tell", "fileno", "items", "keys", "values", "get", "encode", "isascii"),
    *("lower", "to_dict", "copy", "convert", "save", "mode", "name", "isidentifier", "flush"),
]
BASES: list[tuple[type, tuple[Any, ...]]] = [
    *((object, ()), (str, ("text",)), (str, (PNG_BASE64,)), (str, ("https://e/x",)), (int, (7,))),
    *((float, (0.5,)), (list, ([0.5],)), (tuple, ([PNG],)), (dict, ({"image": "https://e"},))),
    *((bytes, (PNG,)), (bytearray, (PNG,)), (io.BytesIO, (PNG,)), (io.RawIOBase, ())),
    *((collections.UserList, ([PNG],)), (collections.UserDict, ({"image": PNG_BASE64},))),
    *((collections.deque, ([PNG],)), (Image.Image, ()), (Exception, ()), (set, ([1],))),
    (ImageInput, (PNG_BASE64,)),
]


class Text(enum.StrEnum):
    """A string by inheritance."""

    PNG = "png"


class Number(enum.IntEnum):
    """An integer by inheritance."""

    TEN = 10


class Pair(NamedTuple):
    """A tuple by inheritance."""

    first: Any
    second: Any


class Array:
    """Compares as numpy's arrays do: to an array, which is neither true nor false."""

    shape = (2, 2)

    def __eq__(self, other: object) -> Any:
        return Array()

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise ValueError("the truth value of an array is ambiguous")

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return Array()


class Endless(Sequence[Any], Mapping[str, Any]):
    """A sequence, or a mapping, that has no end."""

    def __len__(self) -> int:
        return sys.maxsize

    def __getitem__(self, index: Any) -> Any:
        return 0.5

    def __iter__(self) -> Any:
        return map(str, itertools.count())


class Forever(Sequence[Any]):
    """A sequence without an end."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: Any) -> Any:
        return 0.5


@attrs.frozen(repr=False)
class Recipe:
    """How to make an object; hypothesis itself would stumble over some of them."""

    name: str
    make: Callable[[], Any]

    def __repr__(self) -> str:
        return self.name


Strategy = st.SearchStrategy[Recipe]


@st.composite
def hostile(draw: st.DrawFn) -> Recipe:
    """An object of which some methods raise."""
    base, arguments = draw(st.sampled_from(BASES))
    error = draw(st.sampled_from(ERRORS))
    names = draw(st.sets(st.sampled_from(METHODS), min_size=1, max_size=4))
    # reprlib, for one, goes by the name of a type.
    name = draw(st.sampled_from(["Odd", "list", "dict", "set", "array", "bytes", "str"]))

    def fail(*_: object, **__: object) -> Any:
        raise error("odd")

    odd: dict[str, Any] = {
        name: property(fail) if name in {"__class__", "mode", "name"} else fail for name in names
    }
    shown = f"{base.__name__} named {name}, whose {sorted(names)} raise {error.__name__}"
    return Recipe(shown, lambda: type(name, (base,), odd)(*arguments))


def _released() -> memoryview:
    view = memoryview(PNG)
    view.release()
    return view


def _mapped(*, closed: bool = False) -> mmap.mmap:
    found = mmap.mmap(-1, mmap.PAGESIZE)
    found.write(PNG)
    if closed:
        found.close()
    return found


def _dead() -> Any:
    class Gone:
        """Collected at once."""

    return weakref.proxy(Gone())


def _closed(file: Any) -> Any:
    file.close()
    return file


def _cycles() -> list[Any]:
    own_list: list[Any] = ["https://e/x"]
    own_list.append(own_list)
    own_dict: dict[str, Any] = {"image": "https://e/x"}
    own_dict["x"] = own_dict
    doubling: Any = 0.5
    for _ in range(60):
        doubling = [doubling, doubling]
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    cyclic = ImageInput(image="https://e/x")
    cyclic["x"] = cyclic
    return [own_list, own_dict, doubling, deep, {"image": "https://e/x", "x": doubling}, cyclic]


# Made anew for each example: some can be used once.
ONCE: list[Callable[[], Any]] = [
    _released,
    _mapped,
    lambda: _mapped(closed=True),
    _dead,
    lambda: io.BytesIO(PNG),
    lambda: io.StringIO("text"),
    lambda: _closed(io.BytesIO(PNG)),
    lambda: (PNG for _ in range(2)),
    lambda: iter([PNG]),
    lambda: Image.open(io.BytesIO(JPEG)),
    lambda: Image.new("F", (2, 2)),
    lambda: Image.new("RGB", (0, 0)),
    lambda: Image.new("P", (2, 2)),
    lambda: _closed(Image.open(io.BytesIO(PNG))),
    mock.Mock,
    mock.MagicMock,
    lambda: mock.Mock(spec=str),
    lambda: mock.Mock(spec=dict),
    lambda: mock.MagicMock(spec=list),
    lambda: mock.MagicMock(spec=Path),
    lambda: mock.Mock(spec=io.BytesIO),
    lambda: mock.MagicMock(spec=Image.Image),
    lambda: mock.Mock(spec=utils.RetryConfig),
    lambda: mock.Mock(spec=httpx.Timeout),
    lambda: array.array("d", [0.5, 2]),
    lambda: array.array("B", PNG),
    lambda: array.array("b", b"text"),
    lambda: memoryview(bytes(8)).cast("B", (2, 4)),
    lambda: memoryview(bytes(8)).cast("I"),
    lambda: memoryview(PNG)[::2],
    ctypes.c_ubyte * 4,
    lambda: collections.deque([PNG, 0.5]),
    Array,
    Endless,
    Forever,
]
FIXED: list[Any] = [
    *(None, True, False, 0, -1, 10**400, -(10**5000), 0.5, float("nan"), float("inf"), 1j),
    *(decimal.Decimal(1), decimal.Decimal("sNaN"), fractions.Fraction(1, 2), ..., NotImplemented),
    *("", "text", "\x00", "\ud800", "https://e/x", "https://[", "x" * 100_000, PNG_BASE64),
    *(b"", b"x", PNG, bytearray(PNG), memoryview(PNG), range(3), range(10**12), range(0)),
    *({"png"}, frozenset([1]), {}.keys(), {"a": 1}.items(), slice(1), object(), object, int, type),
    *(datetime.datetime(2026, 1, 1), datetime.timedelta(1), uuid.UUID(int=1), Text.PNG, Number.TEN),
    *(Path("missing"), Path(), Path("\x00"), Path("a" * 5000), os.sep, Pair(PNG, "x"), print, sys),
    *(collections.UserString("text"), collections.ChainMap({"image": PNG_BASE64}), utils.UNSET),
    *(types.MappingProxyType({"image": "https://e"}), types.SimpleNamespace(image="x"), ValueError),
    *(utils.RetryConfig(), utils.BackoffStrategy(), httpx.Headers({"a": "b"}), httpx.Timeout(5)),
    *({"image": "https://e/x", "x": object()}, {"image": object()}, {"image": Path("x")}, {1: 2}),
    *({"image": "https://e/x", "\ud800": 1}, {"image": "https://e/x", 1: 1}, {"image": "x" * 99}),
    *({b"Content-Length": "5"}, {1: "x"}, {"a": b"x"}, {"a": None}, {("a",): "x"}, {"a\n": "x"}),
    *_cycles(),
]
MADE = [
    *(Recipe(f"ONCE[{index}]", make) for index, make in enumerate(ONCE)),
    *(Recipe(f"FIXED[{index}]", partial(FIXED.__getitem__, index)) for index in range(len(FIXED))),
]


def _itself(values: st.SearchStrategy[Any]) -> Strategy:
    return values.map(lambda value: Recipe(repr(value), lambda: value))


def _inside(odd: Strategy) -> Strategy:
    """Containers of odd objects."""
    names: st.SearchStrategy[Any]
    names = st.sampled_from(["image", "x", "a.b", "", 1, None, b"x", "\ud800", Text.PNG])
    items = st.lists(odd, max_size=4)
    pairs = st.dictionaries(names, odd, max_size=3)
    pairs |= st.fixed_dictionaries({"image": odd}, optional={"x": odd})

    def filled(kind: Callable[[Any], Any]) -> Strategy:
        name = getattr(kind, "__name__", "")
        return items.map(
            lambda parts: Recipe(f"{name}({parts})", lambda: kind([part.make() for part in parts]))
        )

    def mapped(kind: Callable[[Any], Any]) -> Strategy:
        name = getattr(kind, "__name__", "")
        return pairs.map(
            lambda parts: Recipe(
                f"{name}({parts})",
                lambda: kind({key: part.make() for key, part in parts.items()}),
            )
        )

    lists = [filled(kind) for kind in (list, tuple, collections.deque, collections.UserList, iter)]
    mappings = [mapped(kind) for kind in (dict, collections.UserDict, types.MappingProxyType)]
    image = odd.map(lambda part: Recipe(f"ImageInput({part})", lambda: ImageInput(part.make())))
    return st.one_of(*lists, *mappings, image)


LEAVES: Strategy = st.one_of(
    st.sampled_from(MADE),
    hostile(),
    _itself(st.text() | st.binary()),
    _itself(st.integers() | st.floats() | st.complex_numbers()),
    _itself(st.decimals() | st.fractions()),
)
ODD: Strategy = LEAVES | st.recursive(LEAVES, _inside, max_leaves=8)
