"""A call of a server that says nothing."""

import sys

from scripts.benchmark import stall

_CODE = """
import http.client
import sys

print("started", flush=True)
for _ in range(3):
    connection = http.client.HTTPConnection(sys.argv[1].removeprefix("http://"), timeout=60)
    connection.request("POST", "/dedicated/v1/images/generations", "{}")
    connection.sock.shutdown(1)
    connection.sock.recv(1)
"""


def test_posts_are_counted() -> None:
    """One time for each request that arrived, in their order."""
    arrived = stall.posts(sys.executable, _CODE, 60)
    assert len(arrived) == 3
    assert arrived == sorted(arrived)


def test_a_client_that_waits_on_is_ended() -> None:
    """However long it would wait for an answer."""
    code = "import threading; print('started', flush=True); threading.Event().wait()"
    assert stall.posts(sys.executable, code, 0.01) == []
