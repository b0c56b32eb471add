"""What a new document of upstream's makes of the contract, and putting that in place."""

import json
from collections.abc import Sequence
from pathlib import Path

import attrs

from scripts.contract import canonical_form, loading, overlay, slices, yaml_documents
from scripts.contract.documents import ContractError, Json, shaped
from scripts.contract.fetching import Upstream
from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT
from scripts.contract.validation import explained, problems, validate
from scripts.evolution import compare_contracts, overlay_repairs
from scripts.evolution.report import Report
from scripts.generation import installation, package
from scripts.generation.package import SETTINGS

_IMAGES_TITLE = "The image operations of Friendli's API"
_WHOLE_TITLE = "All operations of Friendli's API"


@attrs.frozen
class Update:
    """A slice of upstream's document, with all that follows from it for the tree at `root`."""

    root: Path
    tags: Sequence[str] | None
    document: Json
    overlay: Json
    merged: Json
    report: Report

    def write(self) -> None:
        """Puts contract and generated package in place; raises ContractError, changing nothing."""
        self.root.mkdir(parents=True, exist_ok=True)
        with installation.staging(self.root) as building:
            staged, texts = building / "new", self._inputs()
            package.write(self.merged, texts, staged / installation.PACKAGE.name)
            (self.root / OVERLAY.parent).mkdir(exist_ok=True)
            for path in (OVERLAY, SETTINGS):
                if not (self.root / path).exists():
                    (self.root / path).write_text(texts[path], encoding="utf-8")
            (staged / DOCUMENT.name).write_text(texts[DOCUMENT], encoding="utf-8")
            installation.install(self.root, staged)

    def _inputs(self) -> dict[Path, str]:
        """The texts that the package is generated from; the tree's own, where it has them."""
        settings = self.root if (self.root / SETTINGS).exists() else ROOT
        own = self.root / OVERLAY
        return {
            DOCUMENT: _header(self.report.upstream, self.tags) + yaml_documents.dump(self.document),
            OVERLAY: own.read_text("utf-8") if own.exists() else yaml_documents.dump(self.overlay),
            SETTINGS: (settings / SETTINGS).read_text(encoding="utf-8"),
        }


def prepare(
    upstream: Upstream, root: Path = ROOT, tags: Sequence[str] | None = slices.IMAGES
) -> Update:
    """What upstream's document changes at `root`; raises ContractError, and writes nothing.

    `tags` choose the operations; all of them where it is None.
    """
    try:
        whole = yaml_documents.parse(upstream.text)
    except ValueError as error:
        raise ContractError(f"{upstream.source}: {error}") from error
    known_tags = slices.tags(whole)
    for tag in tags or ():
        # One of the images' that is gone shows in the report, as its operations.
        if tag not in known_tags and tags != slices.IMAGES:
            raise ContractError(f"{upstream.source}: has no operation tagged {tag}")
    document = slices.cut(whole, tags)
    own = root / OVERLAY
    actions = loading.read(own) if own.exists() else overlay_repairs.overlay(document)
    try:
        applied = overlay.apply_what_fits(document, actions)
    except overlay.OverlayError as error:
        raise ContractError(f"{OVERLAY}: {error}") from error
    with explained(applied.document):
        merged = canonical_form.of(applied.document)
    known = loading.facts(root) if (root / DOCUMENT).exists() else {}
    if _facts(known) == _facts(document):
        return Update(root, tags, document, actions, merged, Report(upstream, behind=False))
    if known or applied.stale:
        validate(document)
    obstacles = [str(error) for error in applied.stale] or _problems(merged, document)
    # What the overlay writes may have no shape that could be compared.
    with explained(merged), shaped():
        seen = compare_contracts.compare(_generated_from(root, known, actions), merged)
    hidden = [change for change in compare_contracts.compare(known, document) if change not in seen]
    report = Report(upstream, True, seen, hidden, obstacles)
    return Update(root, tags, document, actions, merged, report)


def _facts(document: Json) -> str:
    """All but titles and the like."""
    return json.dumps({**document, "info": None, "tags": None})


def _problems(merged: Json, document: Json) -> list[str]:
    """What keeps the merged contract from use; raises ContractError where it is upstream's."""
    found = list(problems(merged))
    if found:
        validate(document)
        return found
    try:
        package.usable_rules(merged)
    except ContractError as error:
        return [str(error)]
    return []


def _generated_from(root: Path, known: Json, actions: Json) -> Json:
    """The document that callers have, which is not ours if the overlay was changed since."""
    path = root / installation.PACKAGE / package.MERGED
    if path.exists():
        return canonical_form.of(loading.read(path))
    return canonical_form.of(overlay.apply_what_fits(known, actions).document) if known else {}


def _header(upstream: Upstream, tags: Sequence[str] | None) -> str:
    title = f"Operations of Friendli's API tagged {', '.join(tags)}" if tags else _WHOLE_TITLE
    title = _IMAGES_TITLE if tags == slices.IMAGES else title
    lines = [
        f"{title}: paths, fields, types, enums, defaults, security.",
        "Facts only; descriptions, ranges and repairs stand in overlay.yaml.",
        f"source: {''.join(c if c.isprintable() else '?' for c in upstream.source)}",
        f"commit: {upstream.commit or 'unknown'}",
        f"sha256: {upstream.sha256}",
    ]
    return "".join(f"# {line}\n" for line in lines)
