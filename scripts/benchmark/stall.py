"""How often one call is sent to a server that takes requests and does not answer for a while."""

import socketserver
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread
from typing import Any

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
    with _silent() as server:
        command = [python, "-I", "-c", code, f"http://127.0.0.1:{server.server_address[1]}"]
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
    return [moment - begun for moment in server.arrived]


class _Silent(socketserver.ThreadingTCPServer):
    """Reads requests on loopback and says nothing; when they came is in `arrived`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.arrived: list[float] = []

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Reads a connection to its end."""
        while content := request.recv(65536):
            self.arrived += [time.monotonic()] * content.count(b"POST /dedicated/")


@contextmanager
def _silent() -> Generator[_Silent]:
    with _Silent() as server:
        Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            yield server
        finally:
            server.shutdown()
