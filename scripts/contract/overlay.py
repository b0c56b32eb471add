"""An OpenAPI Overlay 1.0 engine, strict where the specification is silent.

The specification lets an action match nothing. Here that is an error, and so is an update
that changes nothing: a repair which upstream has made itself must be deleted. An action says
with `x-fits` how many places it fits, if that is more than one: where it fits fewer, a repair
has been lost. An update adds nothing but at its target: what it finds missing further down,
upstream has taken away.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

import attrs
from jsonpath import JSONPathEnvironment, JSONPathError, JSONPathMatch

_KEYS = {"target", "description", "update", "remove"}
_jsonpath = JSONPathEnvironment(strict=True)


class OverlayError(Exception):
    """An overlay that is not one, or an action that does nothing."""


class StaleActionError(OverlayError):
    """An action that does nothing, because upstream has changed."""


@attrs.frozen
class Applied:
    """A document with an overlay's actions carried out, but for those that are stale.

    `wider` says of each action that fits more places than it knows of how many those are.
    """

    document: dict[str, Any]
    stale: list[StaleActionError]
    wider: list[str]


def apply(document: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `document` with every action of `overlay` carried out, in order."""
    applied = apply_what_fits(document, overlay)
    for error in applied.stale:
        raise error
    return applied.document


def apply_what_fits(document: Mapping[str, Any], overlay: Mapping[str, Any]) -> Applied:
    """The same, but an action that does nothing, or less than it did, is passed over."""
    if str(overlay.get("overlay", "")).rpartition(".")[0] != "1.0":
        raise OverlayError(f"overlay: must be 1.0.x, not {overlay.get('overlay')!r}")
    applied = Applied(_apart(document), [], [])
    for number, action in enumerate(overlay.get("actions") or (), start=1):
        if not _is_object(action):
            raise OverlayError(f"overlay action {number}: must be an object, not {action!r}")
        name = f"overlay action {number} ({action.get('target')})"
        try:
            fitting = _carry_out(action, applied.document, name)
        except StaleActionError as error:
            applied.stale.append(error)
            continue
        if fitting > action.get("x-fits", 1):
            look = f"see that it is meant for all of them, and give it `x-fits: {fitting}`"
            applied.wider.append(f"{name}: fits {fitting} places: {look}")
    return applied


def count(document: Mapping[str, Any], target: str) -> int:
    """How many places of a document a JSONPath leads to."""
    return len({match.parts for match in _jsonpath.finditer(target, document)})


def _carry_out(action: Mapping[str, Any], document: dict[str, Any], name: str) -> int:
    """Changes the document, and says in how many places."""
    unknown = {key for key in action if key not in _KEYS and not key.startswith("x-")}
    if unknown:
        raise OverlayError(f"{name}: has unknown keys {sorted(unknown)}")
    removing = action.get("remove", False)
    if removing is True and "update" in action:
        raise OverlayError(f"{name}: either updates or removes, not both")
    if removing is not True and "update" not in action:
        raise OverlayError(f"{name}: needs `update`, or `remove: true`")
    known = action.get("x-fits", 1)
    if type(known) is not int or known < 1:
        raise OverlayError(f"{name}: x-fits must be a number of places, not {known!r}")
    try:
        # Each place once: a JSONPath may lead to it twice.
        places = {match.parts: match for match in _jsonpath.finditer(action["target"], document)}
    except (KeyError, JSONPathError) as error:
        reason = error.args[0]
        raise OverlayError(f"{name}: target is not a JSONPath (RFC 9535): {reason}") from error
    if len(places) < known:
        fits = (
            f"fits {len(places)} of the {known} places that it did" if places else "matches nothing"
        )
        raise StaleActionError(f"{name}: {fits}; upstream has changed, so repair or delete it")
    if removing is True:
        # From the back: removing an entry of a list moves those behind it.
        for _, match in sorted(places.items(), reverse=True):
            _remove(match, name)
        return len(places)
    for match in places.values():
        for path in _missing(match.obj, action["update"]):
            gone = f"`{path}` is not there any more; name it as the target if it is to be added"
            raise StaleActionError(f"{name}: {gone}")
    changed = [_update(match.obj, action["update"], name) for match in places.values()]
    if not any(changed):
        raise StaleActionError(f"{name}: changes nothing; upstream says so itself, so delete it")
    return len(places)


def _missing(target: Any, update: Any, path: str = "") -> Iterator[str]:
    """The objects below a target that an update speaks of, and that are not there."""
    if not _is_object(target) or not _is_object(update):
        return
    for key, value in update.items():
        if _is_object(value):
            if key in target:
                yield from _missing(target[key], value, f"{path}{key}.")
            elif path:
                yield path + key


def _remove(match: JSONPathMatch, name: str) -> None:
    if match.parent is None:
        raise OverlayError(f"{name}: cannot remove the whole document")
    container: Any = match.parent.obj
    del container[match.parts[-1]]


def _update(target: Any, update: Any, name: str) -> bool:
    """Whether merging `update` into `target`, in place, changed it."""
    if _is_array(target):
        target.append(copy.deepcopy(update))
        return True
    if not _is_object(target) or not _is_object(update):
        raise OverlayError(f"{name}: only objects and arrays can be updated")
    changed = False
    for key, value in update.items():
        present = target.get(key)
        if _is_object(present) and _is_object(value):
            changed |= _update(present, value, name)
        elif _is_array(present) and _is_array(value):
            present.extend(copy.deepcopy(value))
            changed |= bool(value)
        elif key not in target or type(present) is not type(value) or present != value:
            target[key] = copy.deepcopy(value)
            changed = True
    return changed


def _apart(value: Any) -> Any:
    """A copy in which no two places share an object, as those of YAML's aliases do."""
    if _is_object(value):
        return {key: _apart(part) for key, part in value.items()}
    return [_apart(part) for part in value] if _is_array(value) else value


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
