"""Text of others cannot act on the terminal: not by what it is, nor by where it comes from."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from friendli_facade.cli._terminal import plain
from tests.cli.running import run
from tests.cli.terminals import on_terminal
from tests.servers import Received, Reply, recording

EVIL = (
    "\x1b]0;owned\x07\x1b[2J\x9b31m\x90q\x9c\u202egnp.exe\u2066\r\n\x00\x7f\x08\ud800 \u2028[red]"
)
TEXTS = st.text(
    st.characters() | st.sampled_from("\x1b\x07\x9b\x9d\r\n\t\u202e\u2067[]0;?"), min_size=1
)
SETTINGS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# What rich itself writes: colours, the cursor, and links to files.
OURS = re.compile(
    r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\]8;(?:id=\d+;file:///[!-~]*|;)\x1b\\|\r(?=\n|\x1b|$)|\r"
)


def acts(text: str) -> list[str]:
    """The characters of an output that a terminal obeys, or that turn what stands beside them."""
    return [
        one
        for one in text
        if one != "\n" and unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        if one not in "\u200c\u200d"
    ]


@given(TEXTS)
@example(EVIL)
def test_plain_text_is_one_line_that_does_nothing(text: str) -> None:
    """What is printable stays as it is, so nothing is escaped twice."""
    assert acts(plain(text)) == []
    assert "\n" not in plain(text)
    assert plain(plain(text)) == plain(text)
    assert plain("Ein Drache, 竜, 👩\u200d🚀") == "Ein Drache, 竜, 👩\u200d🚀"


@SETTINGS
@given(TEXTS)
@example(EVIL)
def test_words_are_written_harmlessly(text: str) -> None:
    """In a dry run, a violation, an error of usage: whatever is quoted."""
    word = text.replace("\0", "") or "a"
    for words in (
        ["generate", f"@{word}", "--sandbox"],
        ["generate", "--sandbox", "--dry-run", "--", word],
        ["generate", "--sandbox", "--dry-run", "--json", "--", word],
        ["generate", "a", "--sandbox", "--dry-run", f"--seed={word}", f"--model={word}"],
        ["generate", "a", "--sandbox", "--dry-run", f"--response-format={word}"],
        ["generate", "a", "--sandbox", f"--seeds={word}"],
        ["generate", "a", "--container", f"--server-url={word}", f"--timeout={word}"],
        ["generate", "a", "--model=m", f"--token-file={word}"],
        ["edit", "--sandbox", "--prompt=a", "--", word],
        ["sandbox", f"--fail={word}"],
        [word],
        ["generate", f"--{word}"],
        ["completion", word],
    ):
        done = run(*words)
        assert acts(done.out + done.err) == [], words


@SETTINGS
@given(TEXTS)
@example(EVIL)
def test_servers_words_are_written_harmlessly(text: str) -> None:
    """A detail, a body that is no JSON, a URL, a header: whatever an answer holds."""

    def url(request: Received) -> Reply:
        item = {"seed": 1, "response_format": "url", "url": f"http://127.0.0.1:1/{text}"}
        return 200, {}, json.dumps({"data": [item]}).encode()

    answers: list[Reply] = [
        (400, {}, json.dumps({"detail": text}).encode()),
        (422, {}, json.dumps({"detail": [{"loc": ["body", text], "msg": text}]}).encode()),
        (500, {"X": "1"}, text.encode(errors="replace")),
        (200, {}, text.encode(errors="replace")),
    ]

    def answer(request: Received) -> Reply:
        return answers.pop() if answers else url(request)

    words = ["generate", "a", "--model=m", "--token-file=token", "-o", "all/"]
    Path("token").write_text("t")
    with recording(answer) as server:
        for _ in range(5):
            done = run(*words, "--server-url", server.url)
            assert done.status in {3, 4}
            assert acts(done.out + done.err) == []


def test_the_doctor_writes_harmlessly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in the environment is no more to be trusted."""
    evil = EVIL.replace("\0", "").encode(errors="replace").decode()
    for name in ("FRIENDLI_TOKEN", "FRIENDLI_TEAM", "HTTPS_PROXY", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, evil)
    for words in (["doctor"], ["doctor", "--json"], ["doctor", "--server-url", f"http://{evil}"]):
        done = run(*words)
        assert acts(done.out + done.err) == []


def test_on_a_terminal_all_that_acts_is_ours(tmp_path: Path) -> None:
    """Names of files, prompts and a server's words beside a bar that moves."""
    evil = EVIL.replace("\0", "").replace("\ud800", "")

    def answer(request: Received) -> Reply:
        return 400, {}, json.dumps({"detail": evil}).encode()

    folder = tmp_path / evil.replace("/", "")
    folder.mkdir()
    (folder / "prompts").write_text(f"{evil.replace(chr(10), '')}\nanother\n")
    words = ("generate", "@prompts", "--seeds", "1..2", "-o", f"{folder}/")
    with recording(answer) as server:
        rest = ("--container", "--server-url", server.url)
        screens = [
            on_terminal(*words, "--sandbox", folder=folder),
            on_terminal(*words, *rest, "--overwrite", folder=folder),
            on_terminal("generate", evil, f"--seed={evil}", "--container", folder=folder),
        ]
    assert [screen.status for screen in screens] == [0, 3, 2]
    for screen in screens:
        assert "\\x1b]0;owned\\x07" in screen.text
        assert acts(OURS.sub("", screen.text)) == []
