"""The Overlay 1.0 engine: what each action does, and what it refuses to do silently."""

import copy
from typing import Any

import pytest

from scripts.contract.overlay import OverlayError, apply, apply_what_fits

Json = dict[str, Any]


def merged(document: Json, *actions: Json) -> Json:
    return apply(document, {"overlay": "1.0.0", "actions": list(actions)})


def test_update_merges_objects_recursively() -> None:
    """An update adds and replaces what it names, at any depth, and keeps its siblings."""
    document = {"info": {"title": "old", "contact": {"name": "N", "url": "U"}}, "rest": 1}
    update = {"title": "new", "contact": {"url": "V", "email": "E"}}
    actual = merged(document, {"target": "$.info", "update": update})
    contact = {"name": "N", "url": "V", "email": "E"}
    assert actual == {"info": {"title": "new", "contact": contact}, "rest": 1}


def test_update_of_the_root_merges_into_the_document() -> None:
    """The target `$` is the whole document."""
    assert merged({"a": 1}, {"target": "$", "update": {"b": 2}}) == {"a": 1, "b": 2}


def test_update_concatenates_arrays_inside_objects() -> None:
    """An array that both sides have becomes theirs followed by ours."""
    document = {"op": {"tags": ["a", "b"]}}
    actual = merged(document, {"target": "$.op", "update": {"tags": ["b", "c"]}})
    assert actual == {"op": {"tags": ["a", "b", "b", "c"]}}


@pytest.mark.parametrize("entry", [{"name": "b"}, "b", ["b"], None])
def test_update_of_an_array_appends_the_entry(entry: object) -> None:
    """An array as target gets the update as one new entry, of whatever type."""
    actual = merged({"tags": [{"name": "a"}]}, {"target": "$.tags", "update": entry})
    assert actual == {"tags": [{"name": "a"}, entry]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((1, 2), (1, "1"), (1.5, None), ("text", "other"), ("text", ["text"]), (None, False)),
        *((True, False), (True, {"b": 2}), ({"a": 1}, None), ({"a": 1}, [1]), (None, {})),
    ],
)
def test_update_replaces_values_of_other_types(old: object, new: object) -> None:
    """Where not both are objects or both are arrays, ours stands in the place of theirs."""
    assert merged({"o": {"k": old}}, {"target": "$.o", "update": {"k": new}}) == {"o": {"k": new}}


def test_update_replaces_an_array_by_an_object() -> None:
    """An array inside an object gives way to a value that is none."""
    assert merged({"o": {"k": [1]}}, {"target": "$.o", "update": {"k": 1}}) == {"o": {"k": 1}}


@pytest.mark.parametrize(("old", "new"), [(1, True), (False, 0), ([1], None), ({"a": 0}, False)])
def test_true_is_not_one(old: object, new: object) -> None:
    """A number replaced by the bool that Python holds for equal is a change like any other."""
    actual = merged({"o": {"k": old}}, {"target": "$.o", "update": {"k": new}})
    assert actual["o"]["k"] is new


def test_an_update_that_changes_one_of_its_matches_is_needed() -> None:
    """An action over several places may find some of them as it would leave them."""
    document = {"a": {"max": 50}, "b": {}}
    actual = merged(document, {"target": "$[*]", "update": {"max": 50}})
    assert actual == {"a": {"max": 50}, "b": {"max": 50}}


def test_every_match_gets_a_copy_of_its_own() -> None:
    """What one action wrote in two places is patched apart by the next."""
    actual = merged(
        {"a": {}, "b": {}},
        {"target": "$[*]", "update": {"list": [1], "object": {}}},
        {"target": "$.a.list", "update": 2},
        {"target": "$.a.object", "update": {"k": 1}},
    )
    assert actual == {"a": {"list": [1, 2], "object": {"k": 1}}, "b": {"list": [1], "object": {}}}


def test_places_that_share_an_object_are_patched_apart() -> None:
    """A document read from YAML with aliases holds one object twice; an action means one place."""
    shared = {"type": "string"}
    actual = merged({"a": shared, "b": shared}, {"target": "$.a", "update": {"minLength": 1}})
    assert actual == {"a": {"type": "string", "minLength": 1}, "b": {"type": "string"}}


def test_actions_run_in_order() -> None:
    """Each action sees what those before it made."""
    actual = merged(
        {"a": {"x": 1}},
        {"target": "$.a.x", "remove": True},
        {"target": "$.a", "update": {"y": {}}},
        {"target": "$.a.y", "update": {"z": 3}},
    )
    assert actual == {"a": {"y": {"z": 3}}}


def test_remove_deletes_keys() -> None:
    """Every key that the target matches is gone, and nothing else."""
    document = {"a": {"x": 1, "y": 2}, "b": {"x": 3}}
    assert merged(document, {"target": "$[*].x", "remove": True}) == {"a": {"y": 2}, "b": {}}


def test_remove_deletes_items_of_lists_from_the_back() -> None:
    """Removing several entries of one list takes those that matched, not their successors."""
    document = {"list": [1, 2, 3, 4, 5, 6]}
    assert merged(document, {"target": "$.list[?@ > 2]", "remove": True}) == {"list": [1, 2]}
    assert merged(document, {"target": "$.list[::2]", "remove": True}) == {"list": [2, 4, 6]}
    assert merged(document, {"target": "$.list[0,1,5]", "remove": True}) == {"list": [3, 4, 5]}


@pytest.mark.parametrize("indexes", ["1,0", "0,0,1", "-1,0", "::-1"])
def test_remove_does_not_depend_on_the_order_of_matches(indexes: str) -> None:
    """A JSONPath may match out of order, or one place twice: each place is removed once."""
    document = {"list": [0, 1, 2]}
    expected = {"1,0": [2], "0,0,1": [2], "-1,0": [1], "::-1": []}[indexes]
    assert merged(document, {"target": f"$.list[{indexes}]", "remove": True}) == {"list": expected}


def test_remove_of_a_key_matched_twice() -> None:
    """A key that the target names twice is removed once."""
    assert merged({"a": 1, "b": 2}, {"target": "$['a','a']", "remove": True}) == {"b": 2}


def test_remove_of_nested_matches() -> None:
    """A match inside another match is removed with it."""
    document = {"a": {"x": {"x": 1}}, "keep": 1}
    assert merged(document, {"target": "$..x", "remove": True}) == {"a": {}, "keep": 1}


def test_remove_false_with_update_updates() -> None:
    """`remove: false` is what the specification has for default, so it removes nothing."""
    action = {"target": "$.a", "update": {"y": 2}, "remove": False}
    assert merged({"a": {"x": 1}}, action) == {"a": {"x": 1, "y": 2}}


def test_descriptions_and_extensions_of_actions_are_allowed() -> None:
    """The specification gives an action a description, and keys that begin with x-."""
    action = {"target": "$.a", "description": "why", "x-since": "today", "update": {"y": 2}}
    assert merged({"a": {}}, action) == {"a": {"y": 2}}


def test_no_actions_leave_the_document_as_it_is() -> None:
    """An overlay without actions is a copy, equal and not the same."""
    document = {"a": {"b": [1]}}
    for overlay in ({"overlay": "1.0.0"}, {"overlay": "1.0.1", "actions": None}):
        actual = apply(document, overlay)
        assert actual == document
        assert actual["a"] is not document["a"]


def test_the_inputs_are_not_mutated() -> None:
    """Both documents are as they were, also after writing to the result."""
    document = {"a": {"list": [1], "gone": 1}}
    overlay: Json = {
        "overlay": "1.0.0",
        "actions": [
            {"target": "$.a", "update": {"list": [2], "new": {"deep": []}}},
            {"target": "$.a.new.deep", "update": {"k": 1}},
            {"target": "$.a.gone", "remove": True},
        ],
    }
    before = copy.deepcopy((document, overlay))
    actual = apply(document, overlay)
    actual["a"]["new"]["deep"][0]["k"] = 2
    assert (document, overlay) == before


def test_the_order_of_keys_is_kept() -> None:
    """Replacing a value keeps its place and new keys come last: generators depend on it."""
    document = {"z": {"b": 1, "a": 1}, "y": {}}
    actual = merged(document, {"target": "$.z", "update": {"0": 0, "b": 2}})
    assert (list(actual), list(actual["z"])) == (["z", "y"], ["b", "a", "0"])


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ({"target": "$.nowhere", "update": {"x": 1}}, "matches nothing"),
        ({"target": "$.nowhere", "remove": True}, "matches nothing"),
        ({"target": "$.a.tags[?@.name=='z']", "remove": True}, "matches nothing"),
        ({"target": "$.a", "update": {"x": 1}}, "changes nothing"),
        ({"target": "$.a", "update": {"deep": {"y": 1}}}, "changes nothing"),
        ({"target": "$.a", "update": {}}, "changes nothing"),
        ({"target": "$.a", "update": {"tags": []}}, "changes nothing"),
        ({"target": "$.a", "updat": {"z": 1}}, "unknown keys .*updat"),
        ({"target": "$.a", "update": {"z": 1}, "copy": "$.b"}, "unknown keys .*copy"),
        ({"target": "$.a", "update": {"z": 1}, "remove": True}, "not both"),
        ({"target": "$.a"}, "needs `update`"),
        ({"target": "$.a", "remove": False}, "needs `update`"),
        ({"target": "$.a", "remove": "true"}, "needs `update`"),
        ({"target": "$.a[", "remove": True}, "not a JSONPath"),
        ({"target": "a.x", "remove": True}, "not a JSONPath"),
        ({"target": "", "remove": True}, "not a JSONPath|matches nothing"),
        ({"remove": True}, "not a JSONPath"),
        ({"target": "$", "remove": True}, "whole document"),
        ({"target": "$.a.x", "update": {"z": 1}}, "only objects and arrays"),
        ({"target": "$.a.x", "update": 2}, "only objects and arrays"),
        ({"target": "$.a", "update": [1]}, "only objects and arrays"),
        ({"target": "$.a", "update": None}, "only objects and arrays"),
    ],
)
def test_an_action_that_cannot_be_meant_is_an_error(action: Json, reason: str) -> None:
    """The error gives the action's number, counted from one, and what is wrong with it."""
    document = {"a": {"x": 1, "deep": {"y": 1}, "tags": [{"name": "t"}]}}
    fine = {"target": "$.a", "update": {"fine": 1}}
    with pytest.raises(OverlayError, match=rf"overlay action 2 .*({reason})"):
        merged(document, fine, action)


TWO = {"a": {"x": 1}, "b": {"x": 2}}


@pytest.mark.parametrize(("fits", "reason"), [(3, "fits 2 of the 3 places"), (2, ""), (1, "")])
def test_an_action_knows_how_many_places_it_fits(fits: int, reason: str) -> None:
    """Fewer are an error, for a repair has been lost; more are carried out, and told."""
    action = {"target": "$[*]", "x-fits": fits, "update": {"y": 1}}
    overlay = {"overlay": "1.0.0", "actions": [action]}
    if reason:
        with pytest.raises(OverlayError, match=reason):
            apply(TWO, overlay)
        return
    applied = apply_what_fits(TWO, overlay)
    assert applied.document == {"a": {"x": 1, "y": 1}, "b": {"x": 2, "y": 1}}
    assert ["fits 2 places" in line for line in applied.wider] == ([True] if fits == 1 else [])


@pytest.mark.parametrize("fits", [0, -1, True, "2", None, 1.5])
def test_a_number_of_places_is_a_number(fits: object) -> None:
    """Anything else is refused by name."""
    with pytest.raises(OverlayError, match="x-fits must be a number of places"):
        merged(TWO, {"target": "$[*]", "x-fits": fits, "remove": True})


def test_an_update_brings_nothing_back() -> None:
    """What is missing below its target was taken away upstream; at its target it may be new."""
    document: Json = {"post": {"body": {"content": {"form": {}}}}}
    example = {"body": {"content": {"json": {"example": 1}}}}
    with pytest.raises(OverlayError, match=r"`body\.content\.json` is not there any more"):
        merged(document, {"target": "$.post", "update": example})
    actual = merged(document, {"target": "$.post.body.content", "update": {"json": {"a": {}}}})
    assert actual["post"]["body"]["content"] == {"form": {}, "json": {"a": {}}}


def test_an_action_that_is_stale_changes_nothing() -> None:
    """Not even those of its places that it would have fitted; the next are carried out."""
    document: Json = {"a": {"deep": {"x": {}}}, "b": {"deep": {}}}
    update = {"deep": {"x": {"y": 1}}}
    actions: list[Json] = [{"target": "$[*]", "x-fits": 2, "update": update}]
    applied = apply_what_fits(document, {"overlay": "1.0.0", "actions": actions})
    assert applied.document == document
    assert len(applied.stale) == 1
    actions += [{"target": "$.b", "update": {"y": 1}}, {"target": "$.c", "remove": True}]
    applied = apply_what_fits(document, {"overlay": "1.0.0", "actions": actions})
    assert applied.document == {**document, "b": {"deep": {}, "y": 1}}
    assert len(applied.stale) == 2


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0", "1.0", 1.0, "", None, "3.1.0"])
def test_another_version_is_refused(version: object) -> None:
    """Only Overlay 1.0.x is understood, and the error names what was given."""
    with pytest.raises(OverlayError, match=r"must be 1\.0\.x"):
        apply({"a": 1}, {"overlay": version, "actions": []})


def test_a_document_without_a_version_is_no_overlay() -> None:
    """A YAML file that lacks the `overlay` key is refused, not taken for an empty overlay."""
    with pytest.raises(OverlayError, match="overlay"):
        apply({"a": 1}, {"actions": []})
