"""The reference pages: written from contract and facade, complete, and in our own words."""

import os
import shutil
from functools import partial
from pathlib import Path

import pytest
import yaml

from scripts.contract import loading
from scripts.contract.loading import OVERLAY, ROOT
from scripts.generation import __main__ as command
from scripts.generation import reference
from tests.scripts.contract.test_contract import runs
from tests.scripts.evolution.contracts import probing
from tests.scripts.gates.contracts import merged
from tests.scripts.trees import change, copy

PAGES = ("docs/container-image.md", "docs/dedicated-image.md")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of all that the pages are written from, and of the pages."""
    for folder in ("openapi", "friendli_facade", "docs"):
        copy(folder, tmp_path)
    return tmp_path


def read(root: Path) -> dict[str, str]:
    """The pages as they stand there."""
    return {name: (root / name).read_text(encoding="utf-8") for name in PAGES}


def replace(path: Path, old: str, new: str) -> None:
    """Changes every occurrence of a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_pages_are_those_of_the_contract() -> None:
    """Nothing is stale, and each tag of the contract has its page."""
    assert reference.differences(ROOT) == []
    assert sorted(map(str, reference.pages(ROOT))) == list(PAGES)


def test_every_argument_and_bound_stands_in_the_table() -> None:
    """A page has a row for each property, with the type, the bounds and the default."""
    rows = {line.split(" | ")[0]: line for line in read(ROOT)[PAGES[1]].splitlines()}
    schema = merged()["components"]["schemas"]["DedicatedImageGenerationBody"]
    assert {f"| `{name}`" for name in schema["properties"]} <= rows.keys()
    steps = rows["| `num_inference_steps`"]
    assert "| `int \\| None` | no |" in steps
    assert steps.endswith("| at least 1, at most 50 | `20` |")
    assert "| `str` | yes |" in rows["| `model`"]
    assert '`"jpeg"`, `"jpg"`, `"png"`, `"raw"`, `"url"` | `"url"` |' in rows["| `response_format`"]
    assert "each at least 0, at most 1" in rows["| `controlnet_weights`"]


def test_an_argument_that_the_facade_lacks_has_its_row_already(tree: Path) -> None:
    """A new property needs one line in the facade, and the page is not stale after it."""
    schema = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    change(tree, probing("DedicatedImageGenerationBody", schema, name="tomorrow"))
    before = reference.pages(tree)
    assert "| `tomorrow` | `str \\| None` | no |" in before[Path(PAGES[1])]
    source = tree / "friendli_facade" / "operations" / "dedicated.py"
    seed, line = (
        f"        {name}: {{}} | None | Unset = UNSET,\n" for name in ("seed", "tomorrow")
    )
    text = source.read_text(encoding="utf-8")
    declared = text.replace(seed.format("int"), seed.format("int") + line.format("str"), 1)
    assert declared != text
    source.write_text(declared, encoding="utf-8")
    assert reference.pages(tree) == before


def test_the_documented_statuses_have_their_error() -> None:
    """A status of the contract stands with the class that the facade raises for it."""
    assert "| `UnprocessableEntityError` | 422 |" in read(ROOT)[PAGES[0]]


@pytest.mark.slow
def test_a_changed_contract_makes_a_page_stale(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`scripts/generate --check` names the page, and what mends it."""
    replace(tree / OVERLAY, "The endpoint's id, or", "Id of the endpoint, or")
    monkeypatch.setattr(reference, "differences", partial(reference.differences, tree))
    assert command.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        f"{PAGES[1]}: does not match its sources; run scripts/generate\n"
    )
    reference.write(tree)
    assert reference.differences() == []


def test_a_changed_signature_makes_a_page_stale(tree: Path) -> None:
    """The facade's annotations and docstrings are a source of the pages too."""
    operations = tree / "friendli_facade" / "operations"
    replace(operations / "container.py", "seed: int |", "seed: float |")
    replace(operations / "dedicated.py", "Further headers of this call.", "More headers.")
    assert reference.differences(tree) == list(PAGES)


def test_a_missing_and_a_left_over_page_are_named(tree: Path) -> None:
    """A page that should not be there any more is deleted; one written by hand stays."""
    (tree / PAGES[0]).rename(tree / "docs" / "retired.md")
    (tree / "docs" / "own.md").write_text("# By hand\n", encoding="utf-8")
    assert reference.differences(tree) == [PAGES[0], "docs/retired.md"]
    reference.write(tree)
    assert reference.differences(tree) == []
    assert (tree / "docs" / "own.md").exists()
    assert not (tree / "docs" / "retired.md").exists()


def test_the_first_pages_make_their_folder(tree: Path) -> None:
    """Where there is none yet."""
    shutil.rmtree(tree / "docs")
    reference.write(tree)
    assert read(tree) == read(ROOT)


def test_an_operation_without_a_function_is_left_out(tree: Path) -> None:
    """Pages can be written before the facade has caught up with the contract."""
    (tree / "friendli_facade" / "operations" / "container.py").unlink()
    assert list(map(str, reference.pages(tree))) == [PAGES[1]]


def test_a_resource_without_an_operation_has_no_page(tree: Path) -> None:
    """Its declarations are for the gate of signatures, which says that they shall go."""
    declared = tree / "friendli_facade" / "operations" / "container.py"
    replace(declared, "    def edit(", "    def retouch(")
    replace(declared, "    def generate(", "    def draw(")
    assert list(map(str, reference.pages(tree))) == [PAGES[1]]


def test_writing_is_deterministic(tree: Path) -> None:
    """Writing again changes no byte."""
    before = read(tree)
    reference.write(tree)
    assert read(tree) == before == read(ROOT)


@pytest.mark.slow
def test_no_sentence_is_anybody_elses() -> None:
    """No run of nine words of docs/ stands in the seed pages or in upstream's document."""
    folder, upstream = os.environ.get("FRIENDLI_SEEDS"), os.environ.get("FRIENDLI_UPSTREAM")
    if not folder or not upstream:
        pytest.skip("FRIENDLI_SEEDS and FRIENDLI_UPSTREAM do not name the texts of others")
    theirs = runs(yaml.safe_dump(loading.read(Path(upstream)), width=10**6))
    for seed in Path(folder).glob("*.md"):
        theirs |= runs(seed.read_text(encoding="utf-8"))
    assert len(theirs) > 1000
    copied = {
        page.name: runs(page.read_text(encoding="utf-8")) & theirs
        for page in (ROOT / "docs").rglob("*.md")
    }
    assert copied == {name: set[tuple[str, ...]]() for name in copied}
