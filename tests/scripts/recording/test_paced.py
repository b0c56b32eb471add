"""Pictures that wait for the screen."""

from concurrent.futures import ThreadPoolExecutor, wait

from friendli_facade import SyncFriendli
from scripts.recording.paced import Paced


def test_so_many_pictures_are_drawn_and_the_next_when_it_is_told() -> None:
    """However late it is told; what is drawn can be downloaded meanwhile."""
    sandbox = Paced(endpoints=["m"])
    sandbox.hold(1)
    with (
        sandbox.http_client() as http,
        SyncFriendli(http_client=http, token="t") as friendli,
        ThreadPoolExecutor(2) as threads,
    ):

        def draw(seed: int) -> bytes:
            return (
                friendli.dedicated.image.generate(model="m", prompt="p", seed=seed).images[0].read()
            )

        first = threads.submit(draw, 1)
        assert first.result(60).startswith(b"\x89PNG")
        held = threads.submit(draw, 2)
        assert not wait([held], 0.1).done
        sandbox.go_on()
        assert held.result(60).startswith(b"\x89PNG")
        assert threads.submit(draw, 3).result(60) != held.result()
