"""The facade accepts what the contract and the handwritten rules accept, and nothing else."""

import json
import re
from typing import Any

import httpx
import pytest
from hypothesis import given, settings

from friendli_facade import SyncFriendli, ValidationError
from tests.requests.arguments import Operation, argument_sets, judged, operations
from tests.samples import answer
from tests.thorough import examples

SETS = examples(2_000, 10_000)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_exactly_the_right_argument_sets_are_sent(operation: Operation) -> None:
    """A set is sent just as given if it is right; else each wrong argument is named."""
    sent: list[Any] = []

    def answers(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json=answer(request.url.path))

    friendli = SyncFriendli(
        token="t", http_client=httpx.Client(transport=httpx.MockTransport(answers))
    )
    call = getattr(getattr(friendli, operation.surface).image, operation.method)
    counts = {"right": 0, "wrong": 0}

    @settings(max_examples=SETS, deadline=None)
    @given(arguments=argument_sets(operation))
    def check(arguments: dict[str, Any]) -> None:
        sent.clear()
        body, wrong = judged(operation, arguments)
        missing = [name for name in operation.schema["required"] if name not in arguments]
        if missing:
            with pytest.raises(TypeError) as unfit:
                call(**arguments)
            assert [name for name in missing if repr(name) not in str(unfit.value)] == []
        elif wrong:
            with pytest.raises(ValidationError) as refused:
                call(**arguments)
            named = {re.split(r"[.\[]", one.argument)[0] for one in refused.value.violations}
            assert named == wrong
            assert len(str(refused.value)) < 5_000
        else:
            call(**arguments)
        counts["wrong" if wrong or missing else "right"] += 1
        assert sent == ([] if wrong or missing else [body])

    check()
    print(f"{operation.name}: {counts['right']} right, {counts['wrong']} wrong")
    assert counts["right"] + counts["wrong"] >= SETS
    assert min(counts.values()) > SETS / 5
