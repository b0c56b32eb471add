"""What a build adds: no stale package gets through, and the links of the README are absolute."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

LOCK = Path("generated/friendli_api/lock.json")


class LockHook(BuildHookInterface[BuilderConfig]):
    """Compares hashes alone, so that an installation needs no generator."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Raises RuntimeError for a contract that was changed and not generated from."""
        root = Path(self.root)
        # An editable installation is how one gets at scripts/generate in the first place, and
        # where there is no openapi/ there is nothing to be stale.
        if version == "editable" or not (root / "openapi").is_dir():
            return
        changed = stale(root)
        if changed:
            names = ", ".join(changed)
            raise RuntimeError(
                f"generated/friendli_api was not made of this {names}: run scripts/generate, "
                "and commit what it writes"
            )


class ReadmeHook(MetadataHookInterface):
    """Gives the distribution the README, whose links lead somewhere from an index's page too."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Adds the `readme`."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        pages = f"{metadata['urls']['Homepage']}/blob/main/"
        absolute = re.sub(r"\]\((?!https?:|#)", f"]({pages}", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute}


def stale(root: Path) -> list[str]:
    """The inputs below `root` that are not those which the lock names."""
    if not (root / LOCK).is_file():
        return ["openapi/"]
    inputs: dict[str, str] = json.loads((root / LOCK).read_text(encoding="utf-8"))["inputs"]
    return [name for name, locked in inputs.items() if _hash(root / name) != locked]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
