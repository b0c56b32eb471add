"""What is configured, what answers, and what to do about it."""

import json
import re
import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme

from friendli_facade.sandbox import Sandbox
from scripts.faults.server import answer as exactly
from scripts.faults.server import serving
from tests.cli.running import run
from tests.servers import Received, Reply, recording

TOKEN = "flp_0123456789wxyz"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def endpoint(*words: str) -> Any:
    """The one endpoint that the doctor looks at."""
    (found,) = json.loads(run("doctor", "--json", *words).out)["endpoints"]
    return found


@contextmanager
def answering(status: int, **headers: str) -> Generator[str]:
    """The address of a server that answers everything so."""

    def answer(request: Received) -> Reply:
        return status, {name.replace("_", "-"): value for name, value in headers.items()}, b"{}"

    with recording(answer) as server:
        yield server.url


@contextmanager
def dated(date: str) -> Generator[str]:
    """The address of a server whose clock says so."""
    with serving(lambda _: exactly("422 No", b"{}", f"Date: {date}")) as server:
        yield server.url


@contextmanager
def secured(context: ssl.SSLContext) -> Generator[str]:
    """The address of a server that speaks TLS, once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                request = b""
                while not request.endswith(b"{}") and (piece := secure.recv(65536)):
                    request += piece
                secure.sendall(b"HTTP/1.1 422 No\r\nContent-Length: 0\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        thread.join()


def test_a_certificate_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who signed it and until when; one that is not trusted, with what to do."""
    authority = trustme.CA(organization_name="Example Signers")
    soon = datetime.now(UTC) + timedelta(days=3)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = authority.issue_cert("localhost", not_after=soon)
    certificate.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    with secured(context) as url:
        found = endpoint("--container", "--server-url", url)
    assert found["problem"].startswith("its certificate is not trusted: ")
    assert found["advice"] == ["set SSL_CERT_FILE to the certificates that your network signs with"]
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with secured(context) as url:
        found = endpoint("--container", "--server-url", url)
    assert (found["is_ready"], found["problem"]) == (True, None)
    assert found["tls"].startswith("TLSv1.3, certificate by Example Signers until ")
    assert found["advice"] == ["its certificate ends in 3 days"]
    with answering(422) as url:
        found = endpoint("--container", "--server-url", url.replace("http:", "https:"))
    assert found["problem"].startswith("TLS fails: ")
    assert found["advice"] == ["is it http, not https?"]


def test_a_certificate_that_lasts_is_told_to_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a line of its own, and without advice."""
    authority = trustme.CA(organization_name="Example Signers")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = authority.issue_cert("localhost")
    certificate.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    with secured(context) as url:
        done = run("doctor", "--container", "--server-url", url)
    assert done.status == 0
    assert "\n  TLSv1.3, certificate by Example Signers until " in done.out
    assert "its certificate ends" not in done.out
    assert str(tmp_path / "authority.pem") in done.out
    assert "SSL_CERT_DIR" not in done.out


def test_a_proxy_that_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """And who is to be asked."""
    with serving(lambda _: exactly("407 Who are you", b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        found = endpoint("--container", "--server-url", "https://container.example")
    assert found["problem"].startswith("the proxy refuses: 407")
    assert found["advice"] == ["ask who runs the proxy, or set NO_PROXY"]


def test_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both surfaces of a running sandbox are ready, and no picture was drawn to find out."""
    monkeypatch.setenv("FRIENDLI_TOKEN", TOKEN)
    monkeypatch.setenv("FRIENDLI_TEAM", "my-team")
    sandbox = Sandbox()
    with sandbox.serve() as server:
        done = run("doctor", "--server-url", server.url)
        assert run("doctor", "--server-url", server.url, "--json").status == 0
    assert done.status == 0
    assert "...wxyz  (from FRIENDLI_TOKEN)" in done.out
    assert "my-team  (from FRIENDLI_TEAM)" in done.out
    assert f"dedicated at {server.url}: ready" in done.out
    assert f"container at {server.url}: ready" in done.out
    assert {request.body for request in sandbox.requests} == {b"{}"}


def test_it_says_where_the_token_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, the environment, or nowhere; of a short one nothing is shown."""
    Path("token").write_text(TOKEN)
    assert "...wxyz  (from --token-file token)" in run("doctor", "--token-file", "token").out
    assert "token         not set" in run("doctor", "--container").out
    monkeypatch.setenv("FRIENDLI_TOKEN", "short")
    assert "(too short to be shown)  (from FRIENDLI_TOKEN)" in run("doctor", "--container").out


def test_a_token_that_cannot_be_sent_is_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2; nothing of it is shown or sent."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp MARKER\nMARKER")
    with recording(lambda _: (422, {}, b"")) as server:
        done = run("doctor", "--server-url", server.url)
    assert done.status == 2
    assert "-> the token must be visible ASCII" in done.out
    assert "MARKER\\n" not in done.out
    assert all("authorization" not in request.headers for request in server.requests)


@pytest.mark.parametrize(
    ("status", "problem", "code"),
    [
        (401, "it refuses the token (401)", 3),
        (403, "it refuses the token (403)", 3),
        (404, "something answers there, and not Friendli (404)", 3),
        (405, "something answers there, and not Friendli (405)", 3),
        (500, "it answered 500 to an empty request", 3),
        (200, "it answered 200 to an empty request", 3),
        (422, None, 0),
    ],
)
def test_what_an_answer_means(
    status: int, problem: str | None, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with what to do; the exit status says whether pictures can be drawn."""
    monkeypatch.setenv("FRIENDLI_TOKEN", TOKEN)
    with answering(status) as url:
        words = ("--dedicated", "--server-url", url)
        found = endpoint(*words)
        assert run("doctor", *words).status == code
    assert (found["problem"], found["is_reachable"]) == (problem, True)
    assert bool(found["advice"]) == bool(problem)


def test_a_redirect_is_not_followed() -> None:
    """The token goes nowhere else; the place is named."""
    with answering(308, Location="https://example.com/") as url:
        found = endpoint("--container", "--server-url", url)
    assert found["problem"] == "it redirects (308) to https://example.com/"


def test_without_a_token_a_dedicated_endpoint_is_not_ready() -> None:
    """It is reachable, and what is missing is said."""
    with Sandbox().serve() as server:
        found = endpoint("--dedicated", "--server-url", server.url)
    assert (found["is_reachable"], found["is_ready"]) == (True, False)
    assert found["problem"] == "it asks for a token"
    assert found["advice"] == ["set FRIENDLI_TOKEN, or give --token-file"]


def test_a_server_that_is_not_there() -> None:
    """Refused, no such host, no such URL: exit 4, and what to look at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        found = endpoint("--container", "--server-url", url)
    assert found["problem"] == "the connection is refused"
    assert found["advice"] == ["does the container run, at this address and port?"]
    found = endpoint("--container", "--server-url", "http://nowhere.invalid")
    assert found["problem"] == "there is no such host"
    for wrong in ("localhost:8000", "http://[", "http://"):
        done = run("doctor", "--container", "--server-url", wrong)
        assert (done.status, "not reachable" in done.out, done.err) == (4, True, "")


def test_a_server_that_does_not_answer() -> None:
    """The wait is bounded."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        found = endpoint("--container", "--server-url", url, "--timeout", "0.2")
    assert found["problem"] == "no answer within 0.2 s"


def test_a_clock_that_is_off_is_said() -> None:
    """TLS and signed URLs fail where the clock is wrong, in words that do not mention it."""
    with dated("Thu, 01 Jan 2015 00:00:00 GMT") as url:
        found = endpoint("--container", "--server-url", url)
    (advice,) = found["advice"]
    assert "s ahead of the server's: set it" in advice
    with dated("+9999") as url:
        assert endpoint("--container", "--server-url", url)["is_ready"]


def test_the_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which proxy a call would take, and that it is the proxy that refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("https_proxy", f"http://user:MARKER@{proxy}")
        done = run("doctor", "--dedicated")
    assert f"http://{proxy}  (from HTTPS_PROXY)" in done.out
    assert f"through the proxy http://{proxy}" in done.out
    assert "does the proxy run" in done.out
    assert "MARKER" not in done.out


@pytest.mark.parametrize(
    "proxy",
    ["user:MARKER@127.0.0.1:1", "socks9://user:MARKER@127.0.0.1:1", "http://MARKER@[::1]:1"],
)
def test_no_proxy_shows_its_password(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a scheme or without one, and of a kind that nobody knows."""
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.setenv("FRIENDLI_TOKEN", TOKEN)
    monkeypatch.setenv("FRIENDLI_SERVER_URL", "https://user:MARKER@friendli.invalid")
    for words in (["doctor"], ["doctor", "--json"], ["generate", "a", "--model", "m", "--debug"]):
        done = run(*words)
        assert "MARKER" not in done.out + done.err
        assert done.status != 0


def test_the_team_is_asked_for_as_a_call_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A team that may not draw is found out; a container is told of none."""
    monkeypatch.setenv("FRIENDLI_TOKEN", TOKEN)
    monkeypatch.setenv("FRIENDLI_TEAM", "my-team")
    with recording(lambda _: (422, {}, b"{}")) as server:
        assert run("doctor", "--server-url", server.url).status == 0
    dedicated, container = sorted(server.requests, key=lambda one: "dedicated" not in one.path)
    assert dedicated.headers["x-friendli-team"] == "my-team"
    assert dedicated.headers["authorization"] == f"Bearer {TOKEN}"
    assert {"x-friendli-team", "authorization"} & set(container.headers) == set()


def test_loopback_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token in clear text is for this machine alone."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("FRIENDLI_TOKEN", TOKEN)
    with Sandbox().serve() as server:
        assert endpoint("--dedicated", "--server-url", server.url)["is_ready"]
    with recording(lambda _: (422, {}, b"")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        endpoint("--dedicated", "--server-url", "http://friendli.invalid")
    assert "authorization" not in proxy.requests[0].headers


def test_hosts_without_a_proxy_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the environment names them; a proxy for what is no HTTP is nobody's here."""
    monkeypatch.setenv("NO_PROXY", "internal.example")
    monkeypatch.setenv("ftp_proxy", "http://proxy.example:1")
    done = run("doctor", "--container", "--server-url", "http://127.0.0.1:9")
    assert re.search(r"no proxy for +internal\.example  \(from NO_PROXY\)", done.out)
    assert "proxy.example" not in done.out
