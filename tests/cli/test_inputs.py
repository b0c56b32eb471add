"""Prompts, pictures and seeds from words, files and standard input."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendli_facade.cli._arguments import inputs
from friendli_facade.cli._pictures.run import ranges
from tests.cli.running import Outcome, run
from tests.samples import PNG, PNG_BASE64
from tests.servers import Recorder


def drawn(*words: str, stdin: bytes = b"") -> Outcome:
    """A dry run on the sandbox."""
    return run(*words, "--sandbox", "--dry-run", "--json", stdin=stdin)


def prompts(outcome: Outcome) -> list[str]:
    """The prompts that would be sent."""
    assert outcome.status == 0, outcome.err
    return [record["body"]["prompt"] for record in outcome.records]


def test_prompts_come_from_words_files_and_standard_input() -> None:
    """In the order of the words; a line each, blank lines left out."""
    Path("prompts.txt").write_bytes(b"\xef\xbb\xbfone\r\n\n  \ntwo \xe2\x80\xa8 three\nfour")
    found = prompts(drawn("generate", "zero", "@prompts.txt", "@-", stdin=b"five\n"))
    assert found == ["zero", "one", "two \u2028 three", "four", "five"]
    assert prompts(drawn("generate", stdin=b"a\nb\n")) == ["a", "b"]
    assert prompts(drawn("generate", "-", stdin=b"a\n")) == ["a"]
    assert prompts(drawn("edit", "https://e/x.png", stdin=b"a\n")) == ["a"]


def test_a_prompt_may_begin_with_an_at() -> None:
    """Two of them stand for one."""
    assert prompts(drawn("generate", "@@home", "@@@")) == ["@home", "@@"]


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["generate"], b"", "PROMPT is required"),
        (["generate"], b"\n \n", "PROMPT is required"),
        (["generate", "@nothing.txt"], b"", "nothing.txt cannot be read: No such file"),
        (["generate", "-"], b"\xff\xfe", "standard input is not UTF-8"),
        (["edit", "-", "--prompt", "-"], b"a", "standard input can be read once"),
        (["edit", "-", "-", "--prompt", "a"], PNG, "standard input can be read once"),
        (["edit", "https://e/x.png"], b"", "--prompt is required"),
        (["generate", "a", "--seeds", "1..8", "--seed", "3"], b"", "contradict each other"),
        (["generate", "a", "--seeds", "8..1"], b"", "must count up: 1..8"),
        (["generate", "a", "--seeds", "1-8"], b"", "as in 1..8 or 3,5,9"),
        (["generate", "a", "--seeds", "0..1000000000"], b"", "at most 10000"),
        (["generate", "a", "b", "--seeds", "1..9999"], b"", "more than 10000 pictures"),
        (["generate", ""], b"", "PROMPT must not be empty"),
    ],
)
def test_what_cannot_be_understood_is_named(words: list[str], stdin: bytes, said: str) -> None:
    """Exit 2, and a line that says what was meant to stand there."""
    done = drawn(*words, stdin=stdin)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


def test_pictures_are_files_urls_or_standard_input(server: Recorder) -> None:
    """A path is opened here, where it is meant; several pictures of an edit go together."""
    Path("a.png").write_bytes(PNG)
    url = "https://example.com/b.png"
    words = ["edit", "a.png", url, "-", "--prompt", "more", "--container"]
    assert run(*words, "--server-url", server.url, stdin=PNG).status == 0
    sent = json.loads(server.requests[0].body)["image"]
    assert sent == [{"image": PNG_BASE64}, {"image": url}, {"image": PNG_BASE64}]


def test_seeds_and_prompts_multiply() -> None:
    """Every prompt with every seed, in that order; a seed that is given twice counts once."""
    done = drawn("generate", "a", "b", "--seeds", "7,1..2,2")
    found = [(record["body"]["prompt"], record["body"]["seed"]) for record in done.records]
    assert found == [(prompt, seed) for prompt in "ab" for seed in (7, 1, 2)]


@given(st.sets(st.integers(-50, 50), min_size=1))
def test_seeds_are_told_as_they_are_given(seeds: set[int]) -> None:
    """What is missing can be asked for again by the words that name it."""
    assert inputs.seeds(ranges(sorted(seeds))) == sorted(seeds)
