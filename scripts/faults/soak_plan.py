"""What the server of a soak does to each attempt of each call, and what must come of it.

Both are functions of the seed, the call and the attempt, so the outcome of every call, and how
often it is sent, is known beforehand.
"""

import base64
import json
from collections.abc import Iterator
from itertools import count, islice
from random import Random

import attrs

from friendli_facade import FriendliError
from scripts.faults.matrix import REFUSALS, Fault, faults, harmless
from scripts.faults.server import Answer, Then, answer

_NAMES = [fault.name for fault in faults(b"{}") if not fault.before]
_HARMLESS = list(harmless(b"{}"))


def picture(number: int) -> bytes:
    """The picture that belongs to a call: a PNG to all who look no further than its head."""
    return b"\x89PNG\r\n\x1a\n" + f"{number:08}".encode() * 40


def in_url(number: int) -> bool:
    return number % 2 == 0


def opted_in(number: int) -> bool:
    return number % 10 in {3, 4}


def refused(number: int) -> bool:
    """Whether the call goes to a port where nobody listens."""
    return number % 50 == 7


@attrs.frozen
class Outcome:
    """What came of a call, and how often it was asked for."""

    kind: str
    posts: int
    gets: int


def kind(error: type[FriendliError], ambiguous: bool) -> str:
    return error.__name__ + (", ambiguous" if ambiguous else "")


@attrs.frozen
class Plan:
    """What the server does to each attempt of each call."""

    seed: int

    def posts(self, number: int, url: str) -> Iterator[tuple[Answer, Fault | None]]:
        """The answer to each attempt of a POST, and the fault in it."""
        item: dict[str, object] = {"seed": number, "response_format": "png"}
        if in_url(number):
            item["url"] = f"{url}/{number}"
        else:
            item["b64_json"] = base64.b64encode(picture(number)).decode()
        whole = json.dumps({"data": [item]}).encode()

        def answered(attempt: int) -> tuple[Answer, Fault | None]:
            random = Random(f"{self.seed} {number} POST {attempt}")  # noqa: S311
            chance = random.random()
            if chance < 0.15:
                fault = random.choice(REFUSALS)
                return fault.answer, fault
            if chance < 0.35:
                name = random.choice(_NAMES)
                (fault,) = (fault for fault in faults(whole) if fault.name == name)
                return fault.answer, fault
            return harmless(whole)[random.choice(_HARMLESS)], None

        return map(answered, count())

    def gets(self, number: int) -> Iterator[tuple[Answer, str]]:
        """The answer to each attempt of a GET, and what the client must make of it."""
        whole = answer("200 OK", picture(number))
        repeated = [
            *(Answer(then=Then.RESET), Answer(whole.data[:-9], Then.RESET)),
            *(Answer(whole.data[:-9], Then.CLOSE), answer("503 Service Unavailable")),
        ]
        final = [answer("200 OK", b"<html>"), answer("403 Forbidden")]

        def answered(attempt: int) -> tuple[Answer, str]:
            random = Random(f"{self.seed} {number} GET {attempt}")  # noqa: S311
            chance = random.random()
            if chance < 0.2:
                return random.choice(repeated), "repeat"
            if chance < 0.22:
                return random.choice(final), "error"
            return whole, "picture"

        return map(answered, count())

    def stalls(self, number: int) -> bool:
        """Whether an answer to one of a call's POSTs never ends."""
        answers = islice(self.posts(number, ""), self.expected(number).posts)
        return any(reply.then is Then.STALL for reply, _ in answers)

    def expected(self, number: int) -> Outcome:
        """What must come of a call."""
        if refused(number):
            return Outcome("APIConnectionError", 0, 0)
        attempts, posts, was_lost = self.posts(number, ""), 1, False
        while fault := next(attempts)[1]:
            was_lost = was_lost or fault.ambiguous
            if fault not in REFUSALS and not (fault.ambiguous and opted_in(number)):
                return Outcome(kind(fault.error, was_lost), posts, 0)
            posts += 1
        if not in_url(number):
            return Outcome("picture", posts, 0)
        downloads, gets = self.gets(number), 1
        while (outcome := next(downloads)[1]) == "repeat":
            gets += 1
        return Outcome("picture" if outcome == "picture" else "DownloadError", posts, gets)
