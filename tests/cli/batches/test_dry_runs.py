"""A dry run says of each row what would become of it."""

from pathlib import Path

from tests.cli.batches.test_tables import batch
from tests.cli.running import right, run
from tests.servers import Received, Reply, recording


def test_a_dry_run_tells_errors_in_json() -> None:
    """A line for each row that would fail, and one for all of them."""
    Path("t.jsonl").write_text('{"prompt": "a"}\n{"prompt": ""}\n')
    done = run("batch", "t.jsonl", "-o", "new", "--sandbox", "--dry-run", "--json")
    wrong, total = done.records
    assert (done.status, wrong["row"]) == (2, 2)
    assert "must not be empty" in wrong["error"]
    assert (total["rows"], total["sent"], total["wrong"]) == (2, 1, 1)
    done = run("batch", "t.jsonl", "-o", "new", "--sandbox", "--dry-run")
    assert "1 would be sent" in done.out
    assert " for " not in done.out.splitlines()[-1]


def test_rows_of_another_run_are_compared_with_it() -> None:
    """One that has changed is wrong; one that may be paid for is told, and nothing is sent."""

    def lost(request: Received) -> Reply:
        return (504, {}, b"") if b"lost" in request.body else right(request)

    with recording(lost) as server:
        Path("t.jsonl").write_text('{"key": "a", "prompt": "p"}\n{"key": "b", "prompt": "lost"}\n')
        assert batch(server, "t.jsonl").status != 0
        number = len(server.requests)
        Path("t.jsonl").write_text('{"key": "a", "prompt": "q"}\n{"key": "b", "prompt": "lost"}\n')
        done = batch(server, "t.jsonl", "--dry-run")
        assert len(server.requests) == number
    first, second, total = done.out.splitlines()
    assert first.startswith("row 1: ")
    assert "prompt was 'p' and is 'q'" in first
    assert second.startswith("row 2: ")
    assert "2 rows: 0 would be sent" in total


def test_a_ledger_that_cannot_be_used_is_an_error_of_files() -> None:
    """As it is where rows are sent."""
    Path("t.jsonl").write_text('{"prompt": "a"}\n')
    Path("out").mkdir()
    Path("out/ledger.sqlite3").write_bytes(b"no database at all" * 100)
    for others in (["--dry-run"], []):
        done = run("batch", "t.jsonl", "-o", "out", "--sandbox", *others)
        assert done.status == 5
        assert "ledger.sqlite3: file is not a database: it is no SQLite database" in done.err
