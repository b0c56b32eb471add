"""Classes of the caller's own that are clients."""

from typing import Any

import pytest

from friendli_facade import AsyncFriendli, SyncFriendli


class Tenants(SyncFriendli):
    """Takes one more argument."""

    def __init__(self, *, tenant: object, **others: Any) -> None:
        if not isinstance(tenant, int):
            raise TypeError("a tenant is a number")
        super().__init__(**others)


def test_their_own_errors_stay_as_they_are() -> None:
    """Names that they pass on are theirs, and no hint is made of them."""
    with pytest.raises(TypeError, match=r"^a tenant is a number$"):
        Tenants(tenant="a", tenants="b", token="flp_test")


def test_what_they_pass_on_is_told_by_the_client() -> None:
    """Once, in the words for the client itself."""
    with pytest.raises(TypeError) as failed:
        Tenants(tenant=1, time_out=3, token="flp_test")
    assert str(failed.value).count("did you mean timeout for time_out?") == 1


@pytest.mark.parametrize("kind", [SyncFriendli, AsyncFriendli])
@pytest.mark.parametrize(
    "name", ["token", "api_key", "http_client", "cache", "allow_insecure_http"]
)
def test_what_a_client_is_made_with_is_told_where_it_cannot_be_changed(
    kind: Any, name: str
) -> None:
    """By the client's own name; and what no client is made with has no hint."""
    meant = "token" if name == "api_key" else name
    start = rf"{kind.__name__}\.with_options\(\) got an unexpected keyword argument "
    said = (
        rf"^{start}'{name}'; {meant} is for {kind.__name__}\({meant}=\.\.\.\) alone: make another"
    )
    friendli = kind(token="flp_test")
    with pytest.raises(TypeError, match=said):
        friendli.with_options(**{name: "x"})
    with pytest.raises(TypeError, match=rf"^{start}'colour'$"):
        friendli.with_options(colour="x")
