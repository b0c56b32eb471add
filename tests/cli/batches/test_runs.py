"""A batch from the command line: it goes on, keeps to its limits, and says what came of it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from friendli_facade.cli._batches import progress as progress_of
from tests.cli.batches.test_tables import batch, lines
from tests.cli.running import COMMAND, right, run
from tests.servers import Received, Recorder, Reply, recording


def table(number: int, name: str = "t.jsonl") -> str:
    """A table of so many rows."""
    rows = [json.dumps({"key": f"k{n}", "prompt": f"p{n}", "style": n}) for n in range(number)]
    Path(name).write_text("\n".join(rows))
    return name


def failing(*prompts: str, status: int = 400) -> Callable[[Received], Reply]:
    """Right answers, but for these prompts."""

    def answer(request: Received) -> Reply:
        if json.loads(request.body)["prompt"] in prompts:
            return status, {}, b"{}"
        return right(request)

    return answer


def test_the_same_command_goes_on(server: Recorder) -> None:
    """Nothing is sent twice, and outcomes are told of all rows, with their own columns."""
    assert batch(server, table(3)).status == 0
    done = batch(server, table(5))
    assert (done.status, len(server.requests)) == (0, 5)
    assert "5 of 5 done (3 earlier)" in done.err
    rows = lines("outcomes.jsonl")
    assert sorted((row["key"], row["style"], row["state"]) for row in rows) == [
        (f"k{n}", n, "done") for n in range(5)
    ]


def test_failures_can_be_fed_back_in() -> None:
    """They keep their keys and columns; when all are done, the table of them is gone."""
    with recording(failing("p1", "p2")) as server:
        done = batch(server, table(3))
    assert (done.status, "k1: " in done.err) == (3, True)
    assert "out/failures.jsonl has what is not done (2)" in done.err
    failed = sorted(lines("failures.jsonl"), key=lambda row: str(row["key"]))
    assert [(row["key"], row["prompt"], row["style"]) for row in failed] == [
        ("k1", "p1", 1),
        ("k2", "p2", 2),
    ]
    with recording(failing("p2")) as server:
        assert batch(server, "out/failures.jsonl").status == 3
        assert [row["key"] for row in lines("failures.jsonl")] == ["k2"]
    with recording(right) as server:
        assert batch(server, "out/failures.jsonl").status == 0
    assert not Path("out/failures.jsonl").exists()
    assert sorted(path.suffix for path in Path("out").iterdir()) == [
        ".jsonl",
        *[".png"] * 3,
        ".sqlite3",
    ]


def test_a_table_of_failures_that_was_not_read_whole_stays() -> None:
    """Rows that the run did not come to are nowhere else."""
    names = [f"p{n}" for n in range(6)]
    with recording(failing(*names)) as server:
        batch(server, table(6))
        before = Path("out/failures.jsonl").read_bytes()
        done = batch(server, "out/failures.jsonl", "--max-failures", "1", "-j", "1")
    assert "stopped: max_failures" in done.err
    assert Path("out/failures.jsonl").read_bytes() == before


def test_a_changed_table_says_what_changed(server: Recorder) -> None:
    """The picture that is paid for stays."""
    batch(server, table(1))
    Path("t.jsonl").write_text('{"key": "k0", "prompt": "other"}')
    done = batch(server, "t.jsonl")
    assert (done.status, len(server.requests)) == (2, 1)
    assert "(prompt was 'p0' and is 'other')" in done.err


def test_a_budget_ends_it_with_a_status(server: Recorder) -> None:
    """What is left is told, and that the same command goes on."""
    done = batch(server, table(5), "--price-per-image", "0.04", "--max-cost", "0.1")
    assert (done.status, len(server.requests)) == (1, 2)
    assert "2 of 5 done" in done.err
    assert "cost 0.08" in done.err
    assert "3 rows are left; the same command goes on" in done.err


def test_a_dry_run_checks_all_rows_and_tells_the_price(server: Recorder) -> None:
    """Nothing is sent, and nothing written; what is done already is not counted again."""
    assert batch(server, table(2)).status == 0
    before = {path.name: path.read_bytes() for path in Path("out").glob("*.jsonl")}
    rows = [*Path("t.jsonl").read_text().splitlines(), '{"key": "n", "prompt": "n"}']
    rows += ['{"key": "n", "prompt": "m"}', '{"prompt": ""}', '{"key": "k0", "prompt": "x"}', "?"]
    rows += ['{"prompt": "q"}', '{"prompt": "q"}']
    Path("t.jsonl").write_text("\n".join(rows))
    done = batch(server, "t.jsonl", "--dry-run", "--price-per-image", "0.04")
    assert (done.status, len(server.requests)) == (2, 2)
    assert [line.partition(":")[0] for line in done.out.splitlines()] == [
        *(f"row {n}" for n in (4, 5, 6, 7, 9)),
        "9 rows",
    ]
    assert "2 would be sent, for 0.08" in done.out
    assert "2 done already, 5 wrong" in done.out
    assert before == {path.name: path.read_bytes() for path in Path("out").glob("*.jsonl")}
    done = run("batch", table(3), "-o", "new", "--sandbox", "--dry-run", "--json")
    assert (done.status, Path("new").exists()) == (0, False)
    assert done.records[-1]["sent"] == 3


def test_json_has_a_line_for_each_row(server: Recorder) -> None:
    """The same as in the table of outcomes."""
    done = batch(server, table(3), "--json")
    assert (done.status, done.records) == (0, lines("outcomes.jsonl"))


def test_a_pipe_gets_plain_lines(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Now and then, on standard error; standard output has nothing unless asked."""
    monkeypatch.setattr(progress_of, "_EVERY", 0.0)
    done = batch(server, table(3), "-j", "1")
    assert done.out == ""
    told = [line.partition(",")[0] for line in done.err.splitlines()[1:]]
    # As each outcome is taken, the next one may have come already.
    assert told == sorted(told)
    assert len(told) == 4
    assert told[-2:] == ["3 of 3 done"] * 2


def test_status_and_export_tell_of_a_ledger() -> None:
    """Counts by state, and the ledger as a table."""
    with recording(failing("p1", status=502)) as server:
        assert batch(server, table(2)).status == 3
    done = run("batch", "status", "out", "--json")
    assert done.records == [
        {"paid": 2, "pending": 0, "sending": 0, "done": 1, "failed": 0, "ambiguous": 1}
    ]
    assert "ambiguous           1" in run("batch", "status", "out").out
    found = run("batch", "export", "out")
    assert {row["key"]: row["state"] for row in found.records} == {"k0": "done", "k1": "ambiguous"}
    for name in ("t.csv", "t.jsonl.jsonl", "t.parquet"):
        assert run("batch", "export", "out", "-o", name).status == 0
        assert Path(name).read_bytes()
    assert run("batch", "export", "out", "-o", "t.csv").status == 5
    assert run("batch", "export", "out", "-o", "t.txt").status == 2
    assert run("batch", "status", "nowhere").status == 5


@pytest.mark.parametrize(
    ("choice", "status", "requests"), [("report", 1, 0), ("skip", 1, 0), ("retry", 0, 1)]
)
def test_what_may_be_paid_for_is_repeated_only_as_told(
    choice: str, status: int, requests: int
) -> None:
    """`--ambiguous` is that of the library."""
    with recording(failing("p0", status=502)) as server:
        assert batch(server, table(1)).status == 3
    with recording(right) as server:
        done = batch(server, "t.jsonl", "--ambiguous", choice)
        assert (done.status, len(server.requests)) == (status, requests)
    if choice == "report":
        assert "may be paid for" in done.err
        assert "--ambiguous retry sends it again" in done.err
        assert "--debug shows" not in done.err


def test_a_token_is_asked_for_as_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dedicated endpoint needs one, and a column may name it."""
    monkeypatch.delenv("FRIENDLI_TOKEN", raising=False)
    Path("t.jsonl").write_text('{"prompt": "a", "model": "m"}')
    done = run("batch", "t.jsonl", "-o", "out")
    assert (done.status, "a token is needed there" in done.err) == (2, True)
    assert not Path("out").exists()


def test_a_broken_ledger_is_told() -> None:
    """By its path, and nothing is sent."""
    Path("out").mkdir()
    Path("out/ledger.sqlite3").write_bytes(b"no database at all" * 100)
    done = run("batch", table(1), "-o", "out", "--sandbox")
    assert (done.status, "out/ledger.sqlite3: " in done.err) == (5, True)
    assert run("batch", "status", "out").status == 5


def test_it_draws_on_the_sandbox_without_a_network() -> None:
    """The whole way of a user, in a process of its own."""
    Path("t.csv").write_text("product\nmug\ncup\n")
    words = ["batch", "t.csv", "-o", "out", "--sandbox", "--steps", "1", "--template"]
    done = subprocess.run(
        [*COMMAND, *words, "a {product}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert len(list(Path("out").glob("*.png"))) == 2
