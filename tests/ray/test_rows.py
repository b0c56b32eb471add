"""Rows in, the same rows with what came of them out."""

import hashlib
import json
from typing import Any

import httpx
import pyarrow  # pyright: ignore[reportMissingTypeStubs]
import pytest

from friendli_facade import AsyncFriendli, utils
from friendli_facade.errors import ValidationError
from friendli_facade.ray import Images
from friendli_facade.ray._limit import Came, Turns
from tests.ray.drawing import Drawing
from tests.samples import answer
from tests.transports import Wire, always, right

pa: Any = pyarrow


async def test_rows_come_back_with_their_pictures(drawing: Drawing) -> None:
    """In their order, with all other columns, and the digest of the file that stands there."""
    rows = [{"key": f"k{n}", "prompt": "A kite", "seed": n, "shelf": f"s{n}"} for n in range(5)]
    drawn = await drawing.rows(rows)
    assert [(row["key"], row["shelf"], row["seed"]) for row in drawn] == [
        (f"k{n}", f"s{n}", n) for n in range(5)
    ]
    for row in drawn:
        content = (drawing.folder / f"{row['key']}.png").read_bytes()
        assert row["path"] == str(drawing.folder / f"{row['key']}.png")
        assert row["sha256"] == hashlib.sha256(content).hexdigest()
        assert (row["error"], row["ambiguous"], row["attempts"]) == (None, False, 1)
    assert drawing.files == [f"k{n}.png" for n in range(5)]
    assert all("shelf" not in body for body in drawing.wire.bodies)


async def test_a_wrong_row_fails_alone(drawing: Drawing) -> None:
    """What breaks a rule is not sent, and says so in its row; the others are drawn."""
    rows = [
        {"key": "a", "prompt": "A kite", "num_inference_steps": 99},
        {"key": "b", "prompt": "A kite", "num_inference_steps": 50},
        {"key": "c", "num_inference_steps": 5},
        {"key": "b", "prompt": "A boat", "num_inference_steps": 5},
    ]
    wrong, one, lacking, other = await drawing.rows(rows)
    right_one, twice = sorted((one, other), key=lambda row: row["error"] is not None)
    assert "num_inference_steps must be at most 50, not 99" in wrong["error"]
    assert "prompt is required" in lacking["error"]
    assert "key 'b' must be unique" in twice["error"]
    assert [row["attempts"] for row in (wrong, lacking, twice)] == [0, 0, 0]
    assert right_one["error"] is None
    assert len(drawing.wire.requests) == 1


async def test_what_stands_is_not_sent_again(drawing: Drawing) -> None:
    """Rows whose pictures stand have their paths and digests, and no attempt."""
    rows = [{"key": f"k{n}", "prompt": "A kite", "seed": n} for n in range(4)]
    before = await drawing.rows(rows[:3])
    drawing.folder.joinpath("k1.png").unlink()
    after = await drawing.rows(rows)
    assert [row["attempts"] for row in after] == [0, 1, 0, 1]
    assert [after[n] | {"attempts": 1} for n in range(3)] == before
    assert len(drawing.wire.requests) == 5


async def test_without_a_key_the_arguments_are_it(drawing: Drawing) -> None:
    """The same row is found again, and another one is drawn; an empty cell is left out."""
    first = await drawing.rows([{"prompt": "A kite", "seed": 1}])
    again = await drawing.rows([{"prompt": "A kite", "seed": 1}, {"prompt": "A kite"}])
    assert first[0]["key"] == again[0]["key"] != again[1]["key"]
    assert [row["attempts"] for row in again] == [0, 1]
    assert drawing.wire.bodies == [{"prompt": "A kite", "seed": 1}, {"prompt": "A kite"}]


async def test_what_may_be_paid_for_is_told(drawing: Drawing) -> None:
    """A gateway that gave up leaves a row that is ambiguous, and sent once; a 400 is not."""
    drawing.wire = Wire(always(504))
    (lost,) = await drawing.rows([{"key": "a", "prompt": "A kite", "seed": 3}])
    assert (lost["ambiguous"], lost["attempts"], lost["path"], lost["seed"]) == (True, 1, None, 3)
    assert "504" in lost["error"]
    drawing.wire = Wire(always(400))
    (refused,) = await drawing.rows([{"key": "a", "prompt": "A kite"}])
    assert (refused["ambiguous"], refused["attempts"]) == (False, 1)


async def test_a_refused_row_is_sent_again(drawing: Drawing) -> None:
    """As often as its client's retries say."""
    answers = iter([httpx.Response(429), httpx.Response(503)])
    drawing.wire = Wire(lambda request: next(answers, right(request)))
    soon = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 1, 1))
    (row,) = await drawing.rows(
        [{"key": "a", "prompt": "A kite"}], client=lambda: drawing.wire.asynchronous(retries=soon)
    )
    assert (row["error"], row["attempts"]) == (None, 3)


@pytest.mark.parametrize("status", [401, 402])
async def test_nothing_is_sent_for_an_account_that_was_refused(
    drawing: Drawing, status: int
) -> None:
    """A million rows would ask, and each in vain; what stands is found all the same."""
    await drawing.rows([{"key": "there", "prompt": "A kite"}])
    drawing.wire = Wire(always(status))
    images = drawing.images(concurrency=2)
    rows = [{"key": f"k{n}", "prompt": "A kite"} for n in range(8)]
    for table in (rows[:4], [*rows[4:], {"key": "there", "prompt": "A kite"}]):
        found = (await images(pa.Table.from_pylist(table))).to_pylist()
        assert all(str(status) in row["error"] for row in found if row["key"] != "there")
    assert len(drawing.wire.requests) in {1, 2}  # both began before an answer came, or one
    assert (found[0]["attempts"], found[0]["ambiguous"]) == (0, False)
    assert found[0]["error"].startswith("not sent, as another row was refused: ")
    assert (found[-1]["key"], found[-1]["error"]) == ("there", None)


async def test_a_row_is_refused_as_often_as_its_client_says(drawing: Drawing) -> None:
    """Then it fails, with each attempt counted, and is not paid for."""
    drawing.wire = Wire(always(429))
    twice = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 1, 1), max_attempts=2)
    (row,) = await drawing.rows(
        [{"key": "a", "prompt": "A kite"}], client=lambda: drawing.wire.asynchronous(retries=twice)
    )
    assert "429" in row["error"]
    assert (row["ambiguous"], row["attempts"], len(drawing.wire.requests)) == (False, 2, 2)


class Told(Turns):
    """Turns of which it is told how they come back."""

    def __init__(self) -> None:
        super().__init__(None, 3)
        self.came = list[str]()

    async def give_back(self, number: int, came: Came, hold: float | None = None) -> None:
        """Notes it."""
        self.came.append(came)
        await super().give_back(number, came, hold)


async def test_a_turn_that_failed_is_given_back(drawing: Drawing) -> None:
    """Where nobody listens, each row says so, and others may try."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody listens", request=request)

    drawing.wire = Wire(handler)
    rows, limit = [{"key": f"k{n}", "prompt": "A kite"} for n in range(3)], Told()
    failed = await drawing.rows(rows, limit=limit)
    assert all("nobody listens" in row["error"] for row in failed)
    assert [(row["ambiguous"], row["attempts"]) for row in failed] == [(False, 1)] * 3
    assert limit.came == ["failed"] * 3


def dedicated(friendli: AsyncFriendli) -> Any:
    """The method that has pictures at URLs, seeds, and more than one picture."""
    return friendli.dedicated.image.generate


async def test_what_came_of_a_broken_answer_is_kept(drawing: Drawing) -> None:
    """It is paid for; the row has the picture and the error."""
    item = json.dumps(answer("/dedicated")["data"][0])
    drawing.wire = Wire(lambda _: httpx.Response(200, text=f'{{"data": [{item}, {{"b64_js'))
    (row,) = await drawing.rows([{"key": "a", "prompt": "p", "model": "m"}], method=dedicated)
    assert (row["ambiguous"], drawing.files) == (True, ["a.png"])
    assert row["path"] == str(drawing.folder / "a.png")
    assert "is not JSON" in row["error"]


async def test_a_picture_that_cannot_be_fetched_fails_its_row_alone(drawing: Drawing) -> None:
    """It may be paid for; the disk has room, so the next row is drawn without trying that out."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(404)
        if b"lost" not in request.content:
            return right(request)
        item = {"seed": 7, "response_format": "url", "url": "https://storage.example/cat.png"}
        return httpx.Response(200, json={"data": [item]})

    drawing.wire = Wire(handler)
    rows = [{"key": prompt, "prompt": prompt, "model": "m"} for prompt in ("lost", "kite")]
    images = drawing.images(method=dedicated, concurrency=1)
    lost, kite = (await images(pa.Table.from_pylist(rows))).to_pylist()
    assert "storage.example" in lost["error"]
    assert (lost["ambiguous"], lost["path"]) == (True, None)
    assert (kite["error"], drawing.files) == (None, ["kite.png"])


async def test_a_seed_that_no_column_holds_is_left_out(drawing: Drawing) -> None:
    """Of 70 bits, say; the row is done all the same."""
    body = answer("/dedicated")
    body["data"][0]["seed"] = 2**70
    drawing.wire = Wire(always(200, json=body))
    (row,) = await drawing.rows([{"key": "a", "prompt": "p", "model": "m"}], method=dedicated)
    assert (row["error"], row["seed"], drawing.files) == (None, None, ["a.png"])


async def test_all_pictures_of_an_answer_are_kept(drawing: Drawing) -> None:
    """The first has the key's name, and no other key has that of the others."""
    body = answer("/dedicated/v1/images/generations")
    body["data"] = [{**body["data"][0], "seed": seed} for seed in (5, 6)]
    drawing.wire = Wire(always(200, json=body))
    rows = [{"key": "a", "prompt": "A kite", "model": "m"}]
    (row,) = await drawing.rows(rows, method=dedicated)
    assert (row["error"], row["seed"]) == (None, 5)
    assert drawing.files == ["a(2).png", "a.png"]


async def test_every_block_has_the_same_columns(drawing: Drawing) -> None:
    """Whatever came of its rows; seeds have the type that they had."""
    drawing.wire = Wire(always(400))
    failed = await drawing.images()(pa.table({"key": ["a"], "prompt": ["A kite"]}))
    drawing.wire = Wire(right)
    done = await drawing.images()(pa.table({"key": ["b"], "prompt": ["A kite"]}))
    assert failed.schema == done.schema
    seeds = pa.array([2**64 - 1], pa.uint64())
    large = await drawing.images()(pa.table({"key": ["c"], "prompt": ["A kite"], "seed": seeds}))
    assert large.to_pylist()[0]["seed"] == 2**64 - 1


async def test_what_came_out_goes_in_again(drawing: Drawing) -> None:
    """A table with failed rows is drawn as any other, its columns replaced."""
    drawing.wire = Wire(always(400))
    images, rows = drawing.images(), pa.table({"key": ["a"], "prompt": ["A kite"]})
    failed = await images(rows)
    drawing.wire = Wire(right)
    again = await drawing.images()(failed)
    assert again.schema == failed.schema
    assert again.to_pylist()[0]["error"] is None


async def test_other_tables_are_refused(drawing: Drawing) -> None:
    """The default batches of Ray Data turn empty cells into numbers."""
    with pytest.raises(ValidationError, match="batch_format='pyarrow'"):
        await drawing.images()({"prompt": ["A kite"]})


@pytest.mark.parametrize("concurrency", [0, 257, True, 1.5])
def test_a_wrong_concurrency_is_refused(drawing: Drawing, concurrency: Any) -> None:
    """An event loop has 256 connections."""
    with pytest.raises(ValidationError, match="concurrency must be an integer from 1 to 256"):
        drawing.images(concurrency=concurrency)


def test_a_sync_client_is_refused(drawing: Drawing) -> None:
    """Its calls would wait one for the other."""
    with pytest.raises(ValidationError, match="method must"):
        drawing.images(client=drawing.wire.sync)


def test_without_pyarrow_the_extra_is_named(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Importing costs nothing; using it says what to install."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.fs", None)
    with pytest.raises(ImportError, match=r"pip install 'friendli-facade\[ray\]'"):
        Images(lambda friendli: friendli.container.image.generate, drawing.folder)
