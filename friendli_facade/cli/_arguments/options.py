"""The contract's arguments as options: names, types, help; and from words to values."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from friendli_facade.cli._contract import OPERATIONS, Field

if TYPE_CHECKING:
    Type = click.ParamType[Any]
else:
    Type = click.ParamType  # older versions have it without a parameter

METHODS = ("generate", "edit")
_NAMES = {"x_friendli_team": "--team"}
_SHORT_NAMES = {"num_inference_steps": "--steps"}
_METAVARS = {
    "integer": "INTEGER",
    "number": "NUMBER",
    "string": "TEXT",
    "picture": "FILE|URL|-",
    "json": "JSON",
}
# By surface, what each has to say of an argument.
Variants = Mapping[str, Field]


def option(name: str) -> str:
    """The name of an argument's option, by which messages call it."""
    return _NAMES.get(name, f"--{name.replace('_', '-')}")


def label(name: str, positional: Container[str]) -> str:
    """How messages call an argument that may stand without an option."""
    return name.upper() if name in positional else option(name)


def arguments(method: str) -> dict[str, Variants]:
    """The arguments of `generate` or `edit` by name, as each surface has them."""
    found: dict[str, dict[str, Field]] = {}
    for place, operation in OPERATIONS.items():
        surface, _, name = place.partition(".")
        for field in operation.fields if name == method else ():
            found.setdefault(field.name, {})[surface] = field
    return dict(found)


def names() -> set[str]:
    """The names of all arguments of all operations."""
    return {field.name for operation in OPERATIONS.values() for field in operation.fields}


def surfaces(method: str) -> list[str]:
    """The surfaces that have a method: `dedicated`, `container`."""
    return [place.partition(".")[0] for place in OPERATIONS if place.endswith(f".{method}")]


def options(methods: Sequence[str], placed: Iterable[str]) -> list[click.Parameter]:
    """An option for each argument that has no place of its own on the command line.

    With several methods nothing is required of it, and it has no default: it changes what is there.
    """
    kept: dict[str, tuple[str, Variants]] = {}
    for method in methods:
        for name, variants in arguments(method).items():
            if name not in placed:
                kept.setdefault(name, (method, _optional(variants) if methods[1:] else variants))
    made: list[click.Parameter] = [
        _option(method, name, one) for name, (method, one) in kept.items()
    ]
    nullable = [
        option(name)[2:]
        for name, (_, variants) in kept.items()
        if any(field.nullable for field in variants.values())
    ]
    null = click.Option(
        ["--null", "nulls"],
        type=click.Choice(nullable),
        metavar="OPTION",
        multiple=True,
        help="Send null for OPTION (seed, say), in place of nothing.",
    )
    return [*made, null]


def _optional(variants: Variants) -> Variants:
    return {
        surface: field._replace(required=False, default=None) for surface, field in variants.items()
    }


def help_of(method: str, name: str) -> str:
    """What the contract says of an argument."""
    return _help(arguments(method)[name], surfaces(method))


def values(
    method: str, surface: str, params: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The arguments that were given, under the library's names; and what is wrong with them.

    Pictures are still words.
    """
    given: dict[str, Any] = {}
    wrong: list[str] = []
    known = arguments(method)
    for name in dict.fromkeys((*known, *sorted(names()))):
        value = params.get(name)
        if value is None or value == ():
            continue
        if surface not in known.get(name, ()):
            wrong.append(_unknown(method, surface, name))
            continue
        given[name] = [*value] if known[name][surface].holds != "one" else value
    for null in params["nulls"]:
        name = next(n for n in names() if option(n)[2:] == null)
        if surface not in known.get(name, ()):
            wrong.append(_unknown(method, surface, name))
            continue
        if name in given:
            wrong.append(f"--null {null} contradicts {option(name)}")
        given[name] = None
    return given, wrong


def _unknown(method: str, surface: str, name: str) -> str:
    who = f"--{surface}" if name in arguments(method) else method
    return f"{who} has no {option(name)}"


def missing(method: str, surface: str, given: Mapping[str, Any]) -> list[str]:
    """The required arguments that a call lacks."""
    fields = (variants.get(surface) for variants in arguments(method).values())
    return [field.name for field in fields if field and field.required and field.name not in given]


class Value(Type):
    """The words of an argument as the JSON that they are; other words stay, to be refused.

    All that is wrong with a call is told at once by the library, so nothing is refused here.
    """

    def __init__(self, field: Field, choices: tuple[str, ...]) -> None:
        self.field = field
        self.choices = choices
        self.name = field.kind

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What help shows for the value."""
        return f"[{'|'.join(self.choices)}]" if self.choices else _METAVARS[self.field.kind]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number, the JSON or the text that `value` is."""
        for reader in _readers(self.field.kind) if isinstance(value, str) else ():
            try:
                return reader(value)
            except (ValueError, RecursionError):
                continue
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The values that begin so; files for a picture."""
        if self.field.kind == "picture":
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(one) for one in self.choices if one.startswith(incomplete)]


class Number(Value):
    """A number of the command's own; other words stay, to be refused with all else."""

    def __init__(self) -> None:
        super().__init__(Field("", kind="number"), ())


def _readers(kind: str) -> Iterator[Callable[[str], Any]]:
    if kind in {"integer", "number"}:
        yield from (int, float)
    elif kind == "json":
        import json

        yield json.loads


def _option(method: str, name: str, variants: Variants) -> click.Option:
    long = option(name)
    field = next(iter(variants.values()))
    words = _help(variants, surfaces(method))
    if field.kind == "boolean" and field.holds == "one":
        return click.Option([f"{long}/--no-{long[2:]}", name], default=None, help=words)
    names = [long, *([_SHORT_NAMES[name]] if name in _SHORT_NAMES else []), name]
    choices = tuple(dict.fromkeys(one for field in variants.values() for one in field.choices))
    is_list = field.holds != "one"
    if is_list:
        words += " Any number of times."
    return click.Option(names, type=Value(field, choices), multiple=is_list, help=words)


def _help(variants: Variants, every: list[str]) -> str:
    """Words and facts; each once where all surfaces agree, else under the surface's name."""
    words = _agreed({surface: field.description for surface, field in variants.items()}, " ", every)
    every_choice = {one for field in variants.values() for one in field.choices}
    facts = {surface: ", ".join(_facts(field, every_choice)) for surface, field in variants.items()}
    told = _agreed({surface: text for surface, text in facts.items() if text}, "; ", every)
    return f"{words} [{told}]" if told else words


def _agreed(words: Mapping[str, str], separator: str, every: list[str]) -> str:
    if len(set(words.values())) == 1 and len(words) == len(every):
        return next(iter(words.values()))
    return separator.join(f"{surface}: {text}" for surface, text in words.items())


def _facts(field: Field, every_choice: set[str]) -> Iterator[str]:
    if field.required:
        yield "required"
    if field.rule:
        yield field.rule
    if field.choices and set(field.choices) != every_choice:
        yield " or ".join(field.choices)
    if field.default is not None:
        yield f"default {field.default}"


def metadata() -> click.Option:
    """Whether pictures tell how they were made."""
    return click.Option(
        ["--metadata/--no-metadata"],
        default=True,
        help="Write into each file how it was made, prompt and all.  [default: metadata]",
    )


def at_once(default: int) -> click.Option:
    """How many requests are under way at a time."""
    return click.Option(
        ["-j", "--at-once"],
        type=Number(),
        metavar="N",
        default=default,
        show_default=True,
        help="How many pictures to ask for at a time, 256 at most.",
    )
