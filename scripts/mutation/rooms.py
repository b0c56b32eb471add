"""The rooms whose tests are tested, each with its code and the tests that concern it."""

from collections.abc import Iterable
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[2]


@attrs.frozen
class Room:
    """Code, as files and folders below the project, and the tests of it."""

    code: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def files(self) -> list[str]:
        """The files of the code, in order."""
        return _files(self.code, "*.py")

    @property
    def test_files(self) -> list[str]:
        """The files of the tests, in order."""
        return _files(self.tests, "test_*.py")


def _files(names: Iterable[str], pattern: str) -> list[str]:
    found = (
        [place] if (place := ROOT / name).is_file() else place.rglob(pattern) for name in names
    )
    return sorted({str(path.relative_to(ROOT)) for paths in found for path in paths})


def _of_client(*names: str) -> tuple[str, ...]:
    return tuple(f"friendli_facade/{name}" for name in names)


def _tests(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/{name}" for name in names)


# Longer than the tests of one change may take, or run in processes of their own, which have none.
TOO_SLOW = _tests(
    "scripts/contract/test_canonical_form.py::test_500_rewrites_of_the_contract",
    "scripts/evolution/test_installation.py::test_a_killed_sync_leaves_a_whole_tree",
    "scripts/evolution/test_surroundings.py::test_optimised_python_in_an_ascii_locale",
    "scripts/evolution/test_upstream.py::test_a_mutated_upstream_is_followed",
    "scripts/evolution/test_upstream.py::test_all_operations_make_a_client",
    "scripts/generation/test_generation.py::test_check_passes_without_docstrings_and_utf_8",
    "scripts/generation/test_generation.py::test_the_surroundings_do_not_matter",
)
ROOMS = {
    "rules": Room(
        _of_client("_rules"),
        _tests("rules", "requests/test_odd_objects.py"),
    ),
    "errors": Room(
        _of_client("errors.py", "_error_answers"),
        _tests("errors", "delivery/test_failures.py", "delivery/test_token.py", "images"),
    ),
    "inputs": Room(
        _of_client("_inputs"),
        _tests("inputs", "requests/test_streaming.py", "delivery/test_slow_inputs.py"),
    ),
    "requests": Room(
        _of_client("_requests"),
        _tests("requests", "clients", "delivery", "errors", "mistakes", "provenance"),
    ),
    "delivery": Room(
        tuple(
            f"friendli_facade/_delivery/{name}.py"
            for name in ("deadline", "exchange", "failures", "logs", "receiving", "retries")
        )
        + _of_client("_delivery/streams.py", "_delivery/unpacking.py", "_sender.py"),
        _tests("delivery", "clients", "errors", "caching", "answers/test_downloads.py")
        + _tests(
            "mistakes/test_hints.py", "on_aiohttp/test_failures.py", "on_aiohttp/test_token.py"
        ),
    ),
    "connections": Room(
        _of_client("_delivery/connections"),
        _tests("clients", "delivery", "on_aiohttp/test_aiohttp.py"),
    ),
    "images": Room(_of_client("_images"), _tests("images", "answers", "provenance")),
    "answers": Room(
        _of_client("_answers"),
        _tests("answers", "images", "caching", "delivery/test_paid_pictures.py")
        + _tests("mistakes/test_hints.py", "provenance/test_calls.py"),
    ),
    "contract": Room(
        ("scripts/contract",),
        _tests("scripts/contract", "scripts/gates/test_rules_agreement.py")
        + _tests("scripts/evolution/comparison", "scripts/evolution/test_bad_input.py")
        + _tests("scripts/evolution/test_protections.py", "scripts/evolution/test_sources.py"),
    ),
    "evolution": Room(("scripts/evolution",), _tests("scripts/evolution")),
    "generation": Room(
        ("scripts/generation",),
        _tests("scripts/generation", "scripts/gates", "cli/test_options.py")
        + _tests("scripts/evolution/test_installation.py", "scripts/evolution/test_preparing.py")
        + _tests("scripts/evolution/test_bad_input.py", "scripts/evolution/test_whole_api.py"),
    ),
    "gates": Room(("scripts/gates",), _tests("scripts/gates")),
}
