"""No sequence of faults breaks the policy: a state machine on a virtual clock."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import attrs
import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from friendli_facade import (
    APIConnectionError,
    APITimeoutError,
    AsyncFriendli,
    FriendliError,
    InvalidResponseError,
    OtherStatusError,
    RateLimitError,
    ServerError,
    SyncFriendli,
)
from friendli_facade.utils import BackoffStrategy, RetryConfig
from scripts.faults.matrix import AMBIGUOUS
from tests.conftest import Clock
from tests.samples import PNG


@attrs.frozen
class Step:
    """What one attempt meets: how long it takes, what comes, and what that means.

    `meaning` is "unsent", "ambiguous", a status, or "good".
    """

    meaning: str | int
    error: type[FriendliError] | None
    come: Callable[[httpx.Request], httpx.Response]
    seconds: float = 0
    asked: float | None = None


def raising(meaning: str, failure: type[httpx.TransportError]) -> Step:
    """An attempt to which httpx itself objects."""
    slow = issubclass(failure, httpx.TimeoutException)

    def come(request: httpx.Request) -> httpx.Response:
        raise failure("no", request=request)

    return Step(meaning, APITimeoutError if slow else APIConnectionError, come)


def answering(status: int, error: type[FriendliError], asked: float | None = None) -> Step:
    """An attempt that is refused, or lost behind a proxy, and told when to come again."""
    headers = {} if asked is None else {"Retry-After": str(asked)}
    meaning = "ambiguous" if status in AMBIGUOUS else status
    return Step(meaning, error, lambda _: httpx.Response(status, headers=headers), asked=asked)


def pictured(request: httpx.Request) -> httpx.Response:
    """The picture that belongs to the request."""
    content = PNG + json.loads(request.content)["prompt"].encode()
    item = {"seed": 1, "response_format": "png", "b64_json": base64.b64encode(content).decode()}
    return httpx.Response(200, json={"data": [item]})


GOOD = Step("good", None, pictured)
asked = st.none() | st.floats(0, 200).map(lambda seconds: round(seconds, 1))
STEPS = st.one_of(
    st.just(GOOD),
    st.sampled_from([httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout]).map(
        lambda failure: raising("unsent", failure)
    ),
    st.sampled_from(
        [httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError]
    ).map(lambda failure: raising("ambiguous", failure)),
    st.builds(answering, st.just(429), st.just(RateLimitError), asked),
    st.builds(answering, st.sampled_from([500, 503, 529]), st.just(ServerError), asked),
    st.builds(answering, st.sampled_from([502, 504, 524]), st.just(ServerError), asked),
    st.builds(answering, st.sampled_from([400, 408, 499]), st.just(OtherStatusError), asked),
    st.just(Step("ambiguous", InvalidResponseError, lambda _: httpx.Response(200, text="?"))),
)
POLICIES = st.none() | st.builds(
    RetryConfig,
    st.sampled_from(["backoff", "backoff", "none"]),
    st.builds(
        BackoffStrategy,
        st.sampled_from([0, 100, 5_000]),
        st.sampled_from([100, 60_000]),
        st.sampled_from([1, 1.5, 10]),
        st.sampled_from([0, 1_000, 30_000, 120_000]),
    ),
    st.booleans(),
    retry_ambiguous_errors=st.booleans(),
    status_codes=st.sampled_from([(429, 500, 503), (), (400, 529)]),
    max_connection_time=st.sampled_from([0, 5_000, 200_000]),
    max_attempts=st.sampled_from([1, 3, 100]),
)


def repeats(step: Step, policy: RetryConfig | None) -> bool:
    """Whether the policy wants another attempt after a step, time permitting."""
    if policy is None or policy.strategy == "none" or step.meaning == "good":
        return False
    if step.meaning == "unsent":
        return policy.retry_connection_errors
    if step.meaning == "ambiguous":
        return policy.retry_ambiguous_errors
    return step.meaning in policy.status_codes


class Deliveries(RuleBasedStateMachine):
    """One client of each kind, a queue of what the next attempts meet, and calls."""

    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.queue: list[Step] = []
        self.met: list[Step] = []
        self.began: list[float] = []
        self.calls = 0
        self.ended = 0

    @initialize()
    def connect(self) -> None:
        """Makes both clients on one wire."""
        transport = httpx.MockTransport(self.meet)
        self.sync = SyncFriendli(token="t", http_client=httpx.Client(transport=transport))
        self.runner = asyncio.Runner()
        http = httpx.AsyncClient(transport=transport)
        self.asynchronous = AsyncFriendli(token="t", http_client=http)

    def meet(self, request: httpx.Request) -> httpx.Response:
        """What an attempt meets; good is what comes when nothing else is queued."""
        step = self.queue.pop(0) if self.queue else GOOD
        self.met.append(step)
        self.began.append(self.clock.now)
        self.clock.now += step.seconds
        return step.come(request)

    @rule(step=STEPS, seconds=st.sampled_from([0, 0, 0.5, 20]), times=st.integers(1, 4))
    def queue_steps(self, step: Step, seconds: float, times: int) -> None:
        """The next attempts meet this."""
        self.queue += [attrs.evolve(step, seconds=seconds)] * times

    @rule(policy=POLICIES, sync=st.booleans())
    def call(self, policy: RetryConfig | None, sync: bool) -> None:
        """A call ends in its own picture, or in the error of the last step that it met."""
        self.calls += 1
        prompt = f"call {self.calls}"
        self.met.clear()
        self.began.clear()
        napped = len(self.clock.sleeps)
        outcome = self.outcome(sync, model="m", prompt=prompt, retries=policy)
        last = self.met[-1]
        if last.error is None:
            assert outcome == PNG + prompt.encode()
        else:
            assert isinstance(outcome, FriendliError)
            assert (type(outcome), outcome.attempts) == (last.error, len(self.met))
            assert outcome.ambiguous == any(step.meaning == "ambiguous" for step in self.met)
        self.ended += 1
        self.check(policy, self.clock.sleeps[napped:])

    def outcome(self, sync: bool, **arguments: Any) -> bytes | FriendliError:
        """The picture of a call, or its error."""
        try:
            if sync:
                result = self.sync.dedicated.image.generate(**arguments)
            else:
                result = self.runner.run(self.asynchronous.dedicated.image.generate(**arguments))
        except FriendliError as error:
            return error
        return result.images[0].read()

    def check(self, policy: RetryConfig | None, naps: list[float]) -> None:
        """Each step but the last was to be repeated, and in time; the last was not, or too late."""
        assert all(repeats(step, policy) for step in self.met[:-1])
        assert len(naps) == len(self.met) - 1
        if policy is None:
            return
        assert len(self.met) <= policy.max_attempts
        for number, nap in enumerate(naps):
            step = self.met[number]
            least, most = waits(policy.backoff, number, step.asked)
            assert least - 1e-6 <= nap <= most + 1e-6
            end = self.began[0] + seconds_for(step, policy)
            assert self.began[number + 1] <= end + 1e-6
            assert (step.asked or 0) <= end - self.began[number] - step.seconds + 1e-6
        last = self.met[-1]
        if repeats(last, policy) and len(self.met) < policy.max_attempts:
            _, most = waits(policy.backoff, len(naps), None)
            left = self.began[0] + seconds_for(last, policy) - self.clock.now
            assert max(most, last.asked or 0) > left

    @invariant()
    def no_call_is_lost(self) -> None:
        """Every call came to an end."""
        assert self.ended == self.calls

    def teardown(self) -> None:
        """Ends the event loop."""
        if hasattr(self, "runner"):
            self.runner.close()


def seconds_for(step: Step, policy: RetryConfig) -> float:
    """How long after the call's begin the attempt after a step may begin."""
    limit = policy.backoff.max_elapsed_time
    return (min(limit, policy.max_connection_time) if step.meaning == "unsent" else limit) / 1000


def waits(backoff: BackoffStrategy, number: int, asked: float | None) -> tuple[float, float]:
    """The least and the most that may be waited after a step, in seconds."""
    longest = backoff.max_interval / 1000
    most = min(longest, backoff.initial_interval / 1000 * backoff.exponent**number)
    wish = min(longest, asked or 0)
    return max(most / 2, wish), max(most, wish)


def test_no_sequence_of_faults_breaks_the_policy(clock: Clock) -> None:
    """Requests, waits and ends of calls are as an independent reading of the policy has them."""

    class Machine(Deliveries):
        """The machine on this test's clock."""

    Machine.clock = clock
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=150, stateful_step_count=30, deadline=None)
    )
