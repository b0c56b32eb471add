"""Documents as they are read: fetched, within bounds, with an error that says what is wrong."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from scripts.contract import documents, fetching, loading, validation, yaml_documents
from scripts.contract.documents import ContractError, Json, ShapeError
from scripts.contract.fetching import fetch
from scripts.contract.plain_text import error_line, printable
from tests.scripts.trees import change
from tests.servers import Received, Reply, recording

MIB = 2**20


def nested(depth: int) -> str:
    return "a: " + "[" * (depth - 1) + "]" * (depth - 1) + "\n"


def expanded(count: int) -> str:
    """A text of that many values: one list, named many times, and some single ones."""
    # The object and its two lists, with their keys, are five values.
    often, rest = divmod(count - 5 - 999, 1000)
    lists = ", ".join(["*x"] * often + ["1"] * rest)
    return f"a: &x [{', '.join(['1'] * 999)}]\nb: [{lists}]\n"


def test_a_document_may_be_nested_a_hundred_deep() -> None:
    """One level more is refused before it is built."""
    assert yaml_documents.parse(nested(100)).keys() == {"a"}
    with pytest.raises(ValueError, match="nested more than 100 levels deep"):
        yaml_documents.parse(nested(101))


def test_a_document_may_hold_a_million_values() -> None:
    """However they are written: what an alias names counts whenever it is named."""
    assert yaml_documents.parse(expanded(20_000))["b"][0] == [1] * 999
    for text, most in ((expanded(20_000), 20_000), ("{a: 1, b: 2}", 5), ("a: [1, [2]]", 6)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_documents, "_LARGEST", most)
            yaml_documents.parse(text)
            patch.setattr(yaml_documents, "_LARGEST", most - 1)
            with pytest.raises(ValueError, match=f"more than {most - 1} values"):
                yaml_documents.parse(text)
    with pytest.raises(ValueError, match="more than 1000000 values"):
        yaml_documents.parse(expanded(1_000_001))


def test_yaml_is_written_as_people_write_it() -> None:
    """Keys in their order, lists indented, no anchors, lines of a hundred."""
    shared = ["b"]
    assert yaml_documents.dump({"z": shared, "a": shared}) == "z:\n  - b\na:\n  - b\n"
    for key, width in (("t", 102), ("tt", 101)):
        first, *_ = yaml_documents.dump({key: "w " * 99 + "w"}).splitlines()
        assert len(first) == width


def test_a_file_of_32_mib_is_read(tmp_path: Path) -> None:
    """One byte more is refused, and no more is read than that."""
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(32 * MIB)
    assert len(fetch(str(path)).text) == 32 * MIB
    with path.open("ab") as file:
        file.truncate(1000 * MIB)
    with pytest.raises(ContractError, match=r"large\.yaml: is larger than 33554432 bytes"):
        fetch(str(path))


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may send as much as a file may hold."""
    content = b"a: 1\n" * 200_000

    def answer(request: Received) -> Reply:
        return 200, {}, content

    with recording(answer) as server:
        monkeypatch.setattr(fetching, "_LARGEST", len(content))
        assert fetch(server.url).text.encode() == content
        monkeypatch.setattr(fetching, "_LARGEST", len(content) - 1)
        with pytest.raises(ContractError, match="is larger than 999999 bytes"):
            fetch(server.url)


def test_a_document_that_comes_for_two_minutes_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it takes no longer than that, and comes as plain text."""

    def seconds(passed: float) -> None:
        clock = iter([0, *[passed] * 10**4])
        monkeypatch.setattr(fetching, "monotonic", lambda: next(clock))

    seconds(120)
    with recording(lambda request: (200, {"Content-Encoding": " IDENTITY"}, b"a: 1")) as server:
        assert fetch(server.url).text == "a: 1"
        seconds(120.5)
        with pytest.raises(ContractError, match="is not there after 120 seconds"):
            fetch(server.url)
    with recording(lambda request: (200, {"Content-Encoding": "br"}, b"a: 1")) as server:
        seconds(0)
        with pytest.raises(ContractError, match="the server answers in br, though it was asked"):
            fetch(server.url)


def test_a_moved_document_is_followed() -> None:
    """A redirect leads to it, and the report names where it was asked for."""

    def answer(request: Received) -> Reply:
        if request.path == "/old":
            return 302, {"Location": "/new"}, b""
        return 200, {}, b"a: 1"

    with recording(answer) as server:
        found = fetch(f"{server.url}/old#fragment")
        assert (found.text, found.source) == ("a: 1", f"{server.url}/old")


def test_what_is_known_of_a_file(tmp_path: Path) -> None:
    """Its name and its hash, not where it lay; a byte order mark is no text."""
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    found = fetch(str(path), "f" * 40)
    assert (found.text, found.source, found.commit) == ("a: 1", "mine.yaml", "f" * 40)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert fetch(str(path)).commit is None


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """With its path, and why: it is no text, no object, or not there."""
    path = tmp_path / "mine.yaml"
    for content, reason in ((b"\xff", "cannot be read as YAML"), (b"[]", "is empty, or not an")):
        path.write_bytes(content)
        with pytest.raises(ContractError, match=rf"mine\.yaml: {reason}"):
            loading.read(path)
    with pytest.raises(ContractError, match=r"other\.yaml: .*No such file"):
        loading.read(tmp_path / "other.yaml")


def test_an_action_that_cannot_be_carried_out_is_named_with_its_file(tree: Path) -> None:
    """The overlay is ours, so the error says that it is in it."""
    change(tree, lambda overlay: overlay["actions"].insert(0, "remove it"), loading.OVERLAY)
    with pytest.raises(
        ContractError, match=r"^openapi/overlay\.yaml: overlay action 1: must be an"
    ):
        loading.load(tree)


def document(**parts: Any) -> Json:
    answer = {"description": "", "content": {"text/plain": parts.pop("media", {})}}
    operation = {"operationId": "do", "responses": {"200": answer}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/do": {"post": operation}},
        **parts,
    }


NUMBERS = {"type": "array", "items": {"type": "integer"}}
# A document, and all that is said of it.
PROBLEMS: list[tuple[Json, list[str]]] = [
    (document(), []),
    (document(media={"schema": NUMBERS, "example": [1]}), []),
    (
        document(media={"schema": NUMBERS, "example": ["a" * 200, "b"]}),
        [
            f'do: the example ["{"a" * 98} breaks its schema: {"a" * 200!r} is not of type '
            "'integer'",
            f"do: the example [\"{'a' * 98} breaks its schema: 'b' is not of type 'integer'",
        ],
    ),
    (document(paths={}), ["the document has no operations"]),
    (
        document(info=3),
        ["not valid OpenAPI 3.1: at info: 3 is not of type 'object'"],
    ),
    (
        {"openapi": "3.1.0", "paths": {}},
        ["not valid OpenAPI 3.1: at the top: 'info' is a required property"],
    ),
    (
        document(media={"schema": {"$ref": "#/components/schemas/No"}}),
        [
            "not valid OpenAPI 3.1: the reference /components/schemas/No leads to nothing in the "
            "document"
        ],
    ),
]


@pytest.mark.parametrize(("whole", "lines"), PROBLEMS, ids=range(len(PROBLEMS)))
def test_what_is_wrong_with_a_document_is_said(whole: Json, lines: list[str]) -> None:
    """Its shape first, with the place; else each example that breaks its schema, shortened."""
    assert list(validation.problems(whole)) == lines
    if lines:
        with pytest.raises(ContractError) as caught:
            validation.validate(whole)
        assert str(caught.value) == lines[0]
    else:
        validation.validate(whole)


def test_the_examples_of_a_request_count_too() -> None:
    """As those of any answer."""
    whole = document()
    body = {"content": {"a/b": {"schema": {"type": "string"}, "example": 1}}}
    whole["paths"]["/do"]["post"]["requestBody"] = body
    assert list(validation.problems(whole)) == [
        "do: the example 1 breaks its schema: 1 is not of type 'string'"
    ]


def test_no_reference_is_fetched(tmp_path: Path) -> None:
    """Neither a file nor a URL, though it is there: what a `$ref` names must be in the document."""
    path = tmp_path / "schema.json"
    path.write_text("{}", encoding="utf-8")
    with recording(lambda request: (200, {"Content-Type": "application/json"}, b"{}")) as server:
        for place in (path.as_uri(), server.url):
            [line] = validation.problems(document(media={"schema": {"$ref": place}}))
            assert line.startswith("not valid OpenAPI 3.1: ")
        assert server.requests == []


def test_what_the_validator_stumbles_over_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parameter that has no name, a schema that contains itself: in a line, as all else is."""
    whole = document()
    whole["paths"]["/do"]["parameters"] = [{"$ref": "#/info"}]
    assert list(validation.problems(whole)) == ["not valid OpenAPI 3.1: KeyError('name')"]
    alias = {"allOf": [{"$ref": "#/components/schemas/A"}]}
    circle = document(media={"schema": alias}, components={"schemas": {"A": alias}})
    [line] = validation.problems(circle)
    assert line.startswith("not valid OpenAPI 3.1: RecursionError(")
    for error in (AttributeError, TypeError, ValueError):

        class Stumbling:
            def __init__(self, document: object) -> None:
                raise error("a reason")  # noqa: B023 - it is made at once

        monkeypatch.setattr(validation, "_SpecValidator", Stumbling)
        assert list(validation.problems(whole)) == [
            f"not valid OpenAPI 3.1: {error.__name__}('a reason')"
        ]


def test_a_wrong_shape_is_explained_where_it_can_be() -> None:
    """By the validator, where it finds something; else in the words there are."""
    for whole, error in ((document(info=3), ContractError), (document(), ShapeError)):
        with pytest.raises(error) as caught, validation.explained(whole), documents.shaped():
            raise TypeError("a reason")
        expected = "at info" if whole["info"] == 3 else "not shaped as OpenAPI says: TypeError"
        assert expected in str(caught.value)


def test_a_shared_part_is_looked_up_through_others() -> None:
    """A reference to a reference too; to nowhere, to another kind or in a circle it is an error."""
    shared = {
        "headers": {
            "A": {"$ref": "#/components/headers/B"},
            "B": {"x": 1},
            "C": {"$ref": "#/components/headers/D"},
            "D": {"$ref": "#/components/headers/C"},
        }
    }
    whole = {"components": shared}
    found = documents.resolved({"$ref": "#/components/headers/A"}, "headers", whole)
    assert found == {"x": 1}
    for name in ("#/components/headers/E", "#/components/schemas/A", "A", "#/components/headers/C"):
        with pytest.raises(ContractError, match=r"the reference \S+ leads nowhere"):
            documents.resolved({"$ref": name}, "headers", whole)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ({"openapi": "3.0.3"}, "3.0.3"),
        ({"openapi": "3.2.0"}, "3.2.0"),
        ({"openapi": 3.1}, "3.1"),
        ({"swagger": "2.0"}, "2.0"),
        ({}, "without version"),
    ],
)
def test_another_version_is_refused(version: Json, said: str) -> None:
    """By its number, whatever the document calls it."""
    with pytest.raises(ContractError, match=f"must be OpenAPI 3.1, not {said}$"):
        documents.check_version(version)


def test_text_of_strangers_stays_on_one_line() -> None:
    """Breaks and escapes are seen, and nothing that can be read is lost."""
    assert printable("é 中\n\x1b[2J\u202e") == r"é 中\n\x1b[2J\u202e"
    assert error_line(ValueError(" a\n  b\tc\x00 ")) == r"a b c\x00"
