"""Tables become jobs: row by row, from any kind, and a bad row fails alone."""

import base64
import csv
import io
import json
import subprocess
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friendli_facade.cli._arguments.inputs import StandardInput
from friendli_facade.cli._batches import tables
from tests.cli.running import run
from tests.samples import PNG
from tests.servers import Recorder

pa: Any = import_module("pyarrow")  # which has no types
pq: Any = import_module("pyarrow.parquet")


def sent(server: Recorder) -> list[dict[str, Any]]:
    """The bodies that came, by prompt."""
    return sorted(
        (json.loads(one.body) for one in server.requests), key=lambda body: body["prompt"]
    )


def batch(server: Recorder, table: str, *words: str, stdin: bytes = b"") -> Any:
    """The outcome of a batch on a container, in the folder `out`."""
    where = ("--container", "--server-url", server.url)
    return run("batch", table, "-o", "out", *where, *words, stdin=stdin)


def lines(name: str) -> list[dict[str, Any]]:
    """The rows of a table that a batch left."""
    return [json.loads(line) for line in Path("out", name).read_text("utf-8").splitlines()]


ROWS = [
    {"key": "a", "prompt": "one", "seed": 1, "guidance_scale": 2.5, "style": "oil"},
    {"key": "b", "prompt": 'two\nlines, and "quotes"', "num_inference_steps": 4},
]


def write(kind: str) -> str:
    """The rows as a table of a kind."""
    path = Path(f"t.{kind}")
    columns = list(dict.fromkeys(name for row in ROWS for name in row))
    match kind:
        case "jsonl":
            path.write_text("\n\n".join(map(json.dumps, ROWS)), "utf-8")
        case "csv":
            text = io.StringIO()
            table = csv.DictWriter(text, columns, lineterminator="\r\n")
            table.writeheader()
            table.writerows(ROWS)
            path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
        case _:
            pq.write_table(
                pa.Table.from_pylist([dict.fromkeys(columns) | row for row in ROWS]), path
            )
    return str(path)


@pytest.mark.parametrize("is_piped", [False, True])
@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_all_kinds_of_tables_send_the_same(server: Recorder, kind: str, is_piped: bool) -> None:
    """Numbers of a CSV are numbers, and what is empty is not given."""
    table = write(kind)
    if is_piped and kind != "parquet":
        done = batch(server, "-", stdin=Path(table).read_bytes())
    else:
        done = batch(server, table)
    assert done.status == 0, done.err
    assert sent(server) == [
        {"prompt": "one", "seed": 1, "guidance_scale": 2.5},
        {"prompt": ROWS[1]["prompt"], "num_inference_steps": 4},
    ]
    found = {row["key"]: row for row in lines("outcomes.jsonl")}
    assert (found["a"]["style"], found["a"]["state"]) == ("oil", "done")
    assert Path("out", found["b"]["files"][0]).read_bytes()
    assert "go through: 'style'" in done.err


def test_pictures_in_a_column_are_files_as_on_the_command_line(server: Recorder) -> None:
    """An image column makes it an edit; a list is several, and a file that is missing is told."""
    Path("a.png").write_bytes(PNG)
    Path("t.csv").write_text(
        'key,image,prompt\n1,a.png,x\n2,"[""a.png"", ""https://e/x.png""]",y\n3,nope.png,z\n'
    )
    done = batch(server, "t.csv")
    assert done.status == 2
    assert "--image must be a file that exists, not 'nope.png'" in done.err
    one, two = sent(server)
    assert one["image"]["image"] == base64.b64encode(PNG).decode()
    assert two["image"] == [one["image"], {"image": "https://e/x.png"}]
    assert {one.path for one in server.requests} == {"/v1/images/edits"}


def test_bytes_of_a_data_set_are_pictures(server: Recorder) -> None:
    """As data sets in Parquet have them: with their path, or alone; and they can be fed back."""
    table = pa.Table.from_pylist(
        [
            {"image": {"bytes": PNG, "path": "a.png"}, "prompt": "x", "num_inference_steps": 1},
            {"image": {"bytes": PNG, "path": "a.png"}, "prompt": "y", "num_inference_steps": 99},
        ]
    )
    pq.write_table(table, "t.parquet")
    assert batch(server, "t.parquet").status == 2
    failed = Path("out/failures.jsonl").read_text("utf-8")
    Path("again.jsonl").write_text(failed.replace("99", "9"))
    assert batch(server, "again.jsonl").status == 0
    one, two = sent(server)
    assert two["image"]["image"].removeprefix("data:image/png;base64,") == one["image"]["image"]


def test_options_are_for_rows_that_lack_the_column(server: Recorder) -> None:
    """A row's own value counts."""
    Path("t.jsonl").write_text('{"prompt": "a"}\n{"prompt": "b", "num_inference_steps": 7}\n')
    assert batch(server, "t.jsonl", "--steps", "3", "--seed", "1").status == 0
    assert sent(server) == [
        {"prompt": "a", "num_inference_steps": 3, "seed": 1},
        {"prompt": "b", "num_inference_steps": 7, "seed": 1},
    ]


def test_a_bad_row_fails_alone(server: Recorder) -> None:
    """What cannot be read is told with its line, and the others are sent."""
    rows = [b'{"prompt": "a"}', b"nope", b"[1]", b'{"prompt": "\xff"}', b'{"seed": NaN}', b"{}"]
    rows += [b"[" * 100_000, b'{"prompt": "b", "seed": "7"}', b'{"prompt": "b"}']
    rows += [b'{"prompt": "c", "note": "\\uD800"}', b'{"prompt": "c", "note": 1e400}']
    rows += [b'{"prompt": "d", "note": "\\ud83d\\ude00 \\\\ud800"}']
    Path("t.jsonl").write_bytes(b"\n".join(rows))
    done = batch(server, "t.jsonl")
    assert (done.status, [body["prompt"] for body in sent(server)]) == (2, ["a", "b", "d"])
    for told in (
        "line 2 is no JSON",
        "line 3 must be a JSON object",
        "line 4 is not UTF-8",
        "line 5 is no JSON: NaN",
        "--prompt is required",
        "line 7 is nested too deeply",
        "--seed must be an integer, not '7'",
        "line 10 has half of a surrogate pair",
        "line 11 is no JSON: '1e400' is too large for a number",
    ):
        assert told in done.err
    assert len(lines("outcomes.jsonl")) == len(rows)


def test_a_row_of_csv_that_is_cut_or_too_long_fails_alone(server: Recorder) -> None:
    """So does text that is no number, and a quote that is never closed ends the table."""
    Path("t.csv").write_text('key,prompt,seed\na,A\nb,B,1,2\nc,C,x\nd,D,\n\ne,"E,5\nf,F,6\n')
    done = batch(server, "t.csv")
    assert (done.status, [body["prompt"] for body in sent(server)]) == (2, ["D"])
    assert "line 2 must have 3 cells, as the first line, not 2" in done.err
    assert "line 3 must have 3 cells, as the first line, not 4" in done.err
    assert "c: --seed must be an integer, not 'x'" in done.err
    assert "nothing after it is read" in done.err


@pytest.mark.parametrize(
    ("name", "content", "words", "told"),
    [
        ("t.csv", b"", (), "t.csv is empty"),
        ("t.csv", "prompt\nä\n".encode("utf-16"), (), "t.csv is not UTF-8 text"),
        ("t.csv", b"prompt,seed,prompt\na,1,b\n", (), "the column 'prompt' twice"),
        ("t.csv", b"seed\n1\n", (), "prompt is required: a column of the table, or --prompt"),
        ("t.parquet", b"nope", (), "is no Parquet"),
        ("t.csv", b"x\n1\n", ("--template", "a {y}"), "there is no column 'y'; there are x"),
        ("t.csv", b"x\n1\n", ("--template", "{x.__class__}"), "no column 'x.__class__'"),
        ("t.csv", b"x\n1\n", ("--template", "{x[0]}"), "no column 'x[0]'"),
        ("t.csv", b"x\n1\n", ("--template", "{x!r:>99999999}"), "no ':' or '!' after it"),
        ("t.csv", b"x\n1\n", ("--template", "{x"), "names in braces"),
        ("t.csv", b"prompt\n1\n", ("--name", "{}"), "there is no column ''"),
        ("t.csv", b"prompt\n1\n", ("--image", "a", "--generate"), "generate has no --image"),
        ("t.csv", b"prompt\n1\n", ("-j", "0"), "-j must be from 1 to 256, not 0"),
        ("t.csv", b"prompt\n1\n", ("--rate", "0"), "--rate must be a finite number above 0, not 0"),
        ("t.csv", b"prompt\n1\n", ("--max-cost", "3"), "--price-per-image is required"),
        ("t.csv", b"prompt\n1\n", ("--max-images", "x"), "at least 1, not 'x'"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_before_anything_is_sent(
    server: Recorder, name: str, content: bytes, words: tuple[str, ...], told: str
) -> None:
    """Nothing is made, either."""
    Path(name).write_bytes(content)
    done = batch(server, name, *words)
    assert (done.status, server.requests, Path("out").exists()) == (2, [], False)
    assert told in done.err


def test_prompts_and_names_are_made_of_columns(server: Recorder) -> None:
    """A name is safe on every file system, and no two are the same; braces may be written twice."""
    Path("t.csv").write_text("key,product\n1,../Mug: big\n2,../mug! BIG\n3,con\n4,\n")
    words = ("--template", "photo of {product} {{x}}", "--name", "{product}")
    done = batch(server, "t.csv", *words)
    assert [body["prompt"] for body in sent(server)] == [
        "photo of ../Mug: big {x}",
        "photo of ../mug! BIG {x}",
        "photo of con {x}",
    ]
    assert (done.status, "4: --template needs 'product'" in done.err) == (2, True)
    names = [path.stem for path in Path("out").glob("*.png")]
    assert len({name.lower() for name in names}) == 3
    assert all(not set("/:\\!") & set(name) for name in names)
    assert "con" not in names


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=9)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=9))
def test_what_csv_was_written_is_read(rows: list[list[str]]) -> None:
    """Whatever is in the cells, and counted right."""
    text = io.StringIO()
    csv.writer(text).writerows([["p", "q"], *rows])
    Path("t.csv").write_text(text.getvalue(), "utf-8", newline="")
    with ExitStack() as stack:
        table = tables.opened("t.csv", StandardInput(), stack, counts=True)
        assert table.total == len(rows)
        read = [row for row in table.rows if not isinstance(row, tables.Bad)]
    assert read == [{n: c for n, c in zip("pq", row, strict=True) if c} for row in rows]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_large_table_is_never_held(tmp_path: Path, suffix: str) -> None:
    """Forty megabytes are read in a few."""
    row = {"csv": f"{'x' * 996},1\n", "jsonl": json.dumps({"p": "x" * 990}) + "\n"}[suffix]
    with (tmp_path / f"t.{suffix}").open("w") as file:
        file.write("p,q\n" if suffix == "csv" else "")
        file.writelines(row for _ in range(40_000))
    code = (
        "import contextlib, resource, sys\n"
        "from friendli_facade.cli._arguments.inputs import StandardInput\n"
        "from friendli_facade.cli._batches import tables\n"
        "def most(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before, stack = most(), contextlib.ExitStack()\n"
        "table = tables.opened(sys.argv[1], StandardInput(), stack, counts=True)\n"
        "print(table.total, sum(1 for _ in table.rows), most() - before)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / f"t.{suffix}")]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    total, rows, grown = map(int, done.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024
    assert (total, rows) == (40_000, 40_000)
    assert grown * unit < 10_000_000
