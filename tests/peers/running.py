"""Other people's programs, while a test needs them."""

import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from threading import Event


def free_port() -> int:
    """A port that is free, below those that a system gives to whoever asks for any.

    So no server of another test takes it before the program does, and is taken for it.
    """
    for port in SystemRandom().sample(range(20_000, 32_000), 100):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise OSError("no port is free")


@contextmanager
def running(*command: str | Path, port: int, log: Path | None = None) -> Generator[str]:
    """The URL of a program that listens on a port, once it does; `log` gets what it prints."""
    with (log or Path("/dev/null")).open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            for _ in range(1200):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    assert process.poll() is None, log and log.read_text(encoding="utf-8")
                    Event().wait(0.05)
            else:
                raise TimeoutError(f"{command[0]} does not listen")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()
