"""How a package is made: what is asked of the generator, and what is refused of its answers."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts.contract import loading
from scripts.contract.documents import ContractError
from scripts.contract.loading import DOCUMENT, ROOT
from scripts.generation import package
from scripts.generation.installation import PACKAGE
from scripts.generation.package import SETTINGS
from tests.scripts.trees import change

MERGED = loading.load(ROOT)


def committed(*given: Any) -> None:
    """What is committed, in the place of what the generator would write."""
    shutil.copytree(ROOT / PACKAGE, given[-1], ignore=shutil.ignore_patterns("__pycache__"))


def write(place: Path, settings: str) -> None:
    """Writes a package of the contract with these settings."""
    package.write(MERGED, package.inputs(ROOT) | {SETTINGS: settings}, place)


def test_a_class_has_another_name_only_if_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All names that are given to no class are told, in the order of the alphabet."""
    places = iter([tmp_path / "deep" / "down" / "a", tmp_path / "b"])

    def generated(document: Path, settings: Path, place: Path) -> None:
        committed(place)
        client = (place / "client.py").read_text(encoding="utf-8")
        wrong = client.replace("*args: Any, **kwargs", "*args: object, **kwargs")
        (place / "client.py").write_text(wrong, encoding="utf-8")

    monkeypatch.setattr(package, "_run_generator", generated)
    renamed = "{class_name: Picture, module_name: picture}"
    write(next(places), f"class_overrides:\n  ImageInput: {renamed}\n")
    assert (tmp_path / "deep" / "down" / "a" / "client.py").read_bytes() == (
        ROOT / PACKAGE / "client.py"
    ).read_bytes()
    overrides = f"class_overrides: {{Z: {renamed}, ImageInput: {renamed}, B: {renamed}}}\n"
    with pytest.raises(
        ContractError, match=r"^openapi/generator\.yaml: class_overrides has B, Z, and"
    ):
        write(next(places), overrides)


@pytest.mark.parametrize(
    ("output", "warned"),
    [
        ("Generating friendli_api\n", False),
        ("Generating friendli_api\n \n", False),
        ("Generating friendli_api\nWarning(s) encountered\n", True),
    ],
)
def test_whatever_the_generator_says_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, warned: bool
) -> None:
    """But for what it writes: a package with less than the contract has is no package."""

    def run(command: list[str], cwd: Path) -> str:
        if "generate" not in command:
            raise ContractError("went on")
        assert command[-1] == "--fail-on-warning"
        committed(Path(command[command.index("--output-path") + 1]))
        return output

    monkeypatch.setattr(package, "_run", run)
    expected = r"warns:\nWarning\(s\) encountered$" if warned else "in another way"
    with pytest.raises(ContractError, match=expected):
        write(tmp_path / "made", (ROOT / SETTINGS).read_text(encoding="utf-8"))


def test_a_contract_in_another_form_is_stale(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named behind the files of the package that differ, though it says the same."""
    monkeypatch.setattr(package, "build", committed)
    assert package.differences(tree) == []
    text = (tree / DOCUMENT).read_text(encoding="utf-8")
    change(tree, lambda document: document["info"].update(title=document["info"]["title"]))
    assert (tree / DOCUMENT).read_text(encoding="utf-8") != text
    (tree / PACKAGE / "types.py").unlink()
    (tree / PACKAGE / "zeroth.py").touch()
    assert package.differences(tree) == [
        f"{PACKAGE}/types.py",
        f"{PACKAGE}/zeroth.py",
        str(DOCUMENT),
    ]
