"""Brings the contract up to upstream's document, and says what that means for callers."""

import argparse
import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import attrs

from scripts import (
    changes,
    contract,
    documents,
    generation,
    installation,
    overlay,
    reference,
    repairs,
    rules,
    slices,
)
from scripts.contract import DOCUMENT, OVERLAY, ROOT, ContractError, Json
from scripts.generation import SETTINGS
from scripts.report import Report
from scripts.sources import FRIENDLI, Upstream, fetch

COMMAND = "scripts/sync"
_IMAGES_TITLE = "The image operations of Friendli's API"


@attrs.frozen
class Update:
    """A slice of upstream's document, with all that follows from it for the tree at `root`."""

    root: Path
    tags: Sequence[str]
    document: Json
    overlay: Json
    merged: Json
    report: Report

    def write(self) -> None:
        """Puts contract and generated package in place; raises ContractError, changing nothing."""
        self.root.mkdir(parents=True, exist_ok=True)
        with installation.staging(self.root) as building:
            tree = building / "tree"
            (tree / OVERLAY.parent).mkdir(parents=True)
            for path, text in self._inputs().items():
                (tree / path).write_text(text, encoding="utf-8")
            staged = building / "new"
            generation.write(self.merged, tree, staged / installation.PACKAGE.name)
            (self.root / OVERLAY.parent).mkdir(exist_ok=True)
            for path in (OVERLAY, SETTINGS):
                if not (self.root / path).exists():
                    shutil.copy(tree / path, self.root / path)
            shutil.copy(tree / DOCUMENT, staged / DOCUMENT.name)
            installation.install(self.root, staged)

    def _inputs(self) -> dict[Path, str]:
        """The files that the package is generated from; the tree's own, where it has them."""
        settings = self.root if (self.root / SETTINGS).exists() else ROOT
        own = self.root / OVERLAY
        return {
            DOCUMENT: _header(self.report.upstream, self.tags) + documents.dump(self.document),
            OVERLAY: own.read_text("utf-8") if own.exists() else documents.dump(self.overlay),
            SETTINGS: (settings / SETTINGS).read_text(encoding="utf-8"),
        }


def prepare(upstream: Upstream, root: Path = ROOT, tags: Sequence[str] | None = None) -> Update:
    """What upstream's document changes at `root`; raises ContractError, and writes nothing.

    `tags` choose the operations; all of them where it is empty, the images' where it is None.
    """
    try:
        whole = documents.parse(upstream.text)
    except ValueError as error:
        raise ContractError(f"{upstream.source}: {error}") from error
    chosen: Sequence[str] = slices.IMAGES
    if tags is not None:
        known_tags = slices.tags(whole)
        chosen = tags or known_tags
        for tag in chosen:
            if tag not in known_tags:
                raise ContractError(f"{upstream.source}: has no operation tagged {tag}")
    document = slices.cut(whole, chosen)
    own = root / OVERLAY
    actions = contract.read(own) if own.exists() else repairs.overlay(document)
    try:
        merged, stale = overlay.apply_what_fits(document, actions)
    except overlay.OverlayError as error:
        raise ContractError(f"{OVERLAY}: {error}") from error
    known = contract.read(root / DOCUMENT) if (root / DOCUMENT).exists() else {}
    if _facts(known) == _facts(document):
        return Update(root, chosen, document, actions, merged, Report(upstream, behind=False))
    if known or stale:
        contract.validate(document)
    obstacles = [str(error) for error in stale] or _problems(merged, document)
    seen = changes.compare(_generated_from(root, known, actions), merged)
    hidden = [change for change in changes.compare(known, document) if change not in seen]
    report = Report(upstream, True, seen, hidden, obstacles)
    return Update(root, chosen, document, actions, merged, report)


def _facts(document: Json) -> str:
    """All but titles and the like; as text, since what is generated follows the order of keys."""
    return json.dumps({**document, "info": None, "tags": None})


def _problems(merged: Json, document: Json) -> list[str]:
    """What keeps the merged contract from use; raises ContractError where it is upstream's."""
    found = list(contract.problems(merged))
    if found:
        contract.validate(document)
        return found
    try:
        rules.source(merged)
    except ContractError as error:
        return [str(error)]
    return []


def _generated_from(root: Path, known: Json, actions: Json) -> Json:
    """The document that callers have, which is not ours if the overlay was changed since."""
    path = root / installation.PACKAGE / generation.MERGED
    if path.exists():
        return contract.read(path)
    return overlay.apply_what_fits(known, actions)[0] if known else {}


def _header(upstream: Upstream, tags: Sequence[str]) -> str:
    title = f"Operations of Friendli's API tagged {', '.join(tags)}"
    title = _IMAGES_TITLE if tuple(tags) == slices.IMAGES else title
    lines = [
        f"{title}: paths, fields, types, enums, defaults, security.",
        "Facts only; descriptions, ranges and repairs stand in overlay.yaml.",
        f"source: {''.join(c if c.isprintable() else '?' for c in upstream.source)}",
        f"commit: {upstream.commit or 'unknown'}",
        f"sha256: {upstream.sha256}",
    ]
    return "".join(f"# {line}\n" for line in lines)


def main(arguments: list[str] | None = None) -> int:
    """The command line of `scripts/sync`."""
    options = _parser().parse_args(arguments)
    root: Path = options.output or ROOT
    tags: list[str] | None = [] if options.all_tags else options.tags
    try:
        if tags is not None and root.resolve() == ROOT:
            raise ContractError("say --output DIR: the contract here has the image operations")
        installation.recover(root)
        update = prepare(fetch(options.source, options.commit), root, tags)
    except ContractError as error:
        return _refused(error)
    report = update.report
    try:
        if report.behind and not (options.check or options.dry_run or report.obstacles):
            update.write()
            if root == ROOT:
                reference.write()
    except ContractError as error:
        report = attrs.evolve(report, obstacles=[" ".join(str(error).split())])
    print(report.json() if options.json else report.markdown(), end="")
    if report.obstacles:
        return _refused(f"nothing was written: {'; '.join(report.obstacles)}")
    return int(options.check and report.behind)


def _refused(reason: object) -> int:
    print(f"{COMMAND}: {' '.join(str(reason).split())}", file=sys.stderr)
    return 1


def _commit(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{40}", text):
        raise argparse.ArgumentTypeError("must be 40 hexadecimal digits")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument(
        "source", nargs="?", default=FRIENDLI, help=f"path or URL of the document: {FRIENDLI}"
    )
    parser.add_argument(
        "--commit", metavar="SHA", type=_commit, help="the commit that the document is of"
    )
    parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where the contract is behind"
    )
    parser.add_argument("--json", action="store_true", help="report as JSON")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--tags", nargs="+", metavar="TAG", help="other operations than the images'")
    which.add_argument("--all-tags", action="store_true", help="all operations")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="a tree of its own, with openapi/ and generated/"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
