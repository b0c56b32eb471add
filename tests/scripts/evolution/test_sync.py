"""`scripts/sync`, from a document of upstream's to a report and a regenerated tree."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT
from scripts.evolution import __main__ as command
from scripts.generation import package
from scripts.generation.installation import PACKAGE
from tests.scripts.evolution.contracts import operation, probing, schema
from tests.scripts.trees import change, snapshot

from .conftest import Sync, Upstream

Output = pytest.CaptureFixture[str]
BODY = "DedicatedImageGenerationBody"
SHA = "0123456789abcdef0123456789abcdef01234567"


def negative_prompt(document: Any) -> None:
    schema(document, BODY)["properties"]["negative_prompt"] = {"type": "string"}


def ranges(document: Any) -> None:
    """Upstream says by itself what the overlay's first action says for it."""
    for name in ("Dedicated", "Container"):
        for kind in ("Generation", "Edit"):
            steps = schema(document, f"{name}Image{kind}Body")["properties"]["num_inference_steps"]
            steps.update(minimum=1, maximum=50)


def repaired(document: Any) -> None:
    """Upstream made two of the overlay's repairs."""
    ranges(document)
    del schema(document, "B64ImageItem")["properties"]["b64_json"]["format"]


def prose(document: Any) -> None:
    """What may be said anywhere and changes nothing."""
    document["info"] |= {"title": "Other", "version": "9", "description": "Other.", "x-logo": "a"}
    document["info"]["contact"] = {"name": "N"}
    document["externalDocs"] = {"url": "https://example.com"}
    document["components"]["schemas"]["Unused"] = {"type": "string"}
    document["paths"]["/v1/chat"] = {
        "post": {
            "tags": ["Chat"],
            "operationId": "chat",
            "responses": {"200": {"description": "Fine."}},
        }
    }
    edit = operation(document, "containerImagesEdit")
    edit |= {"summary": "S", "description": "D", "x-mint": {"a": 1}, "externalDocs": {"url": "u"}}
    edit["requestBody"] |= {"description": "D"}
    edit["requestBody"]["content"]["application/json"] |= {"examples": {"a": {"value": 1}}}
    edit["responses"]["200"]["description"] = "Other."
    schema(document, BODY)["properties"]["prompt"] |= {"title": "T", "examples": ["a"]}


def header(tree: Path) -> list[str]:
    text = (tree / DOCUMENT).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("#")]


def test_an_unchanged_upstream_changes_nothing(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """One line, exit 0, not a byte written, whether it is asked to check or not."""
    before = snapshot(tree)
    for option in ([], ["--check"], ["--dry-run"]):
        assert run(upstream(lambda document: None), *option) == 0
        said = capsys.readouterr()
        assert said.out.startswith("The contract agrees with openapi.yaml")
        assert (len(said.out.splitlines()), said.err) == (1, "")
    assert snapshot(tree) == before


def test_prose_changes_nothing(tree: Path, run: Sync, upstream: Upstream, capsys: Output) -> None:
    """Other words, examples, extensions, operations and schemas are one line, and no change."""
    before = snapshot(tree)
    assert run(upstream(prose), "--check") == 0
    assert run(upstream(prose)) == 0
    assert [line[:24] for line in capsys.readouterr().out.splitlines()] == [
        "The contract agrees with"
    ] * 2
    assert snapshot(tree) == before


def test_a_change_is_reported_and_generated(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """The contract has the new field, its header the new source, the package a new argument."""
    source = upstream(negative_prompt)
    assert run(source, "--commit", SHA) == 0
    said = capsys.readouterr().out.splitlines()
    assert "Version step: minor" in said
    assert (
        f"- `{BODY}.negative_prompt` (dedicatedImagesGenerate): was added. "
        "Facade: add `negative_prompt` to the signature."
    ) in said
    sha256 = hashlib.sha256(Path(source).read_bytes()).hexdigest()
    assert header(tree)[2:] == ["# source: openapi.yaml", f"# commit: {SHA}", f"# sha256: {sha256}"]
    model = tree / PACKAGE / "models" / "dedicated_image_generation_body.py"
    assert "negative_prompt: str | Unset = UNSET" in model.read_text(encoding="utf-8")
    assert package.differences(tree) == []
    assert sorted(path.name for path in tree.iterdir()) == ["generated", "openapi"]
    assert run(source, "--check") == 0


@pytest.mark.parametrize("option", ["--dry-run", "--check"])
def test_looking_writes_nothing(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output, option: str
) -> None:
    """The report is the same; a contract that is behind is exit 1 of --check."""
    before = snapshot(tree)
    assert run(upstream(negative_prompt), option) == (option == "--check")
    assert "negative_prompt" in capsys.readouterr().out
    assert snapshot(tree) == before


def test_every_stale_action_is_named_at_once(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """Exit 2, nothing written, and no change for callers: the overlay said the same."""
    before = snapshot(tree)
    assert run(upstream(repaired)) == 2
    said = capsys.readouterr()
    assert "overlay action 1 ($.components.schemas[*].properties.num_inference_steps)" in said.out
    assert "overlay action 3 ($.components.schemas.B64ImageItem" in said.out
    assert "Callers see no change." in said.out
    assert len(said.err.splitlines()) == 1
    assert snapshot(tree) == before


def test_a_deleted_stale_action_lets_the_sync_through(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """With the action gone, what callers have is compared with what they get: no change."""
    change(tree, lambda actions: actions["actions"].pop(0), OVERLAY)
    assert run(upstream(ranges), "--dry-run", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["changes"], report["obstacles"], report["version"]) == ([], [], "patch")


def test_what_the_overlay_hides_is_said_apart(
    run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """A new format of answers changes nothing for callers, but the owner should know."""

    def webp(document: Any) -> None:
        item = schema(document, "UrlImageItem")
        item["properties"]["response_format"]["enum"].append("webp")

    assert run(upstream(webp), "--dry-run", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["changes"] == []
    assert [change["place"] for change in report["hidden"]] == ["UrlImageItem.response_format"]
    assert run(upstream(webp), "--dry-run") == 0
    assert "Kept from callers by the overlay" in capsys.readouterr().out


def test_the_report_is_json_where_asked(run: Sync, upstream: Upstream, capsys: Output) -> None:
    """A program finds each change with its place, words, meaning, step, advice and operations."""
    source = upstream(probing(BODY, {"type": "string"}, required=True))
    assert run(source, "--dry-run", "--json") == 2
    report = json.loads(capsys.readouterr().out)
    assert report["behind"] is True
    assert (report["source"], report["commit"]) == ("openapi.yaml", None)
    assert report["version"] == "major"
    assert report["changes"] == [
        {
            "place": f"{BODY}.probe",
            "words": "was added, and is required",
            "meaning": "breaking for requests",
            "step": "major",
            "facade": "add `probe` to the signature, as a required argument",
            "operations": ["dedicatedImagesGenerate"],
        }
    ]
    # Our example lacks the field: that must be repaired, and is no reason for silence.
    [obstacle] = report["obstacles"]
    assert obstacle.startswith("dedicatedImagesGenerate: the example")
    assert obstacle.endswith("'probe' is a required property")


def test_another_order_of_keys_is_no_change(run: Sync, upstream: Upstream, capsys: Output) -> None:
    """The contract has an order of its own, so upstream's says nothing."""

    def reordered(document: Any) -> None:
        properties = schema(document, BODY)["properties"]
        properties["model"] = properties.pop("model")

    assert run(upstream(reordered), "--check") == 0
    assert capsys.readouterr().out.startswith("The contract agrees with")


def test_a_contract_that_cannot_be_generated_changes_nothing(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """A change that only the generator refuses is one line of error, and the tree as it was."""
    before = snapshot(tree)
    assert run(upstream(probing(BODY, {"enum": [1.5]}))) == 2
    said = capsys.readouterr()
    assert f"`{BODY}.probe`" in said.out
    assert len(said.err.splitlines()) == 1
    assert "openapi-python-client" in said.err
    assert snapshot(tree) == before


def test_other_operations_need_a_place_of_their_own(capsys: Output) -> None:
    """The vendored contract is not replaced by that of other operations by accident."""
    assert command.main([str(ROOT / DOCUMENT), "--tags", "Dedicated.Image"]) == 2
    assert "--output DIR" in capsys.readouterr().err


@pytest.mark.slow
def test_tags_choose_operations(tmp_path: Path, upstream: Upstream, capsys: Output) -> None:
    """With --tags and --output a new tree has a contract, an overlay, settings and a package."""
    place = tmp_path / "new" / "place"
    arguments = [upstream(lambda document: None), "--tags", "Dedicated.Image"]
    assert command.main([*arguments, "--output", str(place)]) == 0
    assert "`dedicatedImagesEdit`: the operation was added" in capsys.readouterr().out
    assert package.differences(place) == []
    assert sorted(path.name for path in (place / PACKAGE / "api").iterdir() if path.is_dir()) == [
        "dedicated_image"
    ]
    # The general repairs, in the overlay where they can be read.
    repairs = yaml.safe_load((place / OVERLAY).read_text(encoding="utf-8"))["actions"]
    assert [action["target"].rpartition(".")[2] for action in repairs] == [
        "format",
        "type=='null']",
    ]
    source = (place / PACKAGE / "api" / "dedicated_image" / "dedicated_images_edit.py").read_text()
    assert "x_friendli_team: str | Unset = UNSET" in source


def test_an_unknown_tag_is_an_error(tmp_path: Path, upstream: Upstream, capsys: Output) -> None:
    """A tag that no operation has was mistyped."""
    place = tmp_path / "new"
    arguments = [upstream(lambda document: None), "--output", str(place)]
    assert command.main([*arguments, "--tags", "Dedicated.Image", "Imagse"]) == 2
    assert "no operation tagged Imagse" in capsys.readouterr().err
    assert not place.exists()
