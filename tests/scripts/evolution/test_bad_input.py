"""What is no document of Friendli's: one line of error, exit 2, and the tree as it was."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.contract.yaml_documents import parse
from tests.scripts.evolution.contracts import Mutation, operation, schema
from tests.scripts.trees import snapshot

from .conftest import Sync, Upstream

pytestmark = pytest.mark.slow

BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)

TEXTS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is empty"),
    "a comment": (b"# nothing\n", "is empty"),
    "a list": (b"- a\n", "not an object"),
    "a web page": (b"<!DOCTYPE html>\n<html><body>Hello</body></html>", "web page"),
    "a web page in capitals": (b"\n  <HTML>Hello</HTML>", "web page"),
    "no YAML": (b"a: b: c\n", "cannot be read as YAML"),
    "bytes": (b"\x00\xff\xfe\x01", "cannot be read"),
    "a bomb": (BOMB.encode(), "more than"),
    "an alias of itself": (b"a: &a [*a]\n", "contains itself"),
    "an unknown alias": (b"a: *b\n", "cannot be read as YAML"),
    "a deep nest": (b"[" * 100_000, "levels deep"),
    "a key twice": (b"openapi: 3.1.0\nopenapi: 3.1.0\n", "'openapi' stands twice"),
    "a key that is a list": (b"? [a]\n: b\n", "cannot be read as YAML"),
    "a tag that does not fit": (b"a: !!bool x\n", "cannot be read as YAML"),
    "a Python object": (b"a: !!python/object/apply:os.getcwd []\n", "cannot be read as YAML"),
    "a huge number": (b"a: " + b"9" * 5000, "cannot be read as YAML"),
    "infinity": (b"a: .inf\n", "what JSON cannot"),
    "two documents": (b"a: 1\n---\nb: 2\n", "cannot be read as YAML"),
    "OpenAPI 3.0": (b"openapi: 3.0.3\npaths: {}\n", "must be OpenAPI 3.1, not 3.0.3"),
    "Swagger 2.0": (b"swagger: '2.0'\npaths: {}\n", "must be OpenAPI 3.1, not 2.0"),
    "no version": (b"paths: {}\n", "must be OpenAPI 3.1"),
    "no paths": (b"openapi: 3.1.0\ninfo: {title: a, version: b}\n", "paths"),
    "no operations": (
        b"openapi: 3.1.0\ninfo: {title: a, version: b}\npaths: {}\n",
        "no operation tagged Dedicated.Image or Container.Image",
    ),
    "paths that are a list": (b"openapi: 3.1.0\npaths: [a]\n", "not shaped as OpenAPI says"),
}


def text_schemas(**schemas: Any) -> Mutation:
    """Adds schemas, and a field of a request that refers to the first of them."""

    def how(document: Any) -> None:
        document["components"]["schemas"] |= schemas
        reference = {"$ref": f"#/components/schemas/{next(iter(schemas))}"}
        schema(document, "ImageInput")["properties"]["probe"] = reference

    return how


def to(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}"}


def other_tags(document: Any) -> None:
    for name in ("dedicatedImagesGenerate", "dedicatedImagesEdit"):
        operation(document, name)["tags"] = ["Other"]
    for name in ("containerImagesGenerate", "containerImagesEdit"):
        del operation(document, name)["tags"]


def body_of(reference: str) -> Mutation:
    return lambda document: operation(document, "containerImagesEdit").update(
        requestBody={"$ref": reference}
    )


DOCUMENTS: dict[str, tuple[Mutation, str]] = {
    "a reference that dangles": (
        text_schemas(Probe={"properties": {"a": to("Nowhere")}}),
        "#/components/schemas/Nowhere leads to no schema",
    ),
    "an alias that dangles": (text_schemas(Probe=to("Nowhere")), "leads to no schema"),
    "a reference to another file": (
        text_schemas(Probe={"items": {"$ref": "other.yaml#/A"}, "type": "array"}),
        "other.yaml#/A leads to no schema",
    ),
    "an alias of itself": (text_schemas(Probe=to("Probe")), "Probe is an alias of itself"),
    "aliases in a circle": (
        text_schemas(One={**to("Two"), "title": "One"}, Two={**to("One"), "description": "Two"}),
        "is an alias of itself",
    ),
    "a body that dangles": (body_of("#/components/requestBodies/No"), "requestBodies/No leads"),
    "no image operations": (other_tags, "no operation tagged"),
    "a token that nothing describes": (
        lambda document: document["components"].pop("securitySchemes"),
        "the security scheme 'token' leads nowhere",
    ),
    "a keyword that the rules do not know": (
        text_schemas(Probe={"not": {"type": "string"}}),
        "does not know the keyword 'not'",
    ),
    "an answer without a type": (
        lambda document: operation(document, "containerImagesEdit").update(
            responses={"200": {"description": ""}}
        ),
        "",
    ),
    "no answer at all": (
        lambda document: operation(document, "containerImagesEdit").pop("responses"),
        "$.paths[*].post.responses['200']): fits 3 of the 4 places",
    ),
    "a parameter without a name": (
        lambda document: operation(document, "dedicatedImagesEdit")["parameters"][0].pop("name"),
        "not valid OpenAPI",
    ),
    "a type that the overlay would hide": (
        lambda document: operation(document, "dedicatedImagesEdit")["parameters"][0].update(
            schema={"anyOf": [{"type": {"a": 1}}]}
        ),
        "not valid OpenAPI",
    ),
    "a schema that is a list": (
        lambda document: document["components"]["schemas"].update(ImageInput=["a"]),
        "",
    ),
    "responses that are text": (
        lambda document: operation(document, "containerImagesEdit").update(responses="a"),
        "'a' is not of type 'object'",
    ),
    "a type that is none": (text_schemas(Probe={"type": "strng"}), "not valid OpenAPI"),
}


def assert_refused(
    tree: Path, run: Sync, capsys: pytest.CaptureFixture[str], source: str, reason: str
) -> None:
    before = snapshot(tree)
    for options in ([], ["--check"], ["--dry-run", "--json"]):
        code = run(source, *options)
        said = capsys.readouterr()
        # What can be compared and not followed is behind all the same.
        assert code == (1 if options == ["--check"] and said.out else 2)
        assert reason in said.err + said.out
        assert said.err.startswith("scripts/sync: ")
        assert len(said.err.splitlines()) == 1
        assert "Traceback" not in said.err
    assert snapshot(tree) == before


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_no_document_is_refused(
    tree: Path, tmp_path: Path, run: Sync, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Whatever the file holds, it is read within bounds, and the error says what is wrong."""
    content, reason = TEXTS[name]
    path = tmp_path / "upstream.yaml"
    path.write_bytes(content)
    assert_refused(tree, run, capsys, str(path), reason)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_broken_document_is_refused(
    tree: Path, run: Sync, upstream: Upstream, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A document that leads nowhere, or to no client, is refused with its place."""
    how, reason = DOCUMENTS[name]
    assert_refused(tree, run, capsys, upstream(how), reason)


@pytest.mark.parametrize(
    "source", ["missing.yaml", ".", "http://127.0.0.1:1/openapi.yaml", "http://", "ftp://a/b"]
)
def test_what_cannot_be_read_is_refused(
    tree: Path, run: Sync, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    """A missing file, a directory, a server that is not there: the error names the source."""
    assert_refused(tree, run, capsys, source, f"{source}: cannot be read")


def test_yaml_is_read_as_json_has_it() -> None:
    """Dates are text, keys are text, aliases are copies."""
    assert parse("a: 2026-07-22\n200: &x {b: 1}\nc: *x\n") == {
        "a": "2026-07-22",
        "200": {"b": 1},
        "c": {"b": 1},
    }


def test_a_schema_may_contain_itself(
    run: Sync, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tree of schemas is legal: it is sliced, compared and reported."""
    tree_schema = {
        "type": "object",
        "properties": {"kids": {"type": "array", "items": to("Probe")}, "name": {"type": "string"}},
    }
    assert run(upstream(text_schemas(Probe=tree_schema)), "--dry-run") == 0
    assert "`ImageInput.probe`" in capsys.readouterr().out


def test_the_bomb_would_be_a_bomb() -> None:
    """The text that is refused is well-formed, and small."""
    assert len(BOMB) < 2000
    assert yaml.safe_load(BOMB)["a1"] == [["x"]] * 9
