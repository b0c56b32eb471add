"""The committed contract: valid, described, needed to the last action, and true to its facts."""

import copy
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts.contract import documents, loading, overlay, validation
from scripts.contract.documents import Json
from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT
from tests.scripts.contract.test_facts import OBJECTS

VENDORED = loading.facts(ROOT)
ACTIONS = loading.read(ROOT / OVERLAY)
MERGED = loading.load(ROOT)
SCHEMAS: Json = MERGED["components"]["schemas"]


def nodes(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value inside `value`, with the keys that lead to it."""
    yield path, value
    entries: Iterable[tuple[object, Any]] = ()
    if isinstance(value, dict):
        entries = cast("Json", value).items()
    elif isinstance(value, list):
        entries = enumerate(cast("list[object]", value))
    for key, part in entries:
        yield from nodes(part, (*path, str(key)))


def media(document: Json) -> Iterator[tuple[str, Json]]:
    """Every request body and answer that has a content, and the operation that it is of."""
    for *_, operation in documents.operations(document):
        for part in (operation["requestBody"], *operation["responses"].values()):
            for content in part.get("content", {}).values():
                yield operation["operationId"], content


def without(number: int) -> Json:
    """The overlay, less one of its actions."""
    kept = [action for i, action in enumerate(ACTIONS["actions"]) if i != number]
    return {**ACTIONS, "actions": kept}


def test_the_merged_document_is_valid_openapi() -> None:
    """An independent validator finds nothing, before and after the overlay."""
    for document in (VENDORED, MERGED):
        assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_example_keeps_to_its_schema() -> None:
    """Each operation has an example of its request and its answer, and all are valid."""
    shown = list(media(MERGED))
    assert len(shown) == 8
    for name, content in shown:
        errors = validation.validator(content["schema"], MERGED).iter_errors(content["example"])
        assert [error.message for error in errors] == [], name


def test_dedicated_answers_may_mix_urls_and_base64() -> None:
    """The repaired answer takes both kinds of picture in one list, in formats not yet known."""
    answer = {"$ref": "#/components/schemas/ImageGenerationDedicatedResult"}
    items: list[Any] = [
        {"seed": 1, "response_format": "url", "url": "https://e/x"},
        {"seed": 2, "response_format": "webp", "b64_json": "AA=="},
    ]
    validator = validation.validator(answer, MERGED)
    assert validator.is_valid({"data": items})
    assert not validator.is_valid({"data": [{"seed": 1, "response_format": "url"}]})


@pytest.mark.parametrize("number", range(len(ACTIONS["actions"])))
def test_every_action_is_needed(number: int) -> None:
    """Without any one action the result differs, or a later action has nothing to stand on."""
    try:
        actual = overlay.apply(VENDORED, without(number))
    except overlay.OverlayError:
        return
    assert actual != MERGED


@pytest.mark.parametrize("number", range(len(ACTIONS["actions"])))
def test_every_action_is_refused_once_upstream_says_so_itself(number: int) -> None:
    """The action alone, on a document that has it already, is an error."""
    action = _without_lists(ACTIONS["actions"][number])
    with pytest.raises(overlay.OverlayError, match=r"matches nothing|changes nothing"):
        overlay.apply(MERGED, {"overlay": "1.0.0", "actions": [action]})


def _without_lists(action: Json) -> Json:
    """The action with no array in its update: those are appended again each time."""
    action = copy.deepcopy(action)
    for _, value in list(nodes(action.get("update", {}))):
        if isinstance(value, dict):
            entries = cast("Json", value)
            for key in [key for key, part in entries.items() if isinstance(part, list)]:
                del entries[key]
    return action


def test_the_overlay_cannot_be_applied_twice() -> None:
    """The first repair finds nothing left to repair."""
    with pytest.raises(overlay.OverlayError, match=r"overlay action 1 .*changes nothing"):
        overlay.apply(MERGED, ACTIONS)


def test_every_repair_has_its_reason_beside_it() -> None:
    """Above each block of repairs a comment says what upstream's schema gets wrong."""
    text = (ROOT / OVERLAY).read_text(encoding="utf-8")
    repairs = text.split("actions:\n")[1].split("# From here on")[0]
    blocks = [block for block in repairs.split("\n\n") if "target:" in block]
    assert len(blocks) >= 5
    assert [block for block in blocks if not block.lstrip().startswith("# ")] == []


def test_the_vendored_document_holds_no_prose() -> None:
    """Facts only: no description but an empty one, no title but the document's, no example."""
    for path, value in nodes(VENDORED):
        if path[-2:-1] == ("properties",) or not path:
            continue
        key = path[-1]
        assert key not in {"example", "examples", "summary", "externalDocs"}, path
        assert not key.startswith("x-"), path
        assert key != "description" or value == "", path
        assert key != "title" or path == ("info", "title"), path


def test_the_vendored_document_names_its_source() -> None:
    """Its header records the upstream sha256 that it agrees with, and the commit if known."""
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    header = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    assert re.search(r"^# commit: ([0-9a-f]{40}|unknown)$", header, re.MULTILINE)
    assert re.search(r"^# sha256: [0-9a-f]{64}$", header, re.MULTILINE)


def test_everything_that_a_user_meets_is_described() -> None:
    """Operations, their answers and headers, and all known properties are described by us."""
    described: dict[str, Json] = {}
    for *_, operation in documents.operations(MERGED):
        name = operation["operationId"]
        described[name] = operation
        described |= {f"{name}.{part['name']}": part for part in operation.get("parameters", [])}
        described |= {f"{name}.{code}": part for code, part in operation["responses"].items()}
        assert operation["summary"]
    for name, (_, known) in OBJECTS.items():
        properties = SCHEMAS[name]["properties"]
        described |= {f"{name}.{key}": properties[key] for key in known}
    lacking = [name for name, part in described.items() if not part.get("description", "").strip()]
    assert lacking == []


def test_descriptions_are_sentences() -> None:
    """Each begins with a capital or a code, ends with a full stop and fits on two lines."""
    for path, value in nodes(MERGED):
        if path[-1:] == ("description",) and isinstance(value, str):
            assert re.fullmatch(r"[A-Z`].{8,140}\.", value), path


def test_every_reference_resolves_and_every_schema_is_used() -> None:
    """The slice is closed: it lacks no schema and carries none that nothing refers to."""
    prefix = "#/components/schemas/"
    referred = {value for path, value in nodes(MERGED) if path[-1:] == ("$ref",)}
    assert referred == {prefix + name for name in SCHEMAS}


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str, length: int = 9) -> set[tuple[str, ...]]:
    """Every run of nine words in a text."""
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def test_no_sentence_is_upstreams() -> None:
    """No run of nine words in openapi/ stands in a text of upstream's document."""
    upstream = os.environ.get("FRIENDLI_UPSTREAM")
    if not upstream:
        pytest.skip("FRIENDLI_UPSTREAM does not name upstream's openapi.yaml")
    document: Any = yaml.load(Path(upstream).read_text("utf-8"), Loader=yaml.CSafeLoader)
    theirs: set[tuple[str, ...]] = set()
    for _, value in nodes(document):
        theirs |= runs(value) if isinstance(value, str) else set()
    assert len(theirs) > 1000
    ours = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "openapi").rglob("*"))
        if path.is_file()
    }
    ours["the merged document"] = yaml.safe_dump(MERGED, sort_keys=False, width=10**6)
    copied = {name: runs(text) & theirs for name, text in ours.items()}
    assert copied == {name: set[tuple[str, ...]]() for name in ours}


def test_runs_of_words_are_found_across_lines_and_marks() -> None:
    """The comparison sees through comments, line breaks, case and punctuation."""
    text = "# One, two three\n  # `four` FIVE six; seven\n#  eight (nine) ten"
    spoken = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    assert runs(text) == {tuple(spoken[:9]), tuple(spoken[1:])}


def test_two_operations_of_one_name_are_refused() -> None:
    """They could not be told apart, neither by rules nor by methods."""
    path, other = (item["post"] for item in list(MERGED["paths"].values())[:2])
    paths = {**MERGED["paths"], "/a": {"post": {**other, "operationId": path["operationId"]}}}
    (line,) = validation.problems({**MERGED, "paths": paths})
    assert f"'{path['operationId']}'" in line
    assert line.endswith("is not unique")
