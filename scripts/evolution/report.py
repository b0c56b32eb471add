"""What a new document of upstream's changes, for people and for programs."""

import json
from collections.abc import Iterator, Sequence

import attrs

from scripts.contract.fetching import Upstream
from scripts.contract.plain_text import printable
from scripts.evolution.severity import Change, version_step

_MEANINGS = ("breaking for requests", "breaking for responses", "compatible")


@attrs.frozen
class Report:
    """The changes for callers, and those that the overlay keeps from them.

    `behind` is whether the vendored contract differs from the slice of upstream's document, and
    `obstacles` are what must be done before it can follow: stale overlay actions, mostly.
    """

    upstream: Upstream
    behind: bool
    changes: Sequence[Change] = ()
    hidden: Sequence[Change] = ()
    obstacles: Sequence[str] = ()

    @property
    def version(self) -> str | None:
        """The part of the version that must be raised."""
        return version_step(self.changes) if self.behind else None

    def markdown(self) -> str:
        """The report for people."""
        return "\n".join(map(printable, self._lines())) + "\n"

    def json(self) -> str:
        """The report for programs."""
        content = {
            "source": self.upstream.source,
            "commit": self.upstream.commit,
            "sha256": self.upstream.sha256,
            "behind": self.behind,
            "version": self.version,
            "changes": [attrs.asdict(change) for change in self.changes],
            "hidden": [attrs.asdict(change) for change in self.hidden],
            "obstacles": list(self.obstacles),
        }
        return json.dumps(content, indent=2) + "\n"

    def _lines(self) -> Iterator[str]:
        upstream = f"{self.upstream.source} (sha256 {self.upstream.sha256[:12]})"
        if not self.behind:
            yield f"The contract agrees with {upstream}: at most prose has changed."
            return
        yield f"# The contract according to {upstream}"
        yield ""
        yield f"Version step: {self.version}"
        for meaning in _MEANINGS:
            chosen = [change for change in self.changes if change.meaning == meaning]
            yield from _section(meaning.capitalize(), map(_line, chosen))
        if not self.changes:
            yield from _section("Compatible", ["Callers see no change."])
        title = "Kept from callers by the overlay: check that it is still right"
        yield from _section(title, (_line(change, facade=False) for change in self.hidden))
        title = "To be done first: until then nothing is written"
        yield from _section(title, (f"- {obstacle}" for obstacle in self.obstacles))


def _section(title: str, lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", f"## {title}", "", *found)


def _line(change: Change, *, facade: bool = True) -> str:
    where = ", ".join(name for name in change.operations if name != change.place)
    line = f"- `{change.place}`{f' ({where})' if where else ''}: {change.words}"
    return f"{line}. Facade: {change.facade}." if facade else f"{line}."
