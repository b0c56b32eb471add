"""Notes the changes of an operation, each with what the facade must do about it."""

import attrs

from scripts.evolution.compare_schemas import Place
from scripts.evolution.severity import Change, Direction, Effect, judge

_NOTHING = "nothing: the generated code follows"
_RENAMED = "import the generated model under its new name"
# What follows from a change of an argument, by its kind.
_SIGNATURE = {
    "added": "add `{}` to the signature",
    "added, required": "add `{}` to the signature, as a required argument",
    "removed": "remove `{}` from the signature",
    "required": "make `{}` a required argument",
    "optional": "give `{}` the default UNSET",
    "type": "follow in the type of `{}`",
    "enum": "nothing: type and docstring of `{}` follow",
    "range": "correct README.md; docstring and checks of `{}` follow",
    "deprecated": "nothing: the docstring of `{}` follows",
    "default": "nothing: the docstring of `{}` follows",
}
_RESULT = {
    "added": "offer it in the result",
    "added, required": "offer it in the result",
    "removed": "do without it in the result",
    "required": _NOTHING,
    "optional": "expect it to be missing from an answer",
    "default": _NOTHING,
    "deprecated": _NOTHING,
    "renamed": _RENAMED,
}


@attrs.frozen
class Notes:
    """The changes of one operation in one direction, added to a list."""

    operation: str
    direction: Direction
    changes: list[Change]

    def add(self, part: str, words: str, effect: Effect, facade: str = _NOTHING) -> None:
        """Notes a change of the operation, or of a part of it."""
        place = f"{self.operation}.{part}" if part else self.operation
        self._note(place, words, effect, facade)

    def schema(self, place: Place, words: str, effect: Effect, kind: str) -> None:
        """Notes a change of an argument or a result."""
        if self.direction is Direction.RESPONSES:
            facade = _RESULT.get(kind, "read it so in the result")
        elif kind == "renamed":
            facade = _RENAMED
        elif not place.argument:
            facade = "check how the body is built"
        elif place.inside:
            facade = f"check what `{place.argument}` is made of"
        else:
            facade = _SIGNATURE.get(kind, "check `{}`").format(place.argument)
        self._note(place.name, words, effect, facade)

    def _note(self, place: str, words: str, effect: Effect, facade: str) -> None:
        found = judge(place, words, effect, self.direction, operation=self.operation, facade=facade)
        self.changes.append(found)
