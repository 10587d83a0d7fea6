"""The habits of the tree that a machine can check: what stands at the top, sizes, names, migrations."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

TOP_LEVEL = {
    "Dockerfile",
    "Makefile",
    "README.md",
    "ccezone",
    "compose.yaml",
    "docs",
    "integrations",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements-build.lock",
    "requirements-dev.lock",
    "requirements.lock",
    "schemas",
    "tests",
}
_SOURCES = ("ccezone", "schemas", "integrations", "tests")
_FILE_LINES, _FUNCTION_LINES = 300, 40
_EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|process_data)(_|$)")
_MIGRATION = re.compile(r"(\d{4})_[a-z0-9_]+\.py")


def tracked(root: Path) -> list[Path]:
    """Files that git knows, relative to the checkout."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    return [Path(name) for name in done.stdout.split("\0") if name and (root / name).exists()]


def strangers_at_the_top(root: Path) -> set[str]:
    """What stands at the top and is on no list; dotfiles may."""
    return {path.parts[0] for path in tracked(root) if not path.parts[0].startswith(".")} - TOP_LEVEL


def python_files(root: Path) -> Iterator[Path]:
    """Our modules, without the migrations: those are history."""
    for source in _SOURCES:
        for path in sorted((root / source).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


def too_long(root: Path) -> list[str]:
    """Files and functions beyond their limits, each with its length. Table-like test data counts as well."""
    found = []
    for path in python_files(root):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root)
        if (lines := text.count("\n")) > _FILE_LINES:
            found.append(f"{name}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > _FUNCTION_LINES:
                    found.append(f"{name}:{node.lineno}: {node.name}: {length} lines")
    return found


def empty_names(root: Path) -> list[str]:
    """Modules, classes and functions whose names say nothing."""
    found = []
    for path in python_files(root):
        if _EMPTY_NAMES.search(path.stem.lower()) or _EMPTY_NAMES.search(path.parent.name.lower()):
            found.append(str(path.relative_to(root)))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower()
                if _EMPTY_NAMES.search(words):
                    found.append(f"{path.relative_to(root)}:{node.lineno}: {node.name}")
    return found


def migration_faults(folder: Path) -> list[str]:
    """What is wrong with the migrations of a folder: gaps in their numbers, names, revisions, the pinned head."""
    files = sorted(path.name for path in (folder / "versions").glob("*.py") if path.name != "__init__.py")
    faults = [f"{name} is not named NNNN_words.py" for name in files if not _MIGRATION.fullmatch(name)]
    numbers = [name.partition("_")[0] for name in files]
    expected = [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    if numbers != expected:
        faults.append(f"the numbers are {numbers}, not {expected}")
    for number, name in zip(numbers, files, strict=True):
        former = f"{int(number) - 1:04d}" if number.isdigit() and int(number) > 1 else None
        declared = _declared(folder / "versions" / name)
        if declared != {"revision": number, "down_revision": former}:
            faults.append(f"{name} declares {declared}, not revision {number} after {former}")
    head = (folder / "HEAD").read_text().strip()
    if head != (numbers[-1] if numbers else ""):
        faults.append(f"HEAD says {head}, the newest migration is {numbers[-1:]}")
    return faults


def _declared(path: Path) -> dict[str, object]:
    """The literal ``revision`` and ``down_revision`` of a migration."""
    declared: dict[str, object] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id in ("revision", "down_revision") and isinstance(value, ast.Constant):
            declared[target.id] = value.value
    return declared
