"""What is prepared before anything is written: whose contract it is, and whether it is behind."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.contract import yaml_documents
from scripts.contract.documents import ContractError, Json
from scripts.contract.fetching import Upstream
from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT
from scripts.contract.slices import IMAGES
from scripts.evolution import __main__ as command
from scripts.evolution import overlay_repairs
from scripts.evolution.update import prepare
from scripts.generation import command_line, package, reference, resources
from scripts.generation.installation import PACKAGE
from scripts.generation.package import SETTINGS
from tests.scripts.evolution.contracts import (
    VENDORED,
    Mutation,
    mutated,
    operation,
    probing,
    schema,
)
from tests.scripts.trees import change

Output = pytest.CaptureFixture[str]
SHA = "0123456789abcdef" * 4
TEXT = {"type": "string"}


def upstream(how: Mutation = lambda document: None, source: str = "a.yaml") -> Upstream:
    return Upstream(yaml_documents.dump(mutated(how, VENDORED)), source, None, SHA)


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is not generated, which takes long, but for an empty folder."""

    def write(document: Json, texts: Any, place: Path) -> None:
        place.mkdir(parents=True)

    monkeypatch.setattr(package, "write", write)


TITLES: dict[str, tuple[Sequence[str] | None, str]] = {
    "the images": (IMAGES, "The image operations of Friendli's API"),
    "all": (None, "All operations of Friendli's API"),
    "one tag": (["Container.Image"], "Operations of Friendli's API tagged Container.Image"),
    "two tags": (
        ["Container.Image", "Dedicated.Image"],
        "Operations of Friendli's API tagged Container.Image, Dedicated.Image",
    ),
}


@pytest.mark.parametrize("name", TITLES)
@pytest.mark.usefixtures("unwritten")
def test_the_header_says_whose_operations_these_are(tmp_path: Path, name: str) -> None:
    """And where they are from, in characters that can be seen; the commit, if it is known."""
    tags, title = TITLES[name]
    place = tmp_path / "deep" / "tree"
    prepare(upstream(source="a\x1b.yaml"), place, tags).write()
    text = (place / DOCUMENT).read_text(encoding="utf-8")
    assert text.splitlines()[:5] == [
        f"# {title}: paths, fields, types, enums, defaults, security.",
        "# Facts only; descriptions, ranges and repairs stand in overlay.yaml.",
        "# source: a?.yaml",
        "# commit: unknown",
        f"# sha256: {SHA}",
    ]
    assert text.splitlines()[5] == "openapi: 3.1.0"
    settings = (ROOT / SETTINGS).read_text(encoding="utf-8")
    assert (place / SETTINGS).read_text(encoding="utf-8") == settings
    assert sorted(path.name for path in place.iterdir()) == ["generated", "openapi"]


@pytest.mark.usefixtures("unwritten")
def test_the_facade_follows_here_and_nowhere_else(
    tree: Path, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is made of the contract in the project is written there; where that fails it is said."""
    path = tmp_path / "a.yaml"
    path.write_text(upstream(probing("ImageInput", TEXT)).text, encoding="utf-8")
    written: list[str] = []
    for module in (resources, command_line):
        monkeypatch.setattr(module, "write", lambda name=module.__name__: written.append(name))

    def full() -> None:
        raise OSError("no space")

    monkeypatch.setattr(reference, "write", full)
    assert command.main([str(path), "--output", str(tree)]) == 0
    assert (written, capsys.readouterr().err) == ([], "")
    shutil.copytree(ROOT / "openapi", tree / "openapi", dirs_exist_ok=True)
    monkeypatch.setattr(command, "ROOT", tree.resolve())
    assert command.main([str(path), "--output", str(tree)]) == 2
    assert written == ["scripts.generation.resources", "scripts.generation.command_line"]
    assert capsys.readouterr().err == (
        "scripts/sync: contract and package are written, what follows from them is not: no space\n"
    )


@pytest.mark.usefixtures("unwritten")
def test_a_trees_own_overlay_and_settings_are_kept(tmp_path: Path) -> None:
    """A second sync writes the contract alone, and generates with what is there."""
    prepare(upstream(), tmp_path, ["Container.Image"]).write()
    change(tmp_path, lambda actions: actions["info"].update(title="Mine"), OVERLAY)
    (tmp_path / SETTINGS).write_text("field_prefix: mine\n", encoding="utf-8")
    own = [(tmp_path / path).read_bytes() for path in (OVERLAY, SETTINGS)]
    prepare(upstream(probing("ImageInput", TEXT)), tmp_path, ["Container.Image"]).write()
    assert [(tmp_path / path).read_bytes() for path in (OVERLAY, SETTINGS)] == own
    assert "probe" in (tmp_path / DOCUMENT).read_text(encoding="utf-8")


def test_titles_and_tags_are_no_facts(tree: Path) -> None:
    """What a document is called, and what is said of its tags, does not make a contract behind."""

    def how(document: Any) -> None:
        document["info"] = {"title": "Other", "version": "2"}
        document["tags"] = [{"name": name, "x-a": 1} for name in reversed(IMAGES)]

    assert prepare(upstream(how), tree).report.behind is False
    assert prepare(upstream(probing("ImageInput", TEXT)), tree).report.behind is True


def test_a_tag_of_the_images_that_is_gone_is_a_change(tree: Path) -> None:
    """Its operations are reported as removed; any other tag that is not there is an error."""

    def how(document: Any) -> None:
        for name in ("dedicatedImagesGenerate", "dedicatedImagesEdit"):
            operation(document, name)["tags"] = ["Other"]

    gone = prepare(upstream(how), tree).report.changes
    assert [change.place for change in gone if change.words == "the operation was removed"] == [
        "dedicatedImagesEdit",
        "dedicatedImagesGenerate",
    ]
    with pytest.raises(ContractError, match=r"^a\.yaml: has no operation tagged Dedicated\.Image$"):
        prepare(upstream(how), tree, ["Container.Image", "Dedicated.Image"])


def test_without_a_package_the_old_contract_is_what_callers_had(tree: Path) -> None:
    """As the overlay makes it; and a new tree had nothing, so all of it is added."""
    probe = upstream(probing("ImageInput", TEXT))
    before = prepare(probe, tree).report
    shutil.rmtree(tree / PACKAGE)
    assert prepare(probe, tree).report.changes == before.changes
    assert {one.place for one in before.changes} == {"ImageInput.probe"}
    new = prepare(upstream(), tree.parent / "other").report
    assert {one.words for one in new.changes} == {"the operation was added"}
    assert new.hidden == []


def test_what_the_overlay_changes_in_a_package_is_a_change(tree: Path) -> None:
    """Callers have what was generated, and an overlay that was edited since shows as well."""

    def longer(actions: Any) -> None:
        target = "$.components.schemas.ImageInput.properties.image"
        actions["actions"].append({"target": target, "update": {"minLength": 3}})

    change(tree, longer, OVERLAY)
    report = prepare(upstream(probing("ImageInput", TEXT)), tree).report
    assert {(one.place, one.words) for one in report.changes} == {
        ("ImageInput.image", "the limit minLength `at least 3 characters` is new"),
        ("ImageInput.probe", "was added"),
    }


def test_an_overlay_that_is_none_is_named(tree: Path) -> None:
    """The error says which file, and which of its actions."""
    change(
        tree, lambda actions: actions["actions"].insert(0, {"target": "$", "remove": 1}), OVERLAY
    )
    with pytest.raises(
        ContractError, match=r"^openapi/overlay\.yaml: overlay action 1 \(\$\): needs"
    ):
        prepare(upstream(), tree)


def test_a_broken_upstream_is_told_from_a_broken_overlay(tmp_path: Path) -> None:
    """In a new tree, too, the document's own fault is an error and no obstacle."""

    how = probing("ImageInput", {"type": "strng"})
    with pytest.raises(ContractError, match=r"^not valid OpenAPI 3\.1: "):
        prepare(upstream(how), tmp_path)


def test_what_the_overlay_would_make_good_is_an_error_all_the_same(tree: Path) -> None:
    """The contract is upstream's, which must be right by itself, also where the overlay writes."""

    def how(document: Any) -> None:
        body = schema(document, "DedicatedImageGenerationBody")
        body["properties"]["num_inference_steps"]["maximum"] = "many"

    with pytest.raises(ContractError, match=r"^not valid OpenAPI 3\.1: .*'many' is not"):
        prepare(upstream(how), tree)


def test_what_the_rules_do_not_know_keeps_a_contract_from_use(tree: Path) -> None:
    """It is told beside the changes, which can be compared."""
    report = prepare(upstream(probing("ImageInput", {"not": TEXT})), tree).report
    assert {one.place for one in report.changes} == {"ImageInput.probe"}
    assert report.obstacles == [
        "components.schemas.ImageInput.probe: the rules engine does not know the keyword 'not'"
    ]


def test_the_overlay_of_a_new_tree_names_what_is_not_typical() -> None:
    """An operation with another answer is named with it, to be looked at; others are not."""

    def how(document: Any) -> None:
        answers = operation(document, "containerImagesEdit")["responses"]
        answers["204"] = {"description": ""}
        del answers["200"]

    found = overlay_repairs.overlay(mutated(how, VENDORED))
    assert (found["overlay"], found["info"]["version"]) == ("1.0.0", "1.0.0")
    assert [action for action in found["actions"] if "x-answer" in action.get("update", {})] == [
        {"target": "$.paths['/v1/images/edits'].post", "update": {"x-answer": "204"}}
    ]


@pytest.mark.parametrize("sha", ["a" * 39, "a" * 41, "A" * 40, "g" * 40, ""])
def test_a_commit_has_forty_digits(capsys: Output, sha: str) -> None:
    """In small letters, as git writes them."""
    with pytest.raises(SystemExit):
        command.main(["openapi.yaml", "--commit", sha])
    assert "must be 40 hexadecimal digits" in capsys.readouterr().err


def test_tags_and_all_tags_are_either_or(capsys: Output) -> None:
    """Both together are refused, and so is either without a place of its own."""
    with pytest.raises(SystemExit):
        command.main(["openapi.yaml", "--tags", "A", "--all-tags"])
    assert "not allowed with argument" in capsys.readouterr().err
    assert command.main(["openapi.yaml", "--all-tags"]) == 2
    assert capsys.readouterr().err == (
        "scripts/sync: say --output DIR: the contract here has the image operations\n"
    )


def test_obstacles_are_told_on_one_line(tree: Path, tmp_path: Path, capsys: Output) -> None:
    """Each of them, on the error stream, beside the report, which lists them."""

    def how(document: Any) -> None:
        for name in ("dedicatedImagesEdit", "dedicatedImagesGenerate"):
            del operation(document, name)["parameters"]

    path = tmp_path / "a.yaml"
    path.write_text(yaml.safe_dump(mutated(how, VENDORED)), encoding="utf-8")
    for option, code in (("--check", 1), ("--dry-run", 2), ("--json", 2)):
        assert command.main([str(path), option, "--output", str(tree)]) == code
        said = capsys.readouterr()
        [line] = said.err.splitlines()
        assert line.startswith("scripts/sync: nothing was written: overlay action ")
        assert said.out.startswith("{" if option == "--json" else "# The contract according to ")
        assert said.out.endswith("}\n" if option == "--json" else "delete it\n")
