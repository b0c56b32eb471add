"""The contract: Friendli's facts with our overlay applied, checked before anything uses it."""

from pathlib import Path

from scripts.contract import canonical_form, overlay, yaml_documents
from scripts.contract.documents import ContractError, Json
from scripts.contract.validation import explained, validate

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = Path("openapi/friendli-images.yaml")
OVERLAY = Path("openapi/overlay.yaml")


def load(root: Path) -> Json:
    """The merged contract below `root`, in canonical form; raises ContractError."""
    try:
        merged = overlay.apply(facts(root), read(root / OVERLAY))
    except overlay.OverlayError as error:
        raise ContractError(f"{OVERLAY}: {error}") from error
    with explained(merged):
        merged = canonical_form.of(merged)
    validate(merged)
    return merged


def facts(root: Path) -> Json:
    """The contract below `root` before the overlay, in canonical form; raises ContractError."""
    document = read(root / DOCUMENT)
    with explained(document):
        return canonical_form.of(document)


def wider(root: Path) -> list[str]:
    """The overlay's actions that fit more places than they know of."""
    return overlay.apply_what_fits(facts(root), read(root / OVERLAY)).wider


def read(path: Path) -> Json:
    """A YAML file that holds an object; raises ContractError."""
    try:
        return yaml_documents.parse(text_of(path))
    except ValueError as error:
        raise ContractError(f"{path}: {error}") from error


def text_of(path: Path) -> str:
    """The text of a file; raises ContractError."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContractError(f"{path}: cannot be read as YAML: {error}") from error
    except OSError as error:
        raise ContractError(f"{path}: {error}") from error
