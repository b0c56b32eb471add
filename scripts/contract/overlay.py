"""An OpenAPI Overlay 1.0 engine, strict where the specification is silent.

The specification lets an action match nothing. Here that is an error, and so is an update
that changes nothing: a repair which upstream has made itself must be deleted.
"""

import copy
from collections.abc import Mapping
from typing import Any, TypeGuard

from jsonpath import JSONPathEnvironment, JSONPathError, JSONPathMatch

_KEYS = {"target", "description", "update", "remove"}
_jsonpath = JSONPathEnvironment(strict=True)


class OverlayError(Exception):
    """An overlay that is not one, or an action that does nothing."""


class StaleActionError(OverlayError):
    """An action that does nothing, because upstream has changed."""


def apply(document: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `document` with every action of `overlay` carried out, in order."""
    merged, stale = apply_what_fits(document, overlay)
    for error in stale:
        raise error
    return merged


def apply_what_fits(
    document: Mapping[str, Any], overlay: Mapping[str, Any]
) -> tuple[dict[str, Any], list[StaleActionError]]:
    """The same, but an action that does nothing is passed over; and all of those."""
    if str(overlay.get("overlay", "")).rpartition(".")[0] != "1.0":
        raise OverlayError(f"overlay: must be 1.0.x, not {overlay.get('overlay')!r}")
    merged: dict[str, Any] = _apart(document)
    stale: list[StaleActionError] = []
    for number, action in enumerate(overlay.get("actions") or (), start=1):
        if not _is_object(action):
            raise OverlayError(f"overlay action {number}: must be an object, not {action!r}")
        try:
            _carry_out(action, merged, f"overlay action {number} ({action.get('target')})")
        except StaleActionError as error:
            stale.append(error)
    return merged, stale


def matches(document: Mapping[str, Any], target: str) -> bool:
    """Whether a JSONPath leads anywhere in a document."""
    return _jsonpath.match(target, document) is not None


def _carry_out(action: Mapping[str, Any], document: dict[str, Any], name: str) -> None:
    unknown = {key for key in action if key not in _KEYS and not key.startswith("x-")}
    if unknown:
        raise OverlayError(f"{name}: has unknown keys {sorted(unknown)}")
    removing = action.get("remove", False)
    if removing is True and "update" in action:
        raise OverlayError(f"{name}: either updates or removes, not both")
    if removing is not True and "update" not in action:
        raise OverlayError(f"{name}: needs `update`, or `remove: true`")
    try:
        matches = list(_jsonpath.finditer(action["target"], document))
    except (KeyError, JSONPathError) as error:
        reason = error.args[0]
        raise OverlayError(f"{name}: target is not a JSONPath (RFC 9535): {reason}") from error
    if not matches:
        reason = "matches nothing; upstream has changed, so repair or delete it"
        raise StaleActionError(f"{name}: {reason}")
    if removing is True:
        # Each place once, and from the back: removing an entry of a list moves those behind it.
        places = {match.parts: match for match in matches}
        for _, match in sorted(places.items(), reverse=True):
            _remove(match, name)
        return
    changed = [_update(match.obj, action["update"], name) for match in matches]
    if not any(changed):
        raise StaleActionError(f"{name}: changes nothing; upstream says so itself, so delete it")


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
