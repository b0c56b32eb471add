"""One limit for all actors of a cluster: how many requests are under way, and how fast they go."""

from functools import cached_property
from typing import Any, Literal, TypeAlias

import anyio
import attrs

from friendli_facade._rules.json_types import is_number
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.batch._limits.pace import Pace, Turn
from friendli_facade.errors import ValidationError
from friendli_facade.ray._libraries import library

Came: TypeAlias = Literal["succeeded", "refused", "failed"]

ALIVE_EVERY = 5.0  # seconds between signs of life of who has turns
_FORGOTTEN_AFTER = 30.0  # seconds without one
_NAMESPACE = "friendli_facade"
_CALLS = 100_000  # that wait in the actor at once: Ray's thousand would keep turns from coming back


@attrs.frozen
class _Lent:
    """A turn that somebody has."""

    holder: str
    turn: Turn


class Turns:
    """Lends turns of a batch's pace to holders, and takes back those of holders that are gone.

    Args:
        rate: Requests a second, at most; None for any number.
        at_once: Requests under way, at most.
    """

    def __init__(self, rate: float | None, at_once: int) -> None:
        self._rate = rate
        self._at_once = at_once
        self._lent: dict[int, _Lent] = {}
        self._alive: dict[str, float] = {}
        self._number = 0

    @cached_property
    def _pace(self) -> Pace:
        return Pace(self._at_once, self._rate)  # on the event loop, which __init__ is not

    async def settings(self) -> tuple[float | None, int]:
        """The rate, and how many at once."""
        return self._rate, self._at_once

    async def take(self, holder: str) -> int:
        """The number of a turn, once there is one."""
        await self.alive(holder)
        turn = await self._pace.take()
        self._number += 1
        self._lent[self._number] = _Lent(holder, turn)
        return self._number

    async def give_back(self, number: int, came: Came, hold: float | None = None) -> None:
        """Takes a turn back; after a refusal all others wait for `hold` seconds."""
        lent = self._lent.pop(number, None)
        if lent is None:
            return  # its holder was thought to be gone
        if came == "succeeded":
            lent.turn.succeeded()
        elif came == "refused":
            lent.turn.refused(hold)
        self._pace.give_back(lent.turn)

    async def alive(self, holder: str) -> None:
        """Notes that a holder lives, and forgets those that said so long ago."""
        now = anyio.current_time()
        self._alive[holder] = now
        gone = {one for one, said in self._alive.items() if said < now - _FORGOTTEN_AFTER}
        for one in gone:
            del self._alive[one]
        for number in [number for number, lent in self._lent.items() if lent.holder in gone]:
            await self.give_back(number, "failed")


class Limit:
    """One limit for a whole cluster, held by an actor that is found by its name.

    It lasts until `end`, or as long as the cluster: each job that makes a Limit of the same name
    shares it. How many requests are under way adapts to what the server takes; a 429 or 503 with
    a Retry-After holds all of them. The turns of an actor that was killed come back after 30
    seconds.

    Args:
        name: What the actor is called.
        rate: Requests a second at most, of all actors together; None for no limit.
        at_once: Requests under way at most, of all actors together.

    Raises:
        ValidationError: An argument breaks a rule, or the limit of this name has other settings.
        ImportError: Ray is not installed.
    """

    def __init__(
        self, name: str = "friendli", *, rate: float | None = None, at_once: int = 64
    ) -> None:
        _check(name, rate, at_once)
        ray = library("ray")
        lasting = {"max_restarts": -1, "max_task_retries": -1, "max_concurrency": _CALLS}
        actor = ray.remote(num_cpus=0, **lasting)(Turns)
        found = {"name": name, "namespace": _NAMESPACE, "get_if_exists": True}
        self._actor: Any = actor.options(lifetime="detached", **found).remote(rate, at_once)
        self.name = name
        has = ray.get(self._actor.settings.remote())
        if has != (rate, at_once):
            rule = (
                f"is a limit with rate={has[0]} and at_once={has[1]}: pass the same, or another "
                f"name, or end it: ray.kill(ray.get_actor({name!r}, {_NAMESPACE!r}))"
            )
            raise ValidationError([Violation(f"name {shortened(name)}", rule)])

    def end(self) -> None:
        """Ends it for the whole cluster; what still draws by it fails."""
        library("ray").kill(self._actor)

    async def take(self, holder: str) -> int:
        """The number of a turn, once there is one."""
        number: int = await self._actor.take.remote(holder)
        return number

    async def give_back(self, number: int, came: Came, hold: float | None = None) -> None:
        """Sends a turn back, and does not wait until it has come there."""
        self._actor.give_back.remote(number, came, hold)

    async def alive(self, holder: str) -> None:
        """Says that a holder lives, and does not wait until that is heard."""
        self._actor.alive.remote(holder)


def is_count(value: object) -> bool:
    """Whether it is an integer of at least 1."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _check(name: object, rate: object, at_once: object) -> None:
    found: list[Violation] = []
    if not isinstance(name, str) or not name:
        found.append(Violation("name", "must be a text, and not empty", shortened(name)))
    if rate is not None and not (is_number(rate) and rate > 0):
        found.append(Violation("rate", "must be a number above 0, or None", shortened(rate)))
    if not is_count(at_once):
        found.append(Violation("at_once", "must be an integer of at least 1", shortened(at_once)))
    if found:
        raise ValidationError(found)
