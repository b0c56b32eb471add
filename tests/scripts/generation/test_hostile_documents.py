"""What a hostile document cannot do: reach other files, other machines, or the reader."""

import ast
import socket
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts.contract import canonical_form, loading, validation
from scripts.contract.documents import ContractError
from scripts.contract.sample_values import Values
from scripts.generation import reference, resources
from scripts.generation.reference import FOLDER
from tests.scripts.contract.test_canonical_form import FACTS
from tests.scripts.evolution.contracts import mutated, operation, probing, schema
from tests.scripts.trees import change, copy, snapshot

pytestmark = pytest.mark.slow

BODY = "DedicatedImageGenerationBody"
PAGE = FOLDER / "dedicated-image.md"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """All that pages and methods are written from, and the pages."""
    tree = tmp_path / "tree"
    for folder in ("openapi", "friendli_facade", "docs"):
        copy(folder, tree)
    return tree


@pytest.mark.parametrize(
    "tag", ["../outside/agents", "monorepo", "README", "", "a/b", "..", "x\n# y"]
)
def test_a_tag_names_no_page(tree: Path, tag: str) -> None:
    """Pages are called after the facade's own resources, whatever upstream calls them."""
    expected = reference.pages(tree)

    def how(document: Any) -> None:
        for name in ("dedicatedImagesGenerate", "dedicatedImagesEdit"):
            operation(document, name)["tags"] = [tag]

    before = snapshot(tree.parent)
    change(tree, how)
    reference.write(tree)
    after = snapshot(tree.parent)
    assert [name for name in after if after[name] != before.get(name)] == [
        "tree/openapi/friendli-images.yaml"
    ]
    assert reference.pages(tree) == expected


def test_a_file_of_somebody_elses_is_never_replaced(tree: Path) -> None:
    """A page without our header is somebody's own, and nothing else is written either."""
    (tree / PAGE).write_text("# Mine\n", encoding="utf-8")
    change(tree, probing("ContainerImageEditBody", {"type": "string"}))
    before = snapshot(tree)
    with pytest.raises(ContractError, match=f"{PAGE}: is not of scripts/generate"):
        reference.write(tree)
    assert snapshot(tree) == before


HOSTILE = "a`b | c\n# Heading\n<script>alert(1)</script> [x](http://e) \x1b[2J\u202e"


def test_names_and_values_are_shown_as_what_they_are(tree: Path) -> None:
    """No heading, row, link, element or control character comes out of a name or a value."""
    written = {"type": "string", "enum": [HOSTILE, "x`y"], "default": HOSTILE}
    headings = [line for line in reference.pages(tree)[PAGE].splitlines() if line.startswith("#")]
    rows = [line for line in reference.pages(tree)[PAGE].splitlines() if line.startswith("|")]
    change(tree, probing(BODY, written, name=HOSTILE))
    page = reference.pages(tree)[PAGE]
    lines = page.splitlines()
    assert [line for line in lines if line.startswith("#")] == headings
    assert len([line for line in lines if line.startswith("|")]) == len(rows) + 1
    assert all(one.isprintable() or one == "\n" for one in page)
    [row] = [line for line in lines if "Heading" in line and line.startswith("|")]
    # Seven bars that Markdown sees: what is left of them is inside of code.
    assert len(row.replace("\\|", "").split("|")) == 8
    assert row.startswith("| `` a`b \\| c\\n# Heading\\n<script>")


def test_words_of_the_overlay_are_words(tree: Path) -> None:
    """A description is one line of text, in which code stays code."""
    text = "Line\n\n# One <b>bold</b> [x](y) *z* `a | *b*` |"

    def how(actions: Any) -> None:
        target = f"$.components.schemas.{BODY}.properties.prompt"
        actions["actions"].append({"target": target, "update": {"description": text}})

    change(tree, how, loading.OVERLAY)
    page = reference.pages(tree)[PAGE]
    assert r"Line \# One \<b\>bold\</b\> \[x\](y) \*z\* `a \| *b*` \|" in page


@pytest.mark.parametrize(
    "written",
    [
        {"type": "string", "pattern": '"""\nimport os\nos.abort()\n"""'},
        {"type": "string", "pattern": "\\d+[\\\\]"},
        {"type": "object", "default": {"a": '"""; import os; os.abort(); """'}},
        {"type": "string", "default": 'x"""+str(1/0)+"""'},
        {"type": "string", "enum": ['"""', "\\", '"]; import os; os.abort(); x = ["']},
    ],
)
def test_the_methods_hold_no_code_of_the_contract(tree: Path, written: Any) -> None:
    """A pattern, a default or a value stands in a docstring or a Literal, and runs nowhere."""
    change(tree, lambda document: schema(document, BODY)["properties"].update(seed=written))
    source = resources.source(tree)
    before = resources.source(loading.ROOT)
    kinds = [type(node) for node in ast.walk(ast.parse(before))]
    found = [type(node) for node in ast.walk(ast.parse(source))]
    added = [kind for kind in set(found) if found.count(kind) > kinds.count(kind)]
    assert {kind.__name__ for kind in added} <= {"Constant", "Load", "Name", "Subscript", "Tuple"}
    compile(source, "_resources.py", "exec")


def test_an_operation_that_is_named_like_code_is_text(tree: Path) -> None:
    """Quotes in an operationId stay in their string."""
    name = 'dedicated"],Images[""Generate'
    change(
        tree,
        lambda document: operation(document, "dedicatedImagesGenerate").update(operationId=name),
    )
    assert repr(name) in resources.source(tree).replace('\\"', '"') or name in ast.dump(
        ast.parse(resources.source(tree))
    )


REFERENCES = [
    "http://127.0.0.1:{port}/a.json",
    "file:///etc/hostname",
    "other.yaml#/A",
    "#/nowhere",
]


@pytest.mark.parametrize("reference_to", REFERENCES)
@pytest.mark.parametrize("place", ["default", "example", "enum", "const"])
def test_a_reference_in_data_is_data(reference_to: str, place: str) -> None:
    """Validators fetch nothing: neither over a network, nor from the disk."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        data = {"$ref": reference_to.format(port=server.getsockname()[1])}
        value: Any = [data] if place == "enum" else data
        written = {"type": "object", place: value}
        document = canonical_form.of(mutated(probing("ImageInput", written), FACTS))
        for found in validation.problems(document):
            assert "hostname" not in found.replace("file:///etc/hostname", "")
        Values(document).allowed({"$ref": "#/components/schemas/ImageInput"})
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("reference_to", REFERENCES)
def test_a_reference_to_elsewhere_is_refused(reference_to: str) -> None:
    """A schema is in the document, or nowhere."""
    written = {"$ref": reference_to}
    with pytest.raises(ContractError, match="leads to no schema of the document"):
        canonical_form.of(mutated(probing("ImageInput", written), FACTS))


def test_a_file_of_this_machine_is_not_shown(tmp_path: Path) -> None:
    """The library would read it, and put it into its message."""
    path = tmp_path / "secret.json"
    path.write_text('"the secret"', encoding="utf-8")
    written = {"type": "object", "default": {"$ref": path.as_uri()}}
    document = mutated(probing("ImageInput", written), FACTS)
    read = [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
    assert any("the secret" in message for message in read)
    [found] = validation.problems(document)
    assert found == (
        f"not valid OpenAPI 3.1: the reference {path.as_uri()} leads to nothing in the document"
    )
