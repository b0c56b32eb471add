"""Writes `generated/friendli_api` from `openapi/`, whole or not at all."""

import filecmp
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from scripts.contract.documents import ContractError, Json, operations
from scripts.contract.loading import DOCUMENT, OVERLAY, ROOT, load
from scripts.generation import installation, rules
from scripts.generation.installation import PACKAGE

SETTINGS = Path("openapi/generator.yaml")
COMMAND = "scripts/generate"
LOCK = "lock.json"
MERGED = "openapi.json"
_TOOLS = ("openapi-python-client", "ruff")


def generate(root: Path = ROOT) -> None:
    """Replaces `generated/friendli_api` below `root`; raises ContractError and changes nothing."""
    with installation.staging(root) as building:
        staged = building / "new"
        build(root, staged / PACKAGE.name)
        installation.install(root, staged)


def differences(root: Path = ROOT) -> list[str]:
    """The files of `generated/friendli_api` that are not what the contract yields."""
    installation.recover(root)
    with tempfile.TemporaryDirectory() as building:
        fresh = Path(building) / PACKAGE.name
        build(root, fresh)
        names = installation.files(fresh) | installation.files(root / PACKAGE)
        _, different, missing = filecmp.cmpfiles(fresh, root / PACKAGE, names, shallow=False)
        return sorted(str(PACKAGE / name) for name in {*different, *missing})


def build(root: Path, package: Path) -> None:
    """Writes the package of the contract below `root` to the new directory `package`."""
    write(load(root), root, package)


def write(document: Json, root: Path, package: Path) -> None:
    """Writes the package of a merged document, whose inputs lie below `root`, to `package`."""
    rules_source = rules.source(document)
    package.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=package.parent, prefix=".document-") as scratch:
        path = Path(scratch) / MERGED
        path.write_text(_text(_readable(document)), encoding="utf-8")
        _run_generator(path, root / SETTINGS, package)
    (package / MERGED).write_text(_text(document), encoding="utf-8")
    (package / "rules.py").write_text(rules_source, encoding="utf-8")
    (package / "py.typed").touch()
    _run([_tool("ruff"), "format", "--isolated", str(package / "rules.py")], cwd=package)
    (package / LOCK).write_text(json.dumps(lock(root), indent=2) + "\n", encoding="utf-8")


def lock(root: Path) -> Json:
    """What the generated package was made of: command, tools, and hashes of the inputs."""
    return {
        "command": COMMAND,
        "tools": {name: importlib.metadata.version(name) for name in _TOOLS},
        "inputs": {
            str(path): hashlib.sha256((root / path).read_bytes()).hexdigest()
            for path in (DOCUMENT, OVERLAY, SETTINGS)
        },
    }


def _text(document: Json) -> str:
    # Never sorted: the generator's output follows the order of keys.
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _readable(document: Json) -> Json:
    """The document with streams as text: a schema there is that of one event, not of the whole."""
    document = json.loads(json.dumps(document))
    for *_, operation in operations(document):
        for response in operation.get("responses", {}).values():
            for media_type, media in response.get("content", {}).items():
                if media_type.startswith("text/"):
                    media["schema"] = {"type": "string"}
    return document


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
    done = subprocess.run(
        command, cwd=cwd, env=surroundings, text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise ContractError(f"{Path(command[0]).name} fails:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout + done.stderr if "generate" in command else done.stdout


def _tool(name: str) -> str:
    return str(Path(sysconfig.get_path("scripts")) / name)
