"""Text of others is text: in the page, in its URLs, and in the command that is copied."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from friendli_facade import gallery
from friendli_facade._rules.violations import printable
from tests.gallery.folders import Look, drawn
from tests.provenance.pictures import PROMPTS

_MARKS = [
    *("<script>window.hacked = 1</script>", "<img src=x onerror='window.hacked=1'>", "</script>"),
    *("<!--<script>", "--><svg onload=alert(1)>", "</textarea></style>", "'\"`", "${alert(1)}"),
    *("javascript:alert(1)", "{{ 7 * 7 }}", "{% raw %}", "\x1b[201~", "\x1b]0;a\x07", "\r\n\r"),
    *("\u202egnp.exe", "\u2067", "\x00", "\ud800", "\udc80", "\ufeff", "\u2028"),
]
_TEXTS = PROMPTS | st.lists(st.sampled_from(_MARKS), min_size=1, max_size=6).map("".join)
_NAMES = st.lists(
    st.sampled_from([mark.encode(errors="replace") for mark in _MARKS])
    | st.sampled_from([b"\xff\xfe", b"%41%2e", b"#a?b=c&d", b"\\", b" ", b"-rf", b"$(id)", b"!!"])
    | st.text(max_size=9).map(lambda text: text.encode(errors="replace")),
    min_size=1,
    max_size=4,
).map(lambda parts: b"".join(parts).replace(b"/", b"").replace(b"\x00", b"")[:200].lstrip(b"."))

# For each picture: the code units of its texts, which JSON between browser and test might change.
_READ = """() => {
    const units = (id) => {
        const text = document.getElementById(id).textContent;
        return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    };
    return [...document.querySelectorAll(".card")].map((card) => {
        card.click();
        const parts = ["dialog-name", "prompt", "command"].map(units);
        document.getElementById("dialog").close();
        return parts;
    });
}"""
_IMAGES = """async () => {
    const urls = JSON.parse(document.getElementById("data").textContent).pictures
        .flatMap((picture) => [picture.url, picture.thumbnail]);
    const widths = urls.map(async (url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        return image.naturalWidth;
    });
    return Promise.all(widths);
}"""
# What a hole in the page would be used for.
_BREAK_IN = """<script>window.hacked = 1</script><img src=x.png onerror="window.hacked = 1">
<svg onload="window.hacked = 1"></svg><style>h1 { color: red }</style><base href="//example.com">
"""
# The answer is what the policy refused.
_CALL = """async () => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", (event) => {
        refused.push(event.effectiveDirective);
    });
    for (const step of [
        () => document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='hacked=1'>"),
        () => document.body.append(
            Object.assign(document.createElement("img"), { src: "https://example.com/a.png" })
        ),
        () => fetch("https://example.com/"),
    ]) {
        try { await step(); } catch { /* it is refused */ }
    }
    await new Promise((done) => setTimeout(done, 100));
    return refused;
}"""
_TAGS = "[...new Set([...document.querySelectorAll('*')].map((element) => element.localName))]"


def _text(units: list[int]) -> str:
    content = b"".join(unit.to_bytes(2, "little") for unit in units)
    return content.decode("utf-16-le", "surrogatepass")


def _same(text: str) -> str:
    """A text as JavaScript has it: two halves that meet are one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@pytest.fixture(scope="module")
def shell() -> str:
    """A shell that reads the commands which the page makes."""
    return shutil.which("bash") or pytest.skip("bash is not installed")


def _paths(shell: str, commands: list[str]) -> list[bytes]:
    """The paths that a shell understands in commands."""
    script = 'friendli-facade() { printf \'%s\\0\' "$#" "$1" "$2"; }\n' + "\n".join(commands)
    done = subprocess.run([shell], input=script.encode(), capture_output=True, check=True)
    assert done.stderr == b""
    words = done.stdout.split(b"\0")[:-1]
    assert set(zip(words[::3], words[1::3], strict=True)) <= {(b"2", b"again")}
    return words[2::3]


@given(
    st.dictionaries(_NAMES.filter(bool), _TEXTS, min_size=1, max_size=10),
    _NAMES.filter(bool),
)
@example(
    {f"{number}".encode(): mark for number, mark in enumerate([*_MARKS, "a" * 100_000])},
    "<title><b>\xa0\U00018d80".encode(),
)
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_prompts_and_names_are_text(
    tmp_path_factory: pytest.TempPathFactory,
    look: Look,
    shell: str,
    prompts: dict[bytes, str],
    title: bytes,
) -> None:
    """Nothing of them is run or asked for; prompts are equal, and a shell finds the files."""
    folder = tmp_path_factory.mktemp("hostile") / os.fsdecode(title)
    folder.mkdir()
    expected: dict[bytes, tuple[str, str]] = {}
    for number, (name, prompt) in enumerate(prompts.items()):
        path = folder / os.fsdecode(name + b".png")
        path.write_bytes(drawn(prompt, seed=number, model=prompt[:200], negative_prompt=prompt))
        expected[os.fsencode(path)] = printable(path.name), prompt
    with look(gallery.write(folder)) as page:
        read: list[list[list[int]]] = page.evaluate(_READ)
        told = [[_text(units) for units in parts] for parts in read]
        paths = _paths(shell, [command for _, _, command in told])
        found = {path: (name, prompt) for path, (name, prompt, _) in zip(paths, told, strict=True)}
        assert found == {
            path: (_same(name), _same(prompt)) for path, (name, prompt) in expected.items()
        }
        # What no Unicode of Python's has yet, a newer one of the browser's may print.
        kinds = {category(one) for _, _, command in told for one in command}
        assert not kinds & {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
        assert page.locator("h1").text_content() == _same(printable(folder.name))
        assert set(page.evaluate(_IMAGES)) == {13}
        assert page.evaluate("window.hacked === undefined && document.scripts.length === 2")
        tags: list[str] = page.evaluate(_TAGS)
        assert not {"b", "svg", "iframe", "object", "embed", "textarea"} & set(tags)


@pytest.mark.parametrize(
    ("value", "shown"),
    [({"a": ["<b>"]}, '{"a": ["<b>"]}'), (None, "null"), ("a" * 200_000, "a" * 131_072 + "…")],
)
def test_a_prompt_that_none_would_send_is_shown(
    tmp_path: Path, look: Look, value: Any, shown: str
) -> None:
    """Whoever had the file may have written anything, and seeds that JavaScript cannot count."""
    (tmp_path / "a.png").write_bytes(drawn(value, seed=10**40 + 1))
    with look(gallery.write(tmp_path)) as page:
        page.fill("#seed", f"{10**40 + 1}")
        page.click(".card")
        assert (page.locator("#prompt").text_content() or "").startswith(shown)
        assert str(10**40 + 1) in (page.locator("#facts").text_content() or "")


def test_what_got_in_all_the_same_would_neither_run_nor_call(
    page_file: Path, browser: Browser
) -> None:
    """The page's policy refuses scripts, styles and requests that are not its own."""
    broken_into = page_file.with_name("broken-into.html")
    written = page_file.read_text(encoding="utf-8")
    broken_into.write_text(written.replace("</main>", f"</main>{_BREAK_IN}"), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(broken_into.as_uri())
    refused: list[str] = page.evaluate(_CALL)
    assert set(refused) == {"connect-src", "img-src", "require-trusted-types-for"}
    assert page.evaluate("window.hacked === undefined")
    assert page.locator("h1").evaluate("element => getComputedStyle(element).color") == (
        "rgb(27, 27, 26)"
    )
    context.close()
