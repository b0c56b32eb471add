"""The fixtures that pytest finds once the package is installed."""

import pytest

from tests.package.test_exports import imported_by

USER = """
import pytest

from friendli_facade import ServerError

CALL = {"model": "my-endpoint", "prompt": "A kite"}


def test_sync(friendli, friendli_sandbox):
    friendli_sandbox.fail_next(503)
    with pytest.raises(ServerError):
        friendli.dedicated.image.generate(**CALL, retries=None)
    image = friendli.dedicated.image.generate(**CALL).images[0]
    assert image.read().startswith(b"\\x89PNG")
    friendli.container.image.generate(prompt="A kite")
    sent = [request.url for request in friendli_sandbox.requests]
    assert sent[0] == sent[1] == "https://api.friendli.ai/dedicated/v1/images/generations"
    assert sent[2].startswith("https://api.friendli.ai/pictures/")
    assert sent[3:] == ["http://localhost:8000/v1/images/generations"]


@pytest.mark.anyio
async def test_async(async_friendli, friendli_sandbox):
    assert len(friendli_sandbox.requests) == 0
    result = await async_friendli.dedicated.image.generate(**CALL)
    assert (await result.images[0].aread()).startswith(b"\\x89PNG")
    assert [request.method for request in friendli_sandbox.requests] == ["POST", "GET"]
"""


def test_the_fixtures_are_there(pytester: pytest.Pytester) -> None:
    """Without any import, tests get clients whose every request their own sandbox answers."""
    pytester.makepyfile(USER)
    result = pytester.runpytest_subprocess("-W", "error")
    result.assert_outcomes(passed=3)  # the async one on asyncio and on trio


def test_they_need_the_sandbox_extra(pytester: pytest.Pytester) -> None:
    """Without Pillow the fixtures fail with the words that help, and other tests run."""
    pytester.makeconftest("import sys; sys.modules['PIL'] = None")
    pytester.makepyfile("def test_a(friendli): ...\n\ndef test_b(): ...")
    result = pytester.runpytest_subprocess("-W", "error")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines("*needs PIL: pip install 'friendli-facade[[]sandbox]'*")


def test_the_plugin_costs_nothing() -> None:
    """Whoever has the package installed and does not use its fixtures imports pytest alone."""
    extra = imported_by("import friendli_facade.testing") - imported_by("import pytest")
    assert extra == {
        "friendli_facade",
        "friendli_facade._version",
        "friendli_facade.testing",
    }
