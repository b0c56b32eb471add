"""The report of a sync: the same for people, byte for byte, and for programs."""

import json
from typing import Any

import pytest

from scripts.contract.fetching import Upstream
from scripts.evolution.report import Report
from scripts.evolution.severity import Change, Direction, Effect, gathered, judge, version_step

UPSTREAM = Upstream("", "https://github.com/f/o openapi.yaml", None, "0123456789abcdef" * 4)
BREAKING = Change("A.a", "was removed", "breaking for requests", "major", "remove it", ("do", "A"))
ANSWER = Change("B.b", "was added", "breaking for responses", "major", "read it", ("do",))
FINE = Change("do", "is now deprecated", "compatible", "patch", "nothing", ("do",))


def test_the_report_for_people_is_in_order_of_gravity() -> None:
    """What breaks first; what the overlay keeps back, and what stands in the way, last."""
    report = Report(UPSTREAM, True, [FINE, ANSWER, BREAKING], [FINE, BREAKING], ["one", "two"])
    assert report.markdown() == (
        "# The contract according to https://github.com/f/o openapi.yaml (sha256 0123456789ab)\n"
        "\n"
        "Version step: major\n"
        "\n"
        "## Breaking for requests\n"
        "\n"
        "- `A.a` (do, A): was removed. Facade: remove it.\n"
        "\n"
        "## Breaking for responses\n"
        "\n"
        "- `B.b` (do): was added. Facade: read it.\n"
        "\n"
        "## Compatible\n"
        "\n"
        "- `do`: is now deprecated. Facade: nothing.\n"
        "\n"
        "## Kept from callers by the overlay: check that it is still right\n"
        "\n"
        "- `do`: is now deprecated.\n"
        "- `A.a` (do, A): was removed.\n"
        "\n"
        "## To be done first: until then nothing is written\n"
        "\n"
        "- one\n"
        "- two\n"
    )


def test_a_report_of_nothing_for_callers_says_so() -> None:
    """Where the contract changed and its use did not; and where it did not change."""
    assert Report(UPSTREAM, True).markdown().splitlines()[2:] == [
        *("Version step: patch", "", "## Compatible", "", "Callers see no change.")
    ]
    assert Report(UPSTREAM, False).markdown() == (
        "The contract agrees with https://github.com/f/o openapi.yaml (sha256 0123456789ab): "
        "at most prose has changed.\n"
    )


def test_the_report_for_programs_has_all_of_it() -> None:
    """As indented JSON, which ends with its line."""
    report = Report(UPSTREAM, True, [BREAKING], [FINE], ["one"])
    text = report.json()
    assert text.endswith("\n}\n")
    assert text.startswith('{\n  "source": ')

    def listed(change: Change) -> Any:
        return {**{name: getattr(change, name) for name in Change.__annotations__}} | {
            "operations": list(change.operations)
        }

    assert json.loads(text) == {
        "source": UPSTREAM.source,
        "commit": None,
        "sha256": UPSTREAM.sha256,
        "behind": True,
        "version": "major",
        "changes": [listed(BREAKING)],
        "hidden": [listed(FINE)],
        "obstacles": ["one"],
    }
    assert json.loads(Report(UPSTREAM, False).json())["version"] is None


# What a change does to the values; its step for requests, and for answers.
STEPS = {
    Effect.NARROWER: ("major", "patch"),
    Effect.WIDER: ("minor", "major"),
    Effect.OTHER: ("major", "major"),
    Effect.OFFERED: ("minor", "minor"),
    Effect.NONE: ("patch", "patch"),
}


@pytest.mark.parametrize("effect", Effect)
def test_callers_break_on_stricter_requests_and_on_freer_answers(effect: Effect) -> None:
    """Major is what breaks; minor what they may use; patch the rest."""
    for direction, step in zip(Direction, STEPS[effect], strict=True):
        change = judge("A", "was", effect, direction, operation="do", facade="nothing")
        meaning = f"breaking for {direction.value}" if step == "major" else "compatible"
        assert change == Change("A", "was", meaning, step, "nothing", ("do",))
        assert version_step([change]) == step


def test_what_several_operations_share_is_one_change() -> None:
    """With all of them, each once, in the order they came."""
    other = Change("A.a", "was removed", "breaking for requests", "major", "remove it", ("A", "b"))
    assert gathered([BREAKING, FINE, other]) == [
        Change(
            "A.a", "was removed", "breaking for requests", "major", "remove it", ("do", "A", "b")
        ),
        FINE,
    ]
