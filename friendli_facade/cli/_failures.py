"""Errors in the words of the command line: a line or two, and an exit status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from friendli_facade import (
    APIConnectionError,
    DownloadError,
    InvalidResponseError,
    ProvenanceError,
    SDKError,
    UnprocessableEntityError,
    ValidationError,
)
from friendli_facade.cli._arguments import options
from friendli_facade.errors import Violation

BAD_ARGUMENTS, REFUSED, UNREACHABLE, FILE_SYSTEM, INTERRUPTED = 2, 3, 4, 5, 130

# How the library calls what is Python's, and the command line has not.
_PYTHON = re.compile(r"(?: or|,) None\b| \(None [^)]*\)|; to upload a file, pass .*$")
_PATH = re.compile(r"(?:Posix|Windows)Path\((.*)\)\Z", re.DOTALL)
_HINTS = {
    401: "is the token right? `friendli-facade doctor` tells where it comes from",
    403: "may this token use the endpoint, and is --team right?",
    404: "is --model the id of an endpoint that runs, and --server-url right?",
}
_ELSEWHERE = {"token": "the token"}  # which is no option
_PAID = "the picture may have been drawn and paid for"


def status(error: BaseException) -> int:
    """The exit status that tells what kind of failure an error is."""
    match error:
        case ValidationError() | ProvenanceError():
            return BAD_ARGUMENTS
        case SDKError():
            return REFUSED
        case APIConnectionError() | DownloadError():
            return UNREACHABLE
        case OSError():
            return FILE_SYSTEM
        case _:
            return 1


def words(error: BaseException, positional: Sequence[str] = ()) -> list[str]:
    """An error in a line, and in a second what to do or to know.

    `positional` are the arguments that have no option, and stand in capitals.
    """
    match error:
        case ValidationError():
            told = [violation(one, positional) for one in error.violations]
        case InvalidResponseError():
            told = [str(error), _PAID]
        case SDKError():
            error.hint = ""  # in terms of the library; _hint has those of the command line
            told = [str(error), *_said_of_options(error, positional), *_hint(error)]
        case APIConnectionError():
            told = [str(error), _PAID if error.ambiguous else "nothing was sent"]
        case ProvenanceError():
            told = [str(error)]
        case DownloadError():
            told = [str(error), "the picture is drawn and paid for"]
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            told = [f"{place}{error.strerror or error}"]
        case _:
            told = [f"{type(error).__name__}: {error} (--debug shows where)"]
    return told


def violation(one: Violation, positional: Sequence[str]) -> str:
    """A broken rule under the name that the argument has on the command line."""
    value = _PATH.sub(r"\1", one.value)
    rule = _PYTHON.sub("", one.rule)
    for name in options.names():
        # The rule of one argument may speak of another.
        rule = re.sub(rf"\b{name}\b", options.option(name), rule) if "_" in name else rule
    return f"{_name(one.argument, positional)} {rule}" + (f", not {value}" if value else "")


def _name(argument: str, positional: Sequence[str]) -> str:
    """`--controlnet-weights (number 2)` for `controlnet_weights[1]`."""
    name, _, rest = argument.partition("[")
    name = name.partition(".")[0]
    # Variables of the environment are called what they are called, and may be several.
    is_variable = name.partition(",")[0].isupper()
    shown = name if is_variable else _ELSEWHERE.get(name) or options.label(name, positional)
    index = rest.partition("]")[0]
    return f"{shown} (number {int(index) + 1})" if index.isdigit() else shown


def _said_of_options(error: SDKError, positional: Sequence[str]) -> Iterator[str]:
    """What a 422 says of each field, under its option's name."""
    for detail in error.details if isinstance(error, UnprocessableEntityError) else ():
        place = [str(part) for part in detail.location if part != "body"]
        if place:
            yield f"{_name(place[0], positional)}: {detail.message}"


def _hint(error: SDKError) -> Iterator[str]:
    if error.status_code in _HINTS:
        yield _HINTS[error.status_code]
    if error.ambiguous:
        yield _PAID
