"""What errors and log records say of an answer, and what they keep from a terminal."""

import gzip
import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendli_facade import (
    DownloadError,
    FriendliError,
    Provenance,
    ProvenanceError,
    ServerError,
    SyncFriendli,
)
from friendli_facade._error_answers.printing import shown
from friendli_facade._rules.violations import printable
from friendli_facade.errors import Answer, of_status
from friendli_facade.utils import RetryConfig
from tests.errors.answered import download_failure, failure, streamed
from tests.transports import Wire, always

# ESC, BEL, CR, LF, NEL, the C1 control CSI, right-to-left override, line separator, half a pair.
ODD = "\x1b]0;x\x07\r\nERROR forged\x85\x9b2J\u202egnp\u2028\ud800"
SHOWN = "\\x1b]0;x\\x07\\r\\nERROR forged\\x85\\x9b2J\\u202egnp\\u2028\\ud800"


def test_what_is_not_printable_is_escaped() -> None:
    """A `detail` cannot turn a terminal or forge a line; `message` and `body` keep it."""
    body = json.dumps({"detail": ODD}).encode()
    error = failure(always(500, content=body))
    assert str(error).endswith(f"answered 500 Internal Server Error: {SHOWN}")
    assert (error.message, error.body) == (ODD, body)


def test_a_text_body_is_escaped() -> None:
    """Of a body that is no JSON, white space becomes a space and the rest is escaped."""
    text = "a\x1b[31m\r\nb\x07 \u202ec\x9b"
    error = failure(always(400, content=text.encode()))
    assert str(error).endswith("400 Bad Request: a\\x1b[31m b\\x07 \\u202ec\\x9b")
    assert error.body == text.encode()


def test_a_reason_phrase_and_headers_are_escaped() -> None:
    """The status line, Location, Content-Encoding and Content-Type are a server's words too."""
    reason: dict[str, Any] = {"reason_phrase": b"No\x1b[31m\x07"}
    error = failure(always(418, extensions=reason))
    assert str(error).endswith("answered 418 No\\x1b[31m\\x07")
    kind = [(b"Content-Type", "text/html\x1b\u202e".encode())]
    assert "text/html\\x1b\\u202e" in str(download_failure(always(200, headers=kind)))
    place = [(b"Location", "https://e.com/\u202e\x85".encode())]
    assert "https://e.com/%E2%80%AE%C2%85, which" in str(failure(always(302, headers=place)))


@given(text=st.text())
def test_words_of_an_error_are_one_printable_line(text: str) -> None:
    """Whatever text an answer holds, and however often it was asked for."""
    answer = Answer("POST", "https://e.com/x", 500, text, httpx.Headers(), b"")
    failed: list[FriendliError] = [
        of_status(answer),
        DownloadError("https://e.com/x", text),
        type(of_status(answer))(answer, text),
    ]
    for error in failed:
        error.attempts = 3
        assert str(error).replace("\u3000", " ").replace("\xa0", " ").splitlines() == [
            str(error).replace("\u3000", " ").replace("\xa0", " ")
        ]
        assert str(error).endswith(" (after 3 attempts)")
        assert not set(str(error)) & {*map(chr, range(32)), *map(chr, range(127, 160))}


@pytest.mark.parametrize("text", ["", "plain", "Bild: größer, 猫\u3000と犬, صورة, 👍🏽", "a\xa0b"])
def test_what_people_write_is_left_alone(text: str) -> None:
    """Letters of every script, emoji and wide spaces are printable."""
    assert printable(text) == text


def test_a_record_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """A retry's record has the error's words, escaped."""
    body = json.dumps({"detail": ODD}).encode()
    left = [httpx.Response(503, content=body), httpx.Response(400)]

    def answer(_: httpx.Request) -> httpx.Response:
        return left.pop(0)

    with caplog.at_level(logging.DEBUG, "friendli_facade"):
        failure(answer, retries=RetryConfig())
    words = [record.getMessage() for record in caplog.records]
    assert any(SHOWN in word for word in words)
    assert all(word.isprintable() for word in words)


@pytest.mark.parametrize("size", [299, 300, 301])
@pytest.mark.parametrize("is_json", [True, False])
def test_a_long_text_is_cut_at_300_characters(size: int, is_json: bool) -> None:
    """An ellipsis is the 300th; `message` and `body` have all of it."""
    text = "x" * size
    error = failure(always(500, json={"detail": text}) if is_json else always(500, text=text))
    said = str(error).removeprefix(f"POST {error.url} answered 500 Internal Server Error: ")
    assert said == (text if size <= 300 else "x" * 299 + "…")
    assert (error.message, len(error.body)) == ((text, size + 13) if is_json else ("", size))


@pytest.mark.parametrize(("levels", "message"), [(4, "found"), (5, "")])
def test_words_are_looked_for_four_levels_deep(levels: int, message: str) -> None:
    """Errors in errors are looked into, and the body of a deeper one is kept as it is."""
    content: Any = "found"
    for _ in range(levels):
        content = {"error": content}
    assert failure(always(500, json=content)).message == message


@pytest.mark.parametrize("url", ["http://user:secret@e.com:x", "http://user:secret@e.com/\x00"])
def test_a_url_that_is_none_is_not_shown(url: str) -> None:
    """It may hold a password, and nothing tells where it ends."""
    assert shown(url) == "an invalid URL"


PAGES = {
    "a title": (
        "<!DOCTYPE html><html><head><TITLE lang=en>502 Bad\n Gateway</TITLE>",
        "502 Bad Gateway",
    ),
    "entities": ("<html><title>a &amp; b &lt;c&gt;</title><p>d", "a & b <c>"),
    "no title": ("<html>\n <script>x()</script><h1>Bad</h1><p>gateway</p>", "Bad gateway"),
    "a comment first": (" <!-- x --><html><title>Sign in</title>", "Sign in"),
    "an unfinished tag": ("<html><body class='a", ""),
    "no page": (
        "<Error><Code>AccessDenied</Code></Error>",
        "<Error><Code>AccessDenied</Code></Error>",
    ),
    "many titles": ("<html>" + "<title" * 100_000, ""),
}


@pytest.mark.parametrize(("page", "said"), PAGES.values(), ids=PAGES)
def test_a_page_is_told_by_its_title(page: str, said: str) -> None:
    """Not by its markup; what is no HTML is quoted as it is."""
    words = str(failure(always(502, text=page)))
    expected = "answered 502 Bad Gateway" + (f": {said}" if said else "")
    assert words.partition("<title")[0].rstrip().rstrip(":").endswith(expected)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("https://api.friendli.ai/new", "https://api.friendli.ai/new"),
        ("/new", "https://api.friendli.ai/new"),
        ("//e.com/a?signature=s3cret", "https://e.com/a"),
        ("https://u:s3cret@e.com:8443/a#s3cret", "https://e.com:8443/a"),
    ],
)
def test_a_redirect_names_where_to(place: str, shown: str) -> None:
    """A 301 says which URL it points to, and what to look at."""
    error = failure(always(301, headers={"Location": place}))
    said = f"it redirects to {shown}, which is not followed: is server_url right?"
    assert str(error).endswith(f"answered 301 Moved Permanently: {said}")
    assert error.headers["Location"] == place
    assert "s3cret" not in str(error)


def test_a_download_error_names_its_url_once() -> None:
    """Also after many attempts; its cause is the error of the last of them."""
    error = download_failure(always(503, text="busy"), RetryConfig())
    place = "https://storage.example.com/cat.png"
    assert str(error) == (
        f"the picture at {place} could not be fetched: the storage host answered 503 Service "
        f"Unavailable: busy (after {error.attempts} attempts)"
    )
    assert error.attempts > 1
    cause = error.__cause__
    assert isinstance(cause, ServerError)
    assert (cause.url, cause.body, cause.attempts) == (place, b"busy", error.attempts)


def test_a_download_error_names_the_host_that_failed() -> None:
    """After a redirect it is another than the one that was asked."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "storage.example.com":
            return httpx.Response(302, headers={"Location": "https://e.com/b?signature=s3cret"})
        return httpx.Response(410)

    said = str(download_failure(answer))
    assert said.endswith("fetched: https://e.com/b answered 410 Gone; the URL may have expired")


def test_an_answers_depth_is_no_matter() -> None:
    """500 nested objects in an error are an error; its words are looked for near the top."""
    for deepest in (b'"x"', b"1"):
        for name in (b"error", b"detail", b"message"):
            body = b'{"%b":' % name * 500 + deepest + b"}" * 500
            error = failure(always(500, content=body))
            assert (error.body, error.message) == (body, "")
    nested = b'{"detail":[{"msg":"no","type":' + b'{"a":' * 500 + b"1" + b"}" * 500
    error = failure(always(422, content=nested + b',"loc":[[[1]],"body"]}]}'))
    assert error.message == "body: no"


def test_the_paid_body_survives_its_depth() -> None:
    """500 nested objects in a 200 are an InvalidResponseError that keeps them."""
    for body in (
        b'{"data":' * 500 + b"1" + b"}" * 500,
        b'{"data":[' * 400 + b"1" + b"]}" * 400,
        b'{"error":' * 500 + b"1" + b"}" * 500,
        b"[" * 100_000,
    ):
        error = failure(always(200, content=body))
        assert (error.status_code, error.body) == (200, body)


def test_an_error_body_is_read_up_to_a_megabyte() -> None:
    """What came is kept; the rest is left with the server."""
    error = failure(always(500, content=b"x" * 3_000_000))
    assert error.body == b"x" * 2**20
    friendli = Wire(always(500, content=b"x" * 99)).sync(max_response_bytes=9)
    with pytest.raises(ServerError) as failed:
        friendli.container.image.generate(prompt="p")
    assert failed.value.body == b"x" * 9


@pytest.mark.parametrize("coding", ["identity", "gzip", "x-gzip"])
def test_a_hook_may_read_an_answer_first(coding: str) -> None:
    """A hook of the caller's that reads takes nothing away: the body is there, unpacked."""
    body = b'{"detail":"busy"}' if coding == "identity" else gzip.compress(b'{"detail":"busy"}')
    headers = [(b"Content-Encoding", coding.encode())]
    hooks = {"response": [httpx.Response.read]}
    transport = httpx.MockTransport(lambda _: streamed(500, body, headers))
    http = httpx.Client(transport=transport, event_hooks=hooks)
    with pytest.raises(ServerError) as failed:
        SyncFriendli(token="t", http_client=http, retries=None).container.image.generate(prompt="p")
    assert (failed.value.message, failed.value.body) == ("busy", b'{"detail":"busy"}')


def test_a_path_is_told_on_one_line(tmp_path: Path) -> None:
    """Whoever hands a file on names it, too."""
    path = tmp_path / "a\nb\x1b[2J.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ProvenanceError, match=r"a\\nb\\x1b\[2J\.png tells of itself") as failed:
        Provenance.of(path)
    assert str(failed.value).isprintable()
