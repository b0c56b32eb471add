"""One run of `generate` or `edit`: checks, pictures as they come, and what is said in the end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import attrs
import click

from friendli_facade.cli import _failures
from friendli_facade.cli._arguments import destinations
from friendli_facade.cli._arguments.calls import Calls
from friendli_facade.cli._pictures import drawing, preflight
from friendli_facade.cli._pictures.drawing import Drawn, Job
from friendli_facade.cli._pictures.progress import Watch, watching
from friendli_facade.cli._signals import Signals
from friendli_facade.cli._terminal import Terminal, plain

if TYPE_CHECKING:
    from friendli_facade.cli._pictures.sheet import Sheet
    from friendli_facade.utils import Retry


def run(calls: Calls, params: Mapping[str, Any], positional: Sequence[str]) -> int:
    """Makes calls as the options say; the exit status.

    `positional` are the arguments that have no option, and stand in capitals in messages.
    """
    terminal = Terminal()
    requests, violations = asyncio.run(preflight.check(calls))
    broken = (_failures.violation(one, positional) for one in violations)
    if wrong := [*calls.wrong, *broken]:
        for line in wrong:
            terminal.note(f"error: {line}", "red")
        return _failures.BAD_ARGUMENTS
    if params["dry_run"]:
        for request in requests:
            _show(asyncio.run(preflight.shown(request)), terminal, as_json=params["as_json"])
        return 0
    sheet = Path(params["sheet"]) if params["sheet"] else None
    every = (*(call.place for call in calls.calls), sheet)
    places = [place for place in every if place is not None]
    destinations.prepare(places, overwrite=params["overwrite"])
    calls.connection.ask()
    return _Run(terminal, params, calls, positional).draw()


def _show(request: preflight.Request, terminal: Terminal, *, as_json: bool) -> None:
    if as_json:
        terminal.record(attrs.asdict(request))
        return
    for line in request.lines():
        terminal.line(line)


class _Run:
    """The pictures of one run, and who hears of them."""

    def __init__(
        self,
        terminal: Terminal,
        params: Mapping[str, Any],
        calls: Calls,
        positional: Sequence[str],
    ) -> None:
        self._terminal = terminal
        self._params = params
        self._calls = calls
        self._positional = positional
        self._jobs = [Job(call) for call in calls.calls]
        self._watch = Watch(None, 0)
        self._reason = ""  # of the last retry
        self._signals = Signals()
        self._saved: set[Path] = set()
        self._unwritten: OSError | None = None  # why standard output does not take what is said
        self._sheet: Sheet | None = None
        self._is_shown = params["show"] and self._can_show()

    def draw(self) -> int:
        """Draws all pictures; the exit status."""
        if self._params["sheet"]:
            from friendli_facade.cli._pictures.sheet import Sheet

            self._sheet = Sheet()
        with self._signals:
            with watching(self._terminal, len(self._jobs)) as self._watch:
                is_whole = self._signals.run(self._draw)
            status = self._report(is_interrupted=not is_whole)
            if self._sheet is not None and not self._sheet.is_empty:
                self._save_sheet(self._sheet, Path(self._params["sheet"]))
        if self._unwritten is not None and not status:
            raise self._unwritten
        return status

    def _save_sheet(self, sheet: Sheet, place: Path) -> None:
        # A picture that was renamed may have come to stand there.
        overwrite = self._params["overwrite"] and place.absolute() not in self._saved
        content = sheet.content(place.suffix)
        path, note = destinations.save_sheet(content, place, overwrite=overwrite)
        if note:
            self._terminal.note(f"{path}: {note}", "yellow")
        self._say(path)

    async def _draw(self) -> None:
        # Each of them, as Ctrl-C does: what is finished is saved.
        self._signals.gently(cast("asyncio.Task[None]", asyncio.current_task()).cancel)
        async with self._calls.connection.client() as friendli:
            await drawing.draw(
                partial(preflight.method, friendli),
                self._jobs,
                at_once=self._params["at_once"],
                saving=drawing.Saving(self._params["overwrite"], self._params["metadata"]),
                watcher=drawing.Watcher(self._drawn, self._failed, self._retried),
            )

    def _can_show(self) -> bool:
        from friendli_facade.cli._pictures import inline

        if self._terminal.screen is not None and inline.can_ask():
            return True
        self._terminal.note("--show needs a terminal with colours, and this is none")
        return False

    def _say(self, path: Path) -> None:
        if not self._params["as_json"] and self._params["output"] != "-":
            self._write(lambda: self._terminal.result(path))

    def _write(self, words: Callable[[], None]) -> None:
        """Says something of a picture, which is there even where nothing can be said."""
        try:
            words()
        except OSError as error:
            self._unwritten = error

    def _drawn(self, drawn: Drawn) -> None:
        if drawn.note:
            self._terminal.note(f"{drawn.path or '-'}: {drawn.note}", "yellow")
        if self._params["as_json"]:
            self._write(lambda: self._terminal.record(drawn.record()))
        elif drawn.path is not None:
            self._say(drawn.path)
        if drawn.path is not None:
            self._saved.add(drawn.path.absolute())
        self._watch.count()
        try:
            self._show(drawn)
        except Exception as error:  # it is saved, whatever Pillow thinks of it
            name = drawn.path or "the picture"
            self._terminal.note(
                f"{name} cannot be shown: {type(error).__name__}: {error}", "yellow"
            )

    def _show(self, drawn: Drawn) -> None:
        if self._sheet is not None:
            seed = "" if drawn.image.seed is None else f"{drawn.image.seed}: "
            caption = plain(f"{seed}{drawn.job.prompt}")
            self._sheet.add(self._jobs.index(drawn.job), drawn.image, caption)
        if self._is_shown and self._terminal.screen is not None:
            from friendli_facade.cli._pictures import inline

            with self._watch.aside():
                self._terminal.screen.print(inline.renderable(drawn.image))

    def _failed(self, _job: Job) -> None:
        self._watch.count()

    def _retried(self, retry: Retry) -> None:
        reason = _failures.words(retry.error)[0].removesuffix(f" (after {retry.attempt} attempts)")
        told = f"attempt {retry.attempt} failed alike" if reason == self._reason else reason
        self._reason = reason
        self._terminal.note(f"{told}; again in {retry.delay:.1f} s", "yellow")

    def _report(self, *, is_interrupted: bool) -> int:
        """Says what failed and what is missing; the exit status."""
        number = len(self._jobs)
        failures: dict[tuple[str, ...], list[Job]] = {}
        for job in self._jobs:
            if job.error is not None:
                told = _failures.words(job.error, self._positional)
                failures.setdefault((*told, *_kept(job)), []).append(job)
        state: Mapping[str, Any] = click.get_current_context().find_root().obj
        for (first, *others), jobs in failures.items():
            if state.get("debug") and jobs[0].error is not None:
                self._terminal.trace(jobs[0].error)
            which = f"{names(jobs, self._jobs)}: " if number > 1 else ""
            self._terminal.note(f"error: {which}{first}", "red")
            for line in others:
                self._terminal.note(line, "red")
        missing = [job for job in self._jobs if job.state != "done"]
        if missing and number > 1:
            which = names(missing, self._jobs)
            self._terminal.note(f"{len(missing)} of {number} pictures are missing: {which}")
        if is_interrupted:
            begun = [job for job in missing if job.state == "drawing"]
            which = names(begun, self._jobs) if number > 1 else "the picture"
            paid = f": {which} may have been drawn and paid for" if begun else ""
            self._terminal.note(f"interrupted{paid}")
            for job in self._jobs:
                for line in _kept(job) if job.error is None else ():
                    self._terminal.note(f"{names([job], self._jobs)}: {line}")
            return 128 + (self._signals.number or signal.SIGINT)
        errors = [job.error for job in self._jobs if job.error is not None]
        return _failures.status(errors[0]) if errors else 0


def _kept(job: Job) -> list[str]:
    """Where the pictures of a job are that were drawn, and are not where they should be."""
    found = ", ".join(place for place in job.kept if place)
    lost = ["a picture is lost: there was no place to keep it"] if "" in job.kept else []
    return [*([f"what came is kept at {found}"] if found else []), *lost]


def names(jobs: Sequence[Job], every: Sequence[Job]) -> str:
    """Jobs by what tells them apart from all others: `seeds 4..8`, or their prompts."""
    seeds = sorted({job.seed for job in jobs if job.seed is not None})
    told = f"seed{'s' * (len(seeds) > 1)} {ranges(seeds)}"
    if len({job.prompt for job in every}) == 1 and seeds:
        return told
    prompts = list(dict.fromkeys(job.prompt for job in jobs))
    shown = ", ".join(repr(prompt[:40]) for prompt in prompts[:5])
    more = f" and {len(prompts) - 5} more" if len(prompts) > 5 else ""
    return f"{shown}{more}" + (f" with {told}" if len({job.seed for job in every}) > 1 else "")


def ranges(seeds: Sequence[int]) -> str:
    """Ascending seeds as --seeds takes them: `1..3,7`."""
    parts: list[list[int]] = []
    for seed in seeds:
        if parts and seed == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], seed]
        else:
            parts.append([seed])
    return ",".join("..".join(map(str, part)) for part in parts)
