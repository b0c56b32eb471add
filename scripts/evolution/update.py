"""What a new document of upstream's makes of the contract, and putting that in place."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import attrs

from scripts.contract import loading, overlay, slices, yaml_documents
from scripts.contract.documents import ContractError, Json
from scripts.contract.fetching import Upstream
from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT
from scripts.evolution import compare_contracts, overlay_repairs
from scripts.evolution.report import Report
from scripts.generation import installation, package, rules
from scripts.generation.package import SETTINGS

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
            package.write(self.merged, tree, staged / installation.PACKAGE.name)
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
            DOCUMENT: _header(self.report.upstream, self.tags) + yaml_documents.dump(self.document),
            OVERLAY: own.read_text("utf-8") if own.exists() else yaml_documents.dump(self.overlay),
            SETTINGS: (settings / SETTINGS).read_text(encoding="utf-8"),
        }


def prepare(upstream: Upstream, root: Path = ROOT, tags: Sequence[str] | None = None) -> Update:
    """What upstream's document changes at `root`; raises ContractError, and writes nothing.

    `tags` choose the operations; all of them where it is empty, the images' where it is None.
    """
    try:
        whole = yaml_documents.parse(upstream.text)
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
    actions = loading.read(own) if own.exists() else overlay_repairs.overlay(document)
    try:
        merged, stale = overlay.apply_what_fits(document, actions)
    except overlay.OverlayError as error:
        raise ContractError(f"{OVERLAY}: {error}") from error
    known = loading.read(root / DOCUMENT) if (root / DOCUMENT).exists() else {}
    if _facts(known) == _facts(document):
        return Update(root, chosen, document, actions, merged, Report(upstream, behind=False))
    if known or stale:
        loading.validate(document)
    obstacles = [str(error) for error in stale] or _problems(merged, document)
    seen = compare_contracts.compare(_generated_from(root, known, actions), merged)
    hidden = [change for change in compare_contracts.compare(known, document) if change not in seen]
    report = Report(upstream, True, seen, hidden, obstacles)
    return Update(root, chosen, document, actions, merged, report)


def _facts(document: Json) -> str:
    """All but titles and the like; as text, since what is generated follows the order of keys."""
    return json.dumps({**document, "info": None, "tags": None})


def _problems(merged: Json, document: Json) -> list[str]:
    """What keeps the merged contract from use; raises ContractError where it is upstream's."""
    found = list(loading.problems(merged))
    if found:
        loading.validate(document)
        return found
    try:
        rules.source(merged)
    except ContractError as error:
        return [str(error)]
    return []


def _generated_from(root: Path, known: Json, actions: Json) -> Json:
    """The document that callers have, which is not ours if the overlay was changed since."""
    path = root / installation.PACKAGE / package.MERGED
    if path.exists():
        return loading.read(path)
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
