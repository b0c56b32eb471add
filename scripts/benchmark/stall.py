"""How often one call is sent to a server that takes requests and does not answer for a while."""

import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread

from scripts.benchmark import environments
from scripts.contract.loading import ROOT

_FOLDER = ROOT / "build" / "benchmark"
_CALL = """
import sys
from {package} import SyncFriendli

with SyncFriendli(token="flp_any", x_friendli_team="any", server_url=sys.argv[1]) as friendli:
    print("started", flush=True)
    friendli.dedicated.image.generate(model="my-endpoint", prompt="A kite")
"""
# The environment of each, its title, and what it is imported as.
_CLIENTS = {
    "official": (environments.REQUIREMENTS["official"][0].replace("==", " "), "friendli"),
    "facade": ("friendli_facade", "friendli_facade"),
}


def run(seconds: float) -> None:
    """Prints when each client sent its request, and sent it again, within so many seconds."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    pythons = environments.installed(_FOLDER, _CLIENTS)
    for column, (title, package) in _CLIENTS.items():
        print(title, flush=True)
        code = _CALL.format(package=package)
        for number, moment in enumerate(posts(pythons[column], code, seconds), 1):
            print(f"{moment:7.1f} s: POST {number}", flush=True)


def posts(python: str, code: str, seconds: float) -> list[float]:
    """When POSTs arrived, in seconds after the code, in a process of its own, said it started.

    It is ended after `seconds`, if it has not ended before.
    """
    arrived: list[float] = []
    with _silent(arrived) as url:
        command = [python, "-I", "-c", code, url]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None  # noqa: S101
            process.stdout.readline()
            begun = time.monotonic()
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
    return [moment - begun for moment in arrived]


@contextmanager
def _silent(arrived: list[float]) -> Generator[str]:
    """A server on loopback that reads requests and says nothing; when they came is in `arrived`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=_accept, args=(listening, arrived), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _accept(listening: socket.socket, arrived: list[float]) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:  # the server has ended
            return
        Thread(target=_read, args=(connection, arrived), daemon=True).start()


def _read(connection: socket.socket, arrived: list[float]) -> None:
    with connection:
        while content := connection.recv(65536):
            arrived += [time.monotonic()] * content.count(b"POST /dedicated/")
