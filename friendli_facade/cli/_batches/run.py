"""One run of `batch`: a table's rows as they come, and what is said in the end."""

from __future__ import annotations

import asyncio
import signal
import warnings
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import click

from friendli_facade import MetadataWarning
from friendli_facade.batch import AsyncRun, LedgerError, Outcome, Progress, arun
from friendli_facade.batch._places import of_key
from friendli_facade.cli import _failures
from friendli_facade.cli._arguments import destinations
from friendli_facade.cli._batches import dry_run, progress, records
from friendli_facade.cli._batches.asked import Asked, described
from friendli_facade.cli._batches.jobs import is_same_file
from friendli_facade.cli._batches.records import FAILURES, Records
from friendli_facade.cli._signals import Signals
from friendli_facade.cli._terminal import Terminal

if TYPE_CHECKING:
    from friendli_facade.cli._batches.progress import Watch

_MOST_TOLD = 10  # errors that are told as they come, and warnings; all errors are in a table


def run(params: Mapping[str, Any]) -> int:
    """Does what the options ask for; the exit status."""
    with ExitStack() as stack:
        return _run(params, stack)


def _run(params: Mapping[str, Any], stack: ExitStack) -> int:
    terminal = Terminal()
    asked = described(params, stack)
    if isinstance(asked, list):
        for line in asked:
            terminal.note(f"error: {line}", "red")
        return _failures.BAD_ARGUMENTS
    if asked.others:
        shown = ", ".join(map(repr, asked.others))
        terminal.note(f"{asked.method}; columns that are no arguments go through: {shown}")
    if params["dry_run"]:
        return asyncio.run(dry_run.check(terminal, params, asked))
    asked.connection.ask()
    return _Run(terminal, params, asked).draw()


class _Run:
    def __init__(self, terminal: Terminal, params: Mapping[str, Any], asked: Asked) -> None:
        self._terminal = terminal
        self._params = params
        self._asked = asked
        self._signals = Signals()
        self._first: Exception | None = None  # of the errors
        self._told = 0
        self._records: Records | None = None
        self._unwritten: OSError | None = None  # why a table, or standard output, is not whole
        self._progress: Progress | None = None

    def draw(self) -> int:
        """Makes all pictures; the exit status."""
        with self._signals:
            is_ended = False
            try:
                with (
                    self._warnings(),
                    progress.watching(self._terminal, self._asked.total) as watch,
                ):
                    is_ended = self._signals.run(partial(self._draw, watch))
                if not is_ended:
                    flight = "stopped: what was in flight may have been drawn and paid for"
                    self._terminal.note("interrupted" if self._records is None else flight)
            except LedgerError as error:
                self._terminal.note(f"error: {error}", "red")
                return _failures.FILE_SYSTEM
            finally:
                if self._records is not None:
                    self._finish(self._records, is_ended=is_ended)
            return self._report(is_ended=is_ended)

    async def _draw(self, watch: Watch) -> None:
        params, asked = self._params, self._asked
        async with asked.connection.client() as friendli:
            limits = ("rate", "max_images", "max_failures", "max_cost", "price_per_image")
            async with arun(
                dry_run.method(friendli, asked),
                asked.jobs,  # type: ignore[arg-type]  # a row that is no job fails alone
                directory=asked.directory,
                name=None if asked.names is None else self._name,
                metadata=params["metadata"],
                concurrency=params["at_once"],
                ambiguous=params["ambiguous"],
                **{name: params[name] for name in limits},
            ) as outcomes:
                self._end_gently(outcomes)
                self._records = Records(asked.directory)
                try:
                    async for outcome in outcomes:
                        self._came(outcome, self._records)
                        watch.update(outcomes.progress)
                finally:
                    self._progress = outcomes.progress
            self._progress = outcomes.progress

    @contextmanager
    def _warnings(self) -> Generator[None]:
        """Pictures that could not be told how they were made are lines like all others.

        A server that signs its pictures would fill the terminal with them.
        """
        told = count(1)

        def tell(message: Warning | str, *_: object) -> None:
            number = next(told) if isinstance(message, MetadataWarning) else 0
            if number <= _MOST_TOLD:
                self._terminal.note(str(message))
            elif number == _MOST_TOLD + 1:
                words = "further pictures have no metadata in them, for these or other reasons"
                self._terminal.note(words)

        with warnings.catch_warnings():
            warnings.simplefilter("always", MetadataWarning)
            warnings.showwarning = tell  # type: ignore[assignment]  # more than it may be given
            yield

    def _name(self, key: str, job: Mapping[str, Any]) -> str:
        return dry_run.name_of(self._asked, key, job)

    def _came(self, outcome: Outcome[Any], kept: Records) -> None:
        unsaved = records.unsaved(outcome)
        urls = [image.url for image in unsaved if image.url is not None]
        rescued = [
            destinations.rescue(image.read(), of_key(outcome.key))
            for image in unsaved
            if image.url is None
        ]
        files = [file for file in rescued if file]
        row = records.record(outcome, self._asked.directory, urls, files)
        error = records.error_of(outcome)
        if error is not None:
            self._first = self._first or error
            self._told += 1
            # What is in no table is told in any case.
            if self._told <= _MOST_TOLD or rescued:
                first, *others = _failures.words(error)
                places = ", ".join([*urls, *files])
                found = [f"what came is kept at {places}"] if places else []
                lost = ["a picture is lost: there was no place to keep it"] if "" in rescued else []
                self._terminal.note(f"error: {row['key']}: {first}", "red")
                for line in (*others, *found, *lost):
                    self._terminal.note(line, "red")
            elif self._told == _MOST_TOLD + 1:
                self._terminal.note(f"further errors are in {self._asked.directory / FAILURES}")
        try:
            kept.add(outcome, row)
            if self._params["as_json"]:
                self._terminal.record(row)
        except OSError as unwritten:  # what else comes is paid for, and has to be kept
            self._unwritten = self._unwritten or unwritten

    def _end_gently(self, outcomes: AsyncRun[Any]) -> None:
        """The first signal begins no further job; the second ends the process as Ctrl-C does."""

        def end() -> None:
            self._terminal.note(
                "interrupted: waiting for what is in flight; once more stops at once"
            )
            outcomes.stop("it was interrupted")

        self._signals.gently(end)

    def _finish(self, kept: Records, *, is_ended: bool) -> None:
        """Puts the tables in their places: a table of failures that was not read whole stays."""
        place = self._asked.directory / FAILURES
        seen = self._progress
        try:
            is_whole = is_ended and seen is not None and seen.stopped is None
            is_told = is_whole and not (kept.unread or (seen and (seen.skipped or seen.elsewhere)))
            is_kept = not is_told and is_same_file(self._params["table"], place)
            if is_kept:
                self._terminal.note(f"{place} stays as it was: it has rows of which nothing came")
            kept.finish(keeps=FAILURES if is_kept else None)
        except OSError as error:
            self._unwritten = self._unwritten or error
        finally:
            kept.discard()

    def _report(self, *, is_ended: bool) -> int:
        """Says what came of it; the exit status."""
        seen, total = self._progress, self._asked.total
        is_short = False
        if seen is not None:
            self._terminal.note(progress.words(seen, total))
            if seen.stopped is not None:
                is_short = True
                left = "" if total is None else f", {total - seen.jobs:,} rows are left"
                self._terminal.note(f"stopped: {seen.stopped}{left}; the same command goes on")
            if seen.ambiguous:
                words = "what is ambiguous may be paid for: --ambiguous retry sends it again"
                self._terminal.note(words)
        if self._records is not None and self._records.failures:
            place = self._asked.directory / FAILURES
            self._terminal.note(
                f"{place} has what is not done ({self._records.failures:,}): mend it, and give it "
                "as the table, with the same options"
            )
        state: Mapping[str, Any] = click.get_current_context().find_root().obj
        if state.get("debug") and self._first is not None:
            self._terminal.trace(self._first)
        for line in [] if self._unwritten is None else _failures.words(self._unwritten):
            self._terminal.note(f"error: {line}", "red")
        if self._signals.number or not is_ended:
            return 128 + (self._signals.number or signal.SIGINT)
        if (error := self._first or self._unwritten) is not None:
            return _failures.status(error)
        return int(is_short or bool(seen and (seen.skipped or seen.elsewhere)))
