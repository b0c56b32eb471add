"""The public surface, and what importing it costs."""

import os
import subprocess
import sys

import pytest

import friendli_facade
from friendli_facade import batch, errors, models, provenance, utils

SURFACE = (
    "APIConnectionError APITimeoutError AsyncFriendli AuthenticationError ClientClosedError "
    "ConflictError ContentTooLargeError DownloadError FriendliError InvalidResponseError "
    "MetadataWarning NotFoundError OtherStatusError PermissionDeniedError Provenance "
    "ProvenanceError RateLimitError SDKError ServerError "
    "SyncFriendli UnprocessableEntityError ValidationError batch errors models provenance utils"
)


def imported_by(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after running `code`."""
    command = [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"]
    # What measures coverage would be imported too.
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_public_surface_is_one_list() -> None:
    """`__all__` is what is promised, and every name of it is there."""
    assert sorted(friendli_facade.__all__) == sorted(SURFACE.split())
    for module in (friendli_facade, batch, errors, models, provenance, utils):
        assert [name for name in module.__all__ if not hasattr(module, name)] == []
        assert set(module.__all__) <= set(dir(module))


def test_every_error_is_public() -> None:
    """Each class of the error tree can be imported from the package."""
    tree = {name for name in errors.__all__ if name.endswith("Error")}
    assert tree <= set(friendli_facade.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """The lazy package fails as any module does."""
    with pytest.raises(AttributeError, match="has no attribute 'Friendli'"):
        _ = friendli_facade.Friendli  # type: ignore[attr-defined]  # pyright: ignore


def test_importing_the_package_imports_nothing_else() -> None:
    """`import friendli_facade` costs no httpx, no attrs and no models."""
    extra = imported_by("import friendli_facade") - imported_by("pass")
    assert extra == {"friendli_facade", "friendli_facade._version"}


def test_importing_a_client_leaves_what_few_need() -> None:
    """The generated models and what only calls need wait until the first call is made."""
    code = "from friendli_facade import SyncFriendli"
    names = imported_by(code) - imported_by("import httpx, attrs")
    assert names & {"PIL", "jsonschema", "httpcore", "dateutil", "friendli_api"} == set()
    assert len(names) <= 12


def test_a_first_call_leaves_what_is_written_into_files() -> None:
    """XMP is read and made where a picture is saved with metadata, or asked for it."""
    code = "from friendli_facade import SyncFriendli\nSyncFriendli().container.image.generate"
    names = imported_by(code)
    assert "friendli_api.models" in names
    assert {name for name in names if "xml" in name or "metadata" in name} == set()
