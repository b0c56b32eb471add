"""Whatever an argument is, a call ends in a result or in words."""

import json
import re
from typing import Any

import attrs
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from friendli_facade import SyncFriendli, ValidationError
from tests.requests.arguments import Operation, operations
from tests.requests.odd_objects import MADE, ODD, Recipe
from tests.samples import answer

EXAMPLES = 500
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
RIGHT: dict[str, Any] = {"model": "m", "prompt": "p", "image": {"image": "https://e/x.png"}}
OPTIONS = ["http_headers", "server_url", "retries", "timeout"]


@attrs.define(slots=False)
class Asked:
    """An operation, and what became of the calls of it."""

    operation: Operation
    sent: int = 0
    refused: int = 0
    requests: list[httpx.Request] = attrs.field(factory=list[httpx.Request])

    def __attrs_post_init__(self) -> None:
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        friendli = SyncFriendli(token="t", http_client=http, retries=None)
        self._call = getattr(getattr(friendli, self.operation.surface).image, self.operation.method)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        json.loads(request.content)
        self.requests.append(request)
        return httpx.Response(200, json=answer(self.operation.path))

    @property
    def names(self) -> list[str]:
        """Its arguments."""
        team = ["x_friendli_team"] if self.operation.surface == "dedicated" else []
        return [*self.operation.properties, *OPTIONS, *team]

    def check(self, odd: dict[str, Recipe]) -> None:
        """Raises what a call raises that is no ValidationError."""
        arguments = {name: RIGHT[name] for name in self.operation.schema["required"]}
        arguments |= {name: recipe.make() for name, recipe in odd.items()}
        self.requests.clear()
        try:
            self._call(**arguments)
        except ValidationError as error:
            refused = error
        else:
            self.sent += 1
            return
        self.refused += 1
        assert not self.requests
        assert {re.split(r"[.\[]", one.argument)[0] for one in refused.violations} <= {*self.names}
        assert str(refused).encode()


OPERATIONS = pytest.mark.parametrize(
    "operation", operations(), ids=lambda operation: operation.name
)


@OPERATIONS
def test_each_odd_object_is_sent_or_refused_in_words(operation: Operation) -> None:
    """Each of the objects that once was an error of another kind, for each of the arguments."""
    asked = Asked(operation)
    for name in asked.names:
        for recipe in MADE:
            asked.check({name: recipe})
    assert asked.sent > 20
    assert asked.refused > 500


# An odd file whose `flush` raises does so when it is collected too, which Python tells since 3.13.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@OPERATIONS
def test_any_object_is_sent_or_refused_in_words(operation: Operation) -> None:
    """Any Python object for any argument gives a result or a ValidationError, and nothing else."""
    asked = Asked(operation)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
    @given(odd=st.dictionaries(st.sampled_from(asked.names), ODD, min_size=1, max_size=2))
    def check(odd: dict[str, Recipe]) -> None:
        asked.check(odd)

    check()
    print(f"{operation.name}: {asked.sent} sent, {asked.refused} refused")
    assert asked.sent
    assert asked.refused > EXAMPLES / 2
