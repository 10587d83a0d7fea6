"""Every direction of the architecture is held: a planted violation of each is seen by ``lint-imports``."""

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("ccezone", "schemas", "integrations", "tests/architecture")


@dataclass(frozen=True)
class Violation:
    """An import that must not be: ``module`` says ``line``; the contract's report shows ``shown``."""

    contract: str
    module: str
    line: str
    shown: str

    def __str__(self) -> str:
        return f"{self.contract}: {self.module}: {self.line}"


_VIOLATIONS = [
    Violation("layers", "ccezone.bills.planted", "import ccezone.matching", "ccezone.bills.planted -> ccezone.matching"),
    Violation("layers", "ccezone.storage.planted", "import ccezone.outbox", "ccezone.storage.planted -> ccezone.outbox"),
    Violation("layers", "ccezone.web.planted", "import ccezone.bootstrap", "ccezone.web.planted -> ccezone.bootstrap"),
    Violation("layers", "ccezone.api.planted", "import ccezone.web", "ccezone.api.planted -> ccezone.web"),
    Violation("layers", "ccezone.unplaced", "", "ccezone.unplaced"),
    Violation("pure-rules", "ccezone.planted.rules", "import requests", "ccezone.planted.rules -> requests"),
    Violation("pure-rules", "ccezone.sown.rules.deep", "import ccezone.storage", "rules.deep -> ccezone.storage"),
    Violation("framework-free", "ccezone.planted.service", "import flask", "ccezone.planted.service -> flask"),
    Violation("framework-free", "ccezone.planted.queries", "import ccezone.planted.detour", "ccezone.planted.detour -> weasyprint"),
    Violation(
        "no-sql-outside", "ccezone.web.planted", "import ccezone.bills.tables", "ccezone.web.planted -> ccezone.bills.tables"
    ),
    Violation("no-sql-outside", "ccezone.worker.planted", "import sqlalchemy", "ccezone.worker.planted -> sqlalchemy"),
    Violation("no-sql-outside", "ccezone.api.planted", "import integrations", "ccezone.api.planted -> integrations"),
    Violation("adapters", "integrations.planted", "import ccezone.bills.service", "integrations.planted -> ccezone.bills.service"),
    Violation("areas-without-wires", "ccezone.planted.service", "import integrations", "ccezone.planted.service -> integrations"),
    Violation(
        "areas-without-wires", "ccezone.planted.queries", "import schemas.messages", "ccezone.planted.queries -> schemas.messages"
    ),
    Violation("shapes", "schemas.planted", "import requests", "schemas.planted -> requests"),
    Violation("shapes", "schemas.planted", "import ccezone.settings", "schemas.planted -> ccezone.settings"),
    Violation(
        "independent-judges",
        "integrations.mockservers.planted",
        "import integrations.single_window.client",
        "integrations.mockservers.planted -> integrations.single_window",
    ),
    Violation("process-keeping", "ccezone.setup.planted", "import click", "ccezone.setup.planted -> click"),
    Violation("fraud-apart", "ccezone.bench.fraud.planted", "import ccezone.risk.rules", "bench.fraud.planted -> ccezone.risk"),
    Violation("process-keeping", "ccezone.supervisor.planted", "import psycopg", "ccezone.supervisor.planted -> psycopg"),
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source, spoilt by all violations at once: reading the imports of one tree takes seconds."""
    tree = tmp_path_factory.mktemp("spoilt")
    for name in _COPIED:
        shutil.copytree(_ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "static", "*.csv"))
    shutil.copy(_ROOT / ".importlinter", tree)
    (tree / "tests" / "__init__.py").touch()
    # Something to import wrongly must exist; parts that are still to come are stood in for.
    for module in ("ccezone.bootstrap", "ccezone.web", "ccezone.bills.tables", "integrations.single_window.client"):
        plant(tree, module, "")
    plant(tree, "ccezone.planted.detour", "import weasyprint")
    for violation in _VIOLATIONS:
        plant(tree, violation.module, violation.line)
    return tree


def plant(tree: Path, module: str, line: str) -> None:
    """Add a line to a module; write it, and the packages above it, where there are none."""
    path = tree.joinpath(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    for package in path.relative_to(tree).parents:
        if package.name and not (tree / package / "__init__.py").exists():
            (tree / package / "__init__.py").touch()
    if not path.with_suffix("").is_dir():
        with path.open("a", encoding="utf-8") as handle:
            handle.write(line + "\n")


@cache
def lint(tree: Path) -> tuple[int, dict[str, str]]:
    """What is said of all contracts: the exit status, and the part of the report about each broken one, by its name."""
    program = Path(sys.executable).with_name("lint-imports")
    argv = [str(program), "--no-logo", "--cache-dir", str(tree / ".imports")]
    environment = {**os.environ, "COLUMNS": "400"}
    done = subprocess.run(argv, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    parts = re.split(r"^(.+)\n-+\n", done.stdout.partition("\nBroken contracts\n")[2], flags=re.MULTILINE)
    return done.returncode, dict(zip(parts[1::2], parts[2::2], strict=True))


def contract_names() -> dict[str, str]:
    """The title of each contract, by the name that its section has."""
    settings = ConfigParser(interpolation=None)
    settings.read(_ROOT / ".importlinter", encoding="utf-8")
    head = "importlinter:contract:"
    return {section.removeprefix(head): settings[section]["name"] for section in settings.sections() if section.startswith(head)}


@pytest.mark.parametrize("violation", _VIOLATIONS, ids=str)
def test_a_planted_violation_is_seen(tree: Path, violation: Violation) -> None:
    status, broken = lint(tree)
    assert status == 1, broken
    assert violation.shown in broken[contract_names()[violation.contract]]


def test_every_contract_has_a_planted_violation() -> None:
    assert set(contract_names()) == {violation.contract for violation in _VIOLATIONS}
