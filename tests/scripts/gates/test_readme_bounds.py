"""The bounds in the README are the contract's."""

from typing import Any

from scripts.contract.loading import ROOT
from scripts.gates import readme_bounds
from tests.scripts.gates.contracts import changed, merged


def test_the_readme_says_what_the_contract_says() -> None:
    """Two bounds are stated, and both are right."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme_bounds.problems(merged(), text) == []
    assert "`num_inference_steps` (1 to 50)" in text


def test_a_bound_that_changed_or_went_is_named() -> None:
    """Where one operation differs from the others, both bounds are shown."""

    def how(body: Any) -> None:
        body["properties"]["num_inference_steps"]["maximum"] = 60
        del body["properties"]["controlnet_weights"]["anyOf"][0]["items"]["maximum"]

    text = "`num_inference_steps` (1 to 50), `controlnet_weights`\n(0 to 1, each), `x` (1 to 2)"
    assert readme_bounds.problems(changed(how), text) == [
        "README.md: `num_inference_steps` is said to go from 1 to 50, and the contract says "
        "1 to 50 or 1 to 60: correct it",
        "README.md: `controlnet_weights` is said to go from 0 to 1, and the contract says "
        "0 to 1 or 0 to any: correct it",
        "README.md: `x` is said to go from 1 to 2, and the contract says nothing: correct it",
    ]
