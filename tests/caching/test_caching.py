"""A paid picture is not paid for twice: a call with a seed is answered from disk."""

import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friendli_facade import InvalidResponseError, SDKError, ValidationError, utils
from tests.callers import Caller
from tests.cli.running import right as served
from tests.cli.running import run
from tests.samples import JPEG, PNG
from tests.servers import recording
from tests.transports import Wire, always, right


async def drawn(way: str, wire: Wire, cache: Any, **arguments: Any) -> Any:
    """The result of a dedicated call of a new client with this cache."""
    arguments = {"model": "m", "prompt": "p", "seed": 1, **arguments}
    if way == "sync":
        with wire.sync(cache=cache) as sync:
            return sync.dedicated.image.generate(**arguments)
    async with wire.asynchronous(cache=cache) as friendli:
        return await friendli.dedicated.image.generate(**arguments)


async def test_the_same_request_is_sent_once(way: str, tmp_path: Path) -> None:
    """The second result is the first, and says where it is from; a path may be a text."""
    wire = Wire(right)
    first = await drawn(way, wire, str(tmp_path))
    second = await drawn(way, wire, tmp_path)
    assert len(wire.requests) == 1
    assert [(one.from_cache, one.attempts) for one in (first, second)] == [(False, 1), (True, 0)]
    assert second.to_dict() == first.to_dict()
    assert (type(second.images[0]), second.images[0].read()) == (type(first.images[0]), PNG)
    assert second.request == first.request
    assert (second.call.completed, second.headers) == (first.call.completed, first.headers)
    assert second.elapsed == 0
    assert second.images[0].save(tmp_path / "a").read_bytes() == PNG


async def test_without_a_seed_or_a_cache_it_is_sent_again(way: str, tmp_path: Path) -> None:
    """The server draws another picture then."""
    wire = Wire(right)
    for seed in (utils.UNSET, None):
        await drawn(way, wire, tmp_path, seed=seed)
        await drawn(way, wire, tmp_path, seed=seed)
    await drawn(way, wire, None)
    await drawn(way, wire, None)
    assert len(wire.requests) == 6


async def test_a_picture_at_a_url_is_fetched_at_once(way: str, tmp_path: Path) -> None:
    """Its URL expires; the one in the cache does not need it."""
    item = {"seed": 1, "response_format": "url", "url": "https://pictures.example/1.png"}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, content=JPEG)
        return httpx.Response(200, json={"data": [item, item]})

    wire = Wire(answer)
    first = await drawn(way, wire, tmp_path)
    second = await drawn(way, wire, tmp_path)
    assert [request.method for request in wire.requests] == ["POST", "GET", "GET"]
    assert [image.url for image in second.images] == [image.url for image in first.images]
    assert [image.read() for image in second.images] == [JPEG, JPEG]


async def test_what_is_no_whole_result_is_not_kept(way: str, tmp_path: Path) -> None:
    """Errors, answers that are none, and pictures that cannot be fetched are asked for again."""
    item = {"seed": 1, "response_format": "url", "url": "https://pictures.example/1.png"}
    for handler, error in (
        (always(500), SDKError),
        (always(200, content=b"{"), InvalidResponseError),
    ):
        wire = Wire(handler)
        for _ in range(2):
            with pytest.raises(error):
                await drawn(way, wire, tmp_path)
        assert len(wire.requests) == 2

    def gone(request: httpx.Request) -> httpx.Response:
        is_post = request.method == "POST"
        return httpx.Response(200, json={"data": [item]}) if is_post else httpx.Response(404)

    wire = Wire(gone)
    for _ in range(2):
        assert not (await drawn(way, wire, tmp_path)).from_cache
    assert [request.method for request in wire.requests] == ["POST", "GET"] * 2


def entries(folder: Path) -> list[Path]:
    """The files of entries."""
    return [path for path in folder.glob("*/*") if path.is_file()]


@pytest.mark.parametrize(("end", "more"), [(-1, b""), (9, b""), (0, b""), (-1, b"?"), (None, b"?")])
async def test_a_damaged_entry_is_asked_for_again(
    way: str, tmp_path: Path, end: int | None, more: bytes
) -> None:
    """And kept anew."""
    wire = Wire(right)
    await drawn(way, wire, tmp_path)
    (entry,) = entries(tmp_path)
    entry.write_bytes(entry.read_bytes()[:end] + more)
    assert not (await drawn(way, wire, tmp_path)).from_cache
    assert (await drawn(way, wire, tmp_path)).from_cache
    assert len(wire.requests) == 2


async def test_a_full_disk_loses_no_picture(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not kept, and that is logged."""
    cache = utils.Cache(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = await drawn(way, Wire(right), cache)
    assert (result.from_cache, result.images[0].read()) == (False, PNG)
    assert "a picture is not kept: [Errno 28]" in caplog.text


@pytest.mark.parametrize("cache", [7, "\0", __file__, {"path": "x"}])
def test_a_cache_that_cannot_be_is_refused(client: Callable[..., Caller], cache: Any) -> None:
    """Before anything is paid."""
    with pytest.raises(ValidationError, match="cache must be"):
        client(cache=cache)
    with pytest.raises(ValidationError, match="max_bytes must be an integer of at least 1"):
        utils.Cache(tempfile.gettempdir(), max_bytes=0)


TEXT = st.sampled_from(["a", "b", "ä"])
PICTURE = st.sampled_from([PNG, JPEG, base64.b64encode(PNG).decode(), "https://e/x.png"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "prompt": TEXT,
    "image": st.one_of(PICTURE, st.lists(PICTURE, min_size=1, max_size=2)),
    "seed": st.integers(0, 1),
    "model": TEXT,
    "num_inference_steps": st.integers(1, 2),
    "guidance_scale": st.sampled_from([0, 1.5]),
    "response_format": st.sampled_from(["jpeg", "raw"]),
    "server_url": st.sampled_from(["http://localhost:1", "http://localhost:2"]),
    "http_headers": st.sampled_from([{"X-A": "1"}, {"X-A": "2"}]),
}


@pytest.mark.parametrize("changed", VALUES)
@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_any_change_in_any_argument_is_another_request(changed: str, data: st.DataObject) -> None:
    """The same twice is one request, and with one argument that is another, two."""
    call = {name: data.draw(values) for name, values in VALUES.items()}
    other = data.draw(VALUES[changed].filter(lambda value: value != call[changed]))
    wire = Wire(right)
    with tempfile.TemporaryDirectory() as folder, wire.sync(cache=folder) as friendli:
        for arguments in (call, call, {**call, changed: other}, call):
            friendli.container.image.edit(**arguments)
    assert len(wire.requests) == 2


async def test_teams_and_operations_are_told_apart(tmp_path: Path) -> None:
    """Whoever pays; the token is nowhere in it."""
    wire = Wire(right)
    for options in ({}, {"x_friendli_team": "t"}, {"token": "flp_other_token"}):
        with wire.sync(cache=tmp_path, **options) as friendli:
            friendli.dedicated.image.generate(model="m", prompt="p", seed=1)
            friendli.container.image.generate(model="m", prompt="p", seed=1)
    assert len(wire.requests) == 3
    assert not any(b"flp_" in path.read_bytes() for path in entries(tmp_path))


def test_it_shows_what_it_was_given(tmp_path: Path) -> None:
    """Its folder, whole, and its size, as one writes it."""
    cache = utils.Cache(tmp_path / "cache", 10_000)
    assert repr(cache) == f"Cache({str(tmp_path / 'cache')!r}, 10000)"


def test_it_keeps_to_its_size(tmp_path: Path) -> None:
    """What was not used for longest goes first; what is too large is not kept."""
    cache = utils.Cache(tmp_path, max_bytes=100_000)
    for number in range(100):
        cache.write(f"{number:064x}"[::-1], b"x" * 2_000)
        assert cache.read("0" * 64) is not None  # it is in use
        for path in entries(tmp_path):
            os.utime(path, (number, number) if path.name != "0" * 64 else None)
        assert sum(path.stat().st_size for path in entries(tmp_path)) <= 100_000
    assert len(entries(tmp_path)) > 40
    cache.write("f" * 64, b"x" * 100_000)
    assert cache.read("f" * 64) is None


@pytest.mark.slow
def test_many_processes_share_it(tmp_path: Path) -> None:
    """Whatever one finds there is whole."""
    code = (
        "import sys\n"
        "from friendli_facade import utils\n"
        "cache = utils.Cache(sys.argv[1], 50_000)\n"
        "for n in range(400):\n"
        "    cache.write('%064d' % (n % 7), bytes([n % 256]) * 5_000)\n"
        "    found = cache.read('%064d' % (n % 5))\n"
        "    assert found is None or len(set(found)) == 1 and len(found) == 5_000\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(words) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert not list(tmp_path.glob(".*.part"))


def test_the_command_line_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generating the same again in another folder sends nothing; a batch does so too."""
    monkeypatch.chdir(tmp_path)
    Path("t.jsonl").write_text('{"prompt": "a", "seed": 1}')
    with recording(served) as server:
        where = ("--container", "--server-url", server.url, "--cache", "kept")
        assert run("generate", "a", "--seed", "1", "-o", "one/", *where).status == 0
        assert run("generate", "a", "--seed", "1", "-o", "two/", *where).status == 0
        assert run("batch", "t.jsonl", "-o", "out", *where).status == 0
        assert len(server.requests) == 1
    assert len(list(Path("out").glob("*.png"))) == 1


async def test_tasks_at_once_do_no_harm(tmp_path: Path) -> None:
    """Each has a picture; what is asked for after them is not sent."""
    wire, results = Wire(right), list[Any]()
    async with wire.asynchronous(cache=tmp_path) as friendli:
        draw = partial(friendli.container.image.generate, prompt="p", seed=1)

        async def once() -> None:
            results.append(await draw())

        async with anyio.create_task_group() as tasks:
            for _ in range(9):
                tasks.start_soon(once)
        before = len(wire.requests)
        last = await draw()
    assert (len(results), len(wire.requests), last.from_cache) == (9, before, True)
