"""The virtual environment ``.venv``, the locked packages in it, and this project itself."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ccezone.setup import system
from ccezone.setup.steps import PYTHON, ROOT, VENV, SetupFailed, Step, key_of, run, say

_REGISTRY = "Is the Python package registry reachable? Run the same make target again: it goes on where it stopped."
_BUILD = ROOT / "requirements-build.lock"
_PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "8", "--timeout", "60"]


def lock(purpose: str) -> Path:
    """The lock file of a purpose (``run`` or ``test``)."""
    return ROOT / ("requirements-dev.lock" if purpose == "test" else "requirements.lock")


def make_environment() -> None:
    """Create ``.venv`` unless a working one is there."""
    if PYTHON.exists() and _works([str(PYTHON), "-m", "pip", "--version"]):
        return
    say(f"creating {VENV.name} with Python {sys.version.split()[0]}")
    if not _works([sys.executable, "-c", "import ensurepip, venv"]):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        # Debian splits the module off; elsewhere apt says that it does not know the package.
        system.install([f"python{version}-venv"], why="Python's venv module")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", VENV], "Install Python's venv module (Debian: apt-get install python3-venv).")


def steps(purpose: str) -> list[Step]:
    """Locked packages, then the project in place."""
    wanted = lock(purpose)
    packages = key_of(sys.version, files=[wanted, _BUILD])
    project = key_of(sys.version, str(ROOT), files=[ROOT / "pyproject.toml"])
    return [
        Step(f"packages-{purpose}", f"installing Python packages of {wanted.name}", packages, lambda: _install(wanted)),
        Step("project", "installing the project in place", project, _install_project),
    ]


def install_one(name: str) -> None:
    """Install a single package at the version and hashes of the development lock."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "requirements.txt")
        part.write_text(locked_entry(name) + "\n")
        _pip_install("--require-hashes", "-r", str(part))


def locked_entry(name: str) -> str:
    """A package's entry in the development lock, hashes included. Raises ``SetupFailed`` when there is none."""
    found = re.search(rf"^{re.escape(name)}==[^\\\n]*(?:\\\n[^\\\n]*)*", lock("test").read_text(), flags=re.MULTILINE)
    if found is None:
        raise SetupFailed(f"{name} is not in {lock('test').name}")
    return found.group()


def _install(wanted: Path) -> None:
    _pip_install("--require-hashes", "-r", str(_BUILD), "-r", str(wanted))


def _install_project() -> None:
    _pip_install("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))


def _pip_install(*arguments: str) -> None:
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    run([PYTHON, *_PIP, "install", "--quiet", *arguments], _REGISTRY, environment=environment)


def _works(argv: list[str]) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0
    except OSError:  # a link to an interpreter that was removed
        return False
