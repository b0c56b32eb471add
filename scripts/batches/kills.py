"""Kills batches at random moments, and compares what the server saw with what the ledger says."""

import base64
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import attrs

from friendli_facade import batch
from scripts.faults.server import Answer, FaultServer, Request, of_json, serving

_WORKER = [sys.executable, "-m", "scripts.batches.worker"]


@attrs.define
class Figures:
    """What came of it all; `wrong` should be empty."""

    kills: int = 0
    done: int = 0
    ambiguous: int = 0
    unseen: int = 0  # those of them that the server had not seen
    repeated: int = 0
    adopted: int = 0  # whose picture was in place, and whose row was not
    seconds: float = 0
    wrong: list[str] = attrs.field(factory=list[str])

    def table(self) -> str:
        """All of it in a line."""
        return (
            f"{self.kills} kills, {self.done} rows done in {self.seconds:.0f} s; ambiguous "
            f"{self.ambiguous} (not seen by the server {self.unseen}), pictures in place before "
            f"their row said so {self.adopted}, then told to retry: {self.repeated} sent again; "
            f"wrong {len(self.wrong)}"
        )


def picture(number: int) -> bytes:
    """The picture that belongs to a row."""
    return b"\x89PNG\r\n\x1a\n" + f"{number:08}".encode() * 2_000


def respond(request: Request) -> Answer:
    """A picture, a little later."""
    time.sleep(0.01)
    number = int(request.json["prompt"])
    return of_json({"image": base64.b64encode(picture(number)).decode()})


@attrs.define
class _Trial:
    server: FaultServer
    folder: Path
    rows: int
    random: Random
    figures: Figures
    ambiguous: set[str] = attrs.field(factory=set[str])

    def start(self, policy: str = "report") -> "subprocess.Popen[str]":
        arguments = [self.server.url, str(self.folder), str(self.rows), policy]
        return subprocess.Popen([*_WORKER, *arguments], stdout=subprocess.PIPE, text=True)

    def kill(self, process: "subprocess.Popen[str]", at: int) -> bool:
        """Whether the server saw so many requests; then the process is killed, if it lives."""
        is_over = False
        while not self.server.read(at, 0 if is_over else 0.05):
            if is_over:
                return False
            # It may have sent the rest in between, so the server is asked once more.
            is_over = process.poll() is not None
        time.sleep(self.random.random() * 0.03)
        process.kill()
        self.hear(process)
        self.figures.kills += 1
        return True

    def hear(self, process: "subprocess.Popen[str]") -> None:
        """Takes in what a process said before it ended."""
        said, _ = process.communicate()
        for line in said.splitlines():  # a pipe takes a line whole, or not at all
            key, state, _ = json.loads(line)
            if state == "ambiguous":
                self.ambiguous.add(key)
            elif state == "failed":
                self.figures.wrong.append(f"{key} failed")

    def counts(self) -> Counter[str]:
        """How often the server was asked for each row."""
        self.server.idle()
        return Counter(f"row-{one.json['prompt']}" for one in self.server.requests)

    def unfinished(self) -> dict[str, bool]:
        """Rows that are being sent by nobody who lives, and whether their pictures stand."""
        with batch.Ledger(self.folder) as ledger:
            return {
                row.key: (self.folder / f"{row.file}.png").exists()
                for row in ledger.rows()
                if row.state == "sending" and not ledger.is_sending(row)
            }

    def check_kill(self, lost: set[str]) -> None:
        """What the server saw and nobody finished is what is unfinished, and nothing else."""
        counts, unfinished = self.counts(), self.unfinished()
        self.figures.adopted += sum(unfinished.values())
        lost |= {key for key, stands in unfinished.items() if not stands}
        with batch.Ledger(self.folder) as ledger:
            states = {row.key: row.state for row in ledger.rows()}
        for key in counts:
            if key not in states:
                self.figures.wrong.append(f"{key} was sent without a row")

    def check(self, lost: set[str]) -> None:
        """Each row was sent once, and reported if nobody knows what came of it."""
        counts = self.counts()
        if self.ambiguous != lost:
            self.figures.wrong.append(f"reported {self.ambiguous ^ lost} otherwise than lost")
        for number in range(self.rows):
            key = f"row-{number}"
            if counts[key] > 1 or (counts[key] != 1 and key not in self.ambiguous):
                self.figures.wrong.append(f"{key} was sent {counts[key]} times")
        self.figures.ambiguous = len(self.ambiguous)
        self.figures.unseen = sum(not counts[key] for key in self.ambiguous)

    def check_end(self) -> None:
        """All rows are done, their files whole, and only the ambiguous were sent again."""
        counts = self.counts()
        with batch.Ledger(self.folder) as ledger:
            rows = list(ledger.rows())
        self.figures.done = sum(row.state == "done" for row in rows)
        if self.figures.done != self.rows:
            self.figures.wrong.append(f"{self.rows - self.figures.done} rows are not done")
        for row in rows:
            self.figures.repeated += counts[row.key] - 1
            if counts[row.key] > 1 + (row.key in self.ambiguous):
                self.figures.wrong.append(f"{row.key} was sent {counts[row.key]} times in the end")
            number = int(row.key.removeprefix("row-"))
            # One that is not done has no file.
            if row.file and (self.folder / row.file).read_bytes() != picture(number):
                self.figures.wrong.append(f"{row.file} is not whole")
        pictures = {path.name for path in self.folder.iterdir()} - {"ledger.sqlite3"}
        left = pictures - {str(row.file) for row in rows}
        if wrong := {name for name in left if not name.startswith(".")}:
            self.figures.wrong.append(f"files that no row has: {sorted(wrong)[:5]}")


def run(rows: int, kills: int, seed: int, *, at_once: int = 1) -> Figures:
    """The figures of a batch that is killed so often, by so many processes at once."""
    random, figures, lost = Random(seed), Figures(), set[str]()  # noqa: S311
    moments = sorted(random.sample(range(1, rows * 3 // 4), kills))
    began = time.monotonic()
    with serving(respond) as server, tempfile.TemporaryDirectory() as folder:
        trial = _Trial(server, Path(folder), rows, random, figures)
        running = [trial.start() for _ in range(at_once)]
        for moment in moments:
            victim = random.randrange(at_once)
            if trial.kill(running[victim], moment):
                if at_once == 1:
                    trial.check_kill(lost)
                running[victim] = trial.start()
        for process in running:
            trial.hear(process)
        last = trial.start()
        trial.hear(last)
        if at_once > 1:
            lost = {key for key, stands in trial.unfinished().items() if not stands}
        trial.check(lost)
        trial.hear(trial.start("retry"))
        trial.check_end()
    figures.seconds = time.monotonic() - began
    return figures
