"""Arguments of the library as words of a command line, where a command line can say them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from friendli_facade._rules.json_types import is_array, is_object
from friendli_facade.cli._arguments import options
from tests.requests.arguments import Operation

_URL = re.compile(r"(?i)https?://|data:")
_NUMBERS = {"integer", "number"}


class UnsayableError(Exception):
    """A value that no words stand for: an object, a list where one is meant."""


@attrs.frozen
class Said:
    """Words, and the library's arguments that they stand for."""

    words: list[str]
    arguments: dict[str, Any]


def said(operation: Operation, arguments: Mapping[str, Any], folder: Path) -> Said:
    """The words of a call; raises UnsayableError."""
    words = [operation.method, f"--{operation.surface}"]
    meant: dict[str, Any] = {}
    images: list[str] = []
    for name, value in arguments.items():
        schema = operation.properties[name]
        kinds = {branch.get("type", "picture") for branch in schema.get("anyOf", [schema])}
        if value is None:
            if "null" in kinds:
                words += ["--null", options.option(name)[2:]]
                meant[name] = None
            elif name in operation.schema["required"]:
                raise UnsayableError
            continue
        if name == "image":
            images, meant[name] = _pictures(value if is_array(value) else [value])
            meant[name] = meant[name][0] if len(images) == 1 else meant[name]
        elif name == "control_images":
            if not is_array(value):
                raise UnsayableError
            pictures, meant[name] = _pictures(value)
            words += [f"--control-images={one}" for one in pictures]
        elif "array" in kinds:
            if not is_array(value) or not value:
                raise UnsayableError
            words += [f"{options.option(name)}={_number(one)}" for one in value]
            meant[name] = [*value]
        elif name == "prompt":
            meant[name] = _text(value)
        else:
            word = _number(value) if kinds & _NUMBERS else _text(value)
            words.append(f"{options.option(name)}={word}")
            meant[name] = value
    prompt = _prompt(meant["prompt"], folder)
    if operation.method == "edit":
        return Said([*words, f"--prompt={prompt}", "--", *images], meant)
    return Said([*words, "--", prompt], meant)


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnsayableError
    return repr(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise UnsayableError
    return value


def _prompt(text: str, folder: Path) -> str:
    """What is not to be taken for something else is said in another way."""
    if text in {"-", "@-"}:
        (folder / "prompt").write_text(text, encoding="utf-8")
        return f"@{folder / 'prompt'}"
    return f"@{text}" if text.startswith("@") else text


def _pictures(values: Sequence[Any]) -> tuple[list[str], list[Any]]:
    if not values:
        raise UnsayableError
    words: list[str] = []
    for value in values:
        word = value["image"] if is_object(value) and set(value) == {"image"} else value
        if not isinstance(word, str) or "\0" in word or word == "-":
            raise UnsayableError
        words.append(word)
    # On a command line what is no URL is a file; the library takes no text for one.
    return words, [word if _URL.match(word) else Path(word) for word in words]
