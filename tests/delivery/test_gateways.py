"""What real proxies do to a call: nginx before a server that draws slowly, and a forward proxy.

Skipped where they are not installed: `apt-get install nginx`, and proxy.py of the `dev` group.
"""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import pytest

from friendli_facade import APIConnectionError, ServerError
from friendli_facade.utils import RetryConfig
from scripts.faults.server import Answer, Request, Then, of_json, serving
from tests.callers import Caller
from tests.conftest import Clock
from tests.delivery.test_faults import GOOD

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
Client = Callable[..., Caller]
CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/1; proxy_temp_path {folder}/2;
    fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass {upstream}; proxy_read_timeout 100ms; }}
    }}
}}
"""


def free_port() -> int:
    """A port that is free for now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(*command: str | Path, port: int) -> Generator[str]:
    """The URL of a program that listens on a port, once it does."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                Event().wait(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def nginx(folder: Path, upstream: str) -> Generator[str]:
    """An nginx that waits a tenth of a second for its upstream's answer."""
    port, file = free_port(), folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=folder, port=port, upstream=upstream))
    with running(NGINX or "", "-p", folder, "-c", file, "-e", folder / "e", port=port) as url:
        yield url


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
@pytest.mark.parametrize("status", [504, 502])
async def test_a_picture_behind_nginx_is_drawn_once(
    status: int, client: Client, tmp_path: Path, clock: Clock
) -> None:
    """Its 504 comes while the picture is drawn, its 502 after a crash: neither is paid twice."""
    drawn: list[str] = []
    finished = Event()

    def draw(request: Request) -> Answer:
        if status == 502:
            return Answer(then=Then.CLOSE)
        Event().wait(0.3)
        drawn.append(request.json["prompt"])
        finished.set()
        return of_json(GOOD)

    with serving(draw) as upstream, nginx(tmp_path, upstream.url) as url:
        async with client(server_url=url) as friendli:
            with pytest.raises(ServerError) as failed:
                await friendli.draw()
            assert failed.value.status_code == status
            assert (failed.value.attempts, failed.value.ambiguous) == (1, True)
            assert (len(upstream.requests), clock.sleeps) == (1, [])
            if status == 504:
                assert finished.wait(5)
                assert drawn == ["p"]
            opted = RetryConfig(retry_ambiguous_errors=True, max_attempts=3)
            with pytest.raises(ServerError):
                await friendli.draw(retries=opted)
            assert len(upstream.requests) == 4


@pytest.mark.skipif(find_spec("proxy") is None, reason="proxy.py is not installed")
async def test_a_forward_proxy_that_wants_a_password_is_told_at_once(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its 407 is not the server's, and no repetition mends it."""
    monkeypatch.delenv("NO_PROXY", raising=False)
    port = free_port()
    options = ("--num-workers", "1", "--num-acceptors", "1", "--basic-auth", "user:secret")
    command = (sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", str(port))
    with running(*command, *options, port=port) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        async with client(server_url="https://api.friendli.ai") as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    assert (failed.value.attempts, failed.value.ambiguous, clock.sleeps) == (1, False, [])
    assert failed.value.reason.startswith(
        "the proxy refused to connect to api.friendli.ai:443: 407 "
    )
