"""`sandbox`, `contract` and `completion`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from friendli_facade.cli._application import commands
from tests.cli.running import COMMAND, run
from tests.requests.arguments import operations


@contextmanager
def sandbox(*words: str) -> Generator[tuple[str, "subprocess.Popen[str]"]]:
    """A sandbox in a process of its own, and its address."""
    process = subprocess.Popen(
        [*COMMAND, "sandbox", "--port", "0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process, process.stdout, process.stderr:
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.terminate()


def test_the_sandbox_serves_until_it_is_stopped() -> None:
    """Its address is all of standard output; Ctrl-C is how one stops it, and no failure."""
    for number in (signal.SIGINT, signal.SIGTERM):
        with sandbox() as (url, process):
            done = run("generate", "a", "--container", "--server-url", url, "--overwrite")
            assert (done.status, done.out) == (0, "a.jpg\n")
            assert process.stderr is not None
            said = [process.stderr.readline() for _ in range(2)]  # and then it is not cut short
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
            assert (process.returncode, out, err) == (0, "", "")
            assert f"--container --server-url {url}" in said[1]


def test_the_sandbox_fails_as_told_and_knows_its_endpoints() -> None:
    """Three 503s, one 429, then answers; any other endpoint is a 404."""
    with sandbox("--fail", "503:3", "--fail", "429", "--endpoint", "mine") as (url, _):
        body = {"prompt": "a", "num_inference_steps": 1}
        statuses = [
            httpx.post(f"{url}/v1/images/generations", json=body).status_code for _ in range(5)
        ]
        headers = {"Authorization": "Bearer t"}
        place = f"{url}/dedicated/v1/images/generations"
        for model in ("mine", "other"):
            answer = httpx.post(place, json=body | {"model": model}, headers=headers)
            statuses.append(answer.status_code)
    assert statuses == [503, 503, 503, 429, 200, 200, 404]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--fail", "600"], 2, "503:3"),
        (["--fail", "503:0"], 2, "503:3"),
        (["--port", "65536"], 2, "65536"),
        (["--host", ""], 2, "cannot listen"),
        (["--host", "192.0.2.1"], 5, "assign requested address"),
    ],
)
def test_a_sandbox_that_cannot_be_is_a_line(words: list[str], status: int, said: str) -> None:
    """What is wrong with its port, its host or its failures; SIGTERM is then what it was."""
    before = signal.getsignal(signal.SIGTERM)
    done = run("sandbox", "--port", "0", *words)
    assert signal.getsignal(signal.SIGTERM) is before
    assert (done.status, done.out) == (status, "")
    assert said in done.err


def test_a_sandbox_in_a_thread_leaves_signals_alone() -> None:
    """It has none: what ends it is what ends its host, and what is wrong is told as elsewhere."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(run, "sandbox", "--port", "0", "--host", "192.0.2.1").result()
    assert (done.status, "assign requested address" in done.err) == (5, True)


def test_a_port_that_is_taken_is_exit_5() -> None:
    """Another server has it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("sandbox", "--port", str(taken.getsockname()[1]))
    assert (done.status, "in use" in done.err) == (5, True)


def test_the_contract_is_told_as_it_is() -> None:
    """Every operation with every field, required or not, null or not, its values and default."""
    done = run("contract", "--json")
    found = {one["operation"]: one for one in done.records[0]["operations"]}
    assert sorted(found) == sorted(operation.name for operation in operations())
    for operation in operations():
        told = found[operation.name]
        assert told["path"] == operation.path
        arguments = {one["name"]: one for one in told["arguments"]}
        assert set(operation.properties) <= set(arguments)
        for name, schema in operation.properties.items():
            branches = schema.get("anyOf", [schema])
            argument = arguments[name]
            assert argument["required"] == (name in operation.schema["required"])
            assert argument["null"] == ({"type": "null"} in branches)
            assert argument["default"] == schema.get("default")
            assert argument["description"] == schema["description"]
            for branch in branches:
                for value in branch.get("enum", ()):
                    assert value in argument["values"]


def test_the_contract_is_a_table_for_people() -> None:
    """On eighty columns, with nothing cut off."""
    done = run("contract")
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "POST https://api.friendli.ai/dedicated/v1/images/generations" in lines
    text = " ".join(done.out.split())
    for operation in operations():
        assert [name for name in operation.properties if name not in text] == []
    assert "…" not in done.out


def completed(*words: str) -> list[str]:
    """What the command itself offers for the last of these words, as fish asks for it."""
    variables = {
        "_FRIENDLI_FACADE_COMPLETE": "fish_complete",
        "COMP_WORDS": " ".join(["friendli-facade", *words[:-1]]),
        "COMP_CWORD": words[-1],
    }
    code = "import sys; from friendli_facade.cli import main; sys.exit(main([]))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.partition(",")[2].partition("\t")[0] for line in done.stdout.splitlines()]


def test_commands_options_and_values_are_completed() -> None:
    """Values of a field are those of the contract."""
    assert completed("") == list(commands())
    assert "--num-inference-steps" in completed("generate", "--num")
    assert completed("generate", "--response-format", "j") == ["jpeg", "jpg"]
    assert completed("again", "--image", "ca") == ["ca"]  # a file, which the shell completes
    assert completed("batch", "ex") == ["export", "ex"]
    assert completed("completion", "") == ["bash", "zsh", "fish"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_by_the_script(shell: str, tmp_path: Path) -> None:
    """In the shell itself, where it is installed: the script is loaded, and asks the command."""
    script = run("completion", shell)
    assert (script.status, script.err) == (0, "")
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(script.out)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "friendli-facade").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m friendli_facade "$@"\n'
    )
    (tmp_path / "bin" / "friendli-facade").chmod(0o755)
    ask = {
        "bash": "source ./script; COMP_WORDS=(friendli-facade gen); COMP_CWORD=1; "
        "$(complete -p friendli-facade | sed 's/.*-F \\([^ ]*\\).*/\\1/') friendli-facade; "
        "echo ${COMPREPLY[@]}",
        "zsh": "autoload -U compinit; compinit -u -d ./dump; source ./script; "
        "echo $_comps[friendli-facade]",
        "fish": "source ./script; complete -C 'friendli-facade gen'",
    }[shell]
    done = subprocess.run(
        [program, "-c", ask],
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("_friendli_facade_completion" if shell == "zsh" else "generate") in done.stdout, done
