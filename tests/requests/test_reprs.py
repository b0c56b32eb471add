"""What a call is within the client, as debuggers and error trackers print it."""

import httpx

from friendli_facade import SyncFriendli
from friendli_facade._requests.body import AsyncContent, Content, Whole
from friendli_facade._requests.calls import describe
from friendli_facade._requests.prepared_request import prepare
from tests.samples import PNG

SECRET = "marker_that_no_one_else_has"


def test_no_repr_shows_what_is_sent() -> None:
    """Neither prompt, picture, team, header nor password."""
    friendli = SyncFriendli(token="t", http_headers={"X-Own": SECRET})
    settings = friendli._settings  # pyright: ignore[reportPrivateUsage]
    arguments = {
        "model": SECRET,
        "prompt": SECRET,
        "image": PNG + SECRET.encode(),
        "x_friendli_team": SECRET,
        "http_headers": {"X-More": SECRET},
        "server_url": f"https://{SECRET}@localhost",
    }
    call = describe("dedicatedImagesEdit", arguments)
    call.inputs.read()
    prepared = prepare(call, settings, httpx.Timeout(5))
    assert isinstance(prepared.content, Content)
    whole = Whole(b"".join(prepared.content))
    assert prepared.content.length == len(whole.content)
    for shown in (call, call.options, settings, prepared, AsyncContent(prepared.content), whole):
        assert SECRET not in repr(shown)
        assert "image/png" not in repr(shown)
