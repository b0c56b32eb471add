"""Writes `generated/friendli_api` from `openapi/`, whole or not at all."""

import filecmp
import hashlib
import importlib.metadata
import itertools
import json
import os
import subprocess
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.contract import yaml_documents
from scripts.contract.documents import ContractError, Json, operations
from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT, facts, load, text_of
from scripts.generation import installation, repairs, rules
from scripts.generation.installation import PACKAGE
from scripts.generation.python import mending

SETTINGS = Path("openapi/generator.yaml")
COMMAND = "scripts/generate"
LOCK = "lock.json"
MERGED = "openapi.json"
_TOOLS = ("openapi-python-client", "ruff")


def generate(root: Path = ROOT) -> None:
    """Replaces `generated/friendli_api` below `root`; raises ContractError and changes nothing.

    The contract below `root` comes into canonical form with it.
    """
    with installation.staging(root) as building:
        staged = building / "new"
        texts = inputs(root)
        write(load(root), texts, staged / PACKAGE.name)
        (staged / DOCUMENT.name).write_text(texts[DOCUMENT], encoding="utf-8")
        installation.install(root, staged)


def differences(root: Path = ROOT) -> list[str]:
    """The files below `root` that are not what the contract yields."""
    installation.recover(root)
    with tempfile.TemporaryDirectory() as building:
        fresh = Path(building) / PACKAGE.name
        build(root, fresh)
        names = installation.files(fresh) | installation.files(root / PACKAGE)
        _, different, missing = filecmp.cmpfiles(fresh, root / PACKAGE, names, shallow=False)
        stale = [str(PACKAGE / name) for name in {*different, *missing}]
    if inputs(root)[DOCUMENT] != (root / DOCUMENT).read_text(encoding="utf-8"):
        stale.append(str(DOCUMENT))
    return sorted(stale)


def build(root: Path, package: Path) -> None:
    """Writes the package of the contract below `root` to the new directory `package`."""
    write(load(root), inputs(root), package)


def inputs(root: Path) -> dict[Path, str]:
    """The texts that a package is made of, that of the contract in canonical form."""
    contract = yaml_documents.dump(facts(root))
    lines = (root / DOCUMENT).read_text(encoding="utf-8").splitlines(keepends=True)
    header = itertools.takewhile(lambda line: line.startswith("#"), lines)
    return {
        DOCUMENT: "".join(header) + contract,
        **{path: text_of(root / path) for path in (OVERLAY, SETTINGS)},
    }


def write(document: Json, texts: Mapping[Path, str], package: Path) -> None:
    """Writes the package of a merged document, which was made of `texts`, to `package`."""
    rules_source = usable_rules(document)
    package.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=package.parent, prefix=".document-") as scratch:
        merged, settings = Path(scratch) / MERGED, Path(scratch) / SETTINGS.name
        merged.write_text(_text(readable(document)), encoding="utf-8")
        settings.write_text(texts[SETTINGS], encoding="utf-8")
        _run_generator(merged, settings, package)
        _refuse_idle_overrides(merged, settings)
    mending.mend(package)
    (package / MERGED).write_text(_text(document), encoding="utf-8")
    (package / "rules.py").write_text(rules_source, encoding="utf-8")
    (package / "py.typed").touch()
    _run([_tool("ruff"), "format", "--isolated", str(package / "rules.py")], cwd=package)
    lock = {
        "command": COMMAND,
        "tools": {name: importlib.metadata.version(name) for name in _TOOLS},
        "inputs": {
            str(path): hashlib.sha256(texts[path].encode()).hexdigest()
            for path in (DOCUMENT, OVERLAY, SETTINGS)
        },
    }
    (package / LOCK).write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def usable_rules(document: Json) -> str:
    """The text of `rules.py`; raises ContractError for what no package can be made of."""
    for action in repairs.of(document):
        raise ContractError(f"{OVERLAY}: lacks a repair, add the action {json.dumps(action)}")
    return rules.source(document)


def _text(document: Json) -> str:
    # Never sorted: the generator's output follows the order of keys.
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def readable(document: Json) -> Json:
    """The document with streams as text: a schema there is that of one event, not of the whole."""
    document = json.loads(json.dumps(document))
    for *_, operation in operations(document):
        for response in operation.get("responses", {}).values():
            for media_type, media in response.get("content", {}).items():
                if media_type.startswith("text/"):
                    media["schema"] = {"type": "string"}
    return document


class _Overrides(dict[str, Any]):
    """Class overrides that know which of them were looked up."""

    def __init__(self, overrides: Mapping[str, Any]) -> None:
        super().__init__(overrides)
        self.idle = set(overrides)

    def get(self, key: str, default: Any = None) -> Any:
        self.idle.discard(key)
        return super().get(key, default)


def _refuse_idle_overrides(document: Path, settings: Path) -> None:
    """Raises ContractError where the settings rename a class that there is not."""
    # It takes a second to import, which `--check` on a broken contract need not.
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData

    config = Config.from_sources(
        ConfigFile.load_from_path(settings), MetaType.NONE, document, "utf-8", False, None
    )
    config.class_overrides = overrides = _Overrides(config.class_overrides)
    GeneratorData.from_dict(json.loads(document.read_text(encoding="utf-8")), config=config)
    if overrides.idle:
        names = ", ".join(sorted(overrides.idle))
        raise ContractError(f"{SETTINGS}: class_overrides has {names}, and no class is called so")


def _run_generator(document: Path, settings: Path, package: Path) -> None:
    arguments = ["--path", str(document), "--config", str(settings), "--meta", "none"]
    arguments += ["--output-path", str(package), "--fail-on-warning"]
    output = _run([_tool("openapi-python-client"), "generate", *arguments], cwd=package.parent)
    # On success it says what it writes, and nothing else.
    spoken = [line for line in output.splitlines() if not line.startswith("Generating ")]
    if any(line.strip() for line in spoken):
        raise ContractError("openapi-python-client warns:\n" + "\n".join(spoken))


def _run(command: list[str], cwd: Path) -> str:
    """What a tool of this environment prints; its post hooks find ruff on the path."""
    scripts = sysconfig.get_path("scripts")
    # A wide terminal, or the tool's messages would break mid-word.
    surroundings = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    surroundings |= {"COLUMNS": "200", "NO_COLOR": "1", "RUFF_NO_CACHE": "true"}
    # Whatever Python was told of this process, or of its locale.
    surroundings |= {"PYTHONUTF8": "1", "PYTHONOPTIMIZE": ""}
    done = subprocess.run(
        command, cwd=cwd, env=surroundings, encoding="utf-8", capture_output=True, check=False
    )
    if done.returncode:
        raise ContractError(f"{Path(command[0]).name} fails:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout + done.stderr if "generate" in command else done.stdout


def _tool(name: str) -> str:
    return str(Path(sysconfig.get_path("scripts")) / name)
