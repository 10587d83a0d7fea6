"""The tree keeps its habits, and each check sees a tree that does not."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import empty_names, migration_faults, strangers_at_the_top, too_long

_ROOT = Path(__file__).resolve().parents[2]
_MIGRATIONS = _ROOT / "ccezone" / "storage" / "migrations"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "ccezone").mkdir()
    return tmp_path


def migrations(folder: Path, head: str, **revisions: str | None) -> Path:
    """A folder of migrations: name → the revision it comes after."""
    (folder / "versions").mkdir()
    (folder / "HEAD").write_text(head + "\n")
    for name, former in revisions.items():
        text = f"revision: str = {name[1:5]!r}\ndown_revision: str | None = {former!r}\n"
        (folder / "versions" / f"{name[1:]}.py").write_text(text)
    return folder


def test_the_top_level_is_a_closed_list() -> None:
    assert strangers_at_the_top(_ROOT) == set()


def test_a_stranger_at_the_top_is_seen(tree: Path) -> None:
    (tree / "scripts").mkdir()
    (tree / "scripts" / "deploy.sh").touch()
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    subprocess.run(["git", "add", "."], cwd=tree, check=True)
    assert strangers_at_the_top(tree) == {"scripts"}


def test_files_and_functions_stay_short() -> None:
    assert too_long(_ROOT) == []


def test_a_long_file_and_a_long_function_are_seen(tree: Path) -> None:
    (tree / "ccezone" / "a.py").write_text("x = 1\n" * 301)
    (tree / "ccezone" / "b.py").write_text("def f():\n" + "    x = 1\n" * 40)
    assert too_long(tree) == ["ccezone/a.py: 301 lines", "ccezone/b.py:1: f: 41 lines"]


def test_names_say_something() -> None:
    assert empty_names(_ROOT) == []


def test_names_that_say_nothing_are_seen(tree: Path) -> None:
    (tree / "ccezone" / "tax_utils.py").write_text("class TaxManager: ...\ndef process_data(): ...\n")
    assert empty_names(tree) == [
        "ccezone/tax_utils.py",
        "ccezone/tax_utils.py:1: TaxManager",
        "ccezone/tax_utils.py:2: process_data",
    ]


def test_migrations_are_numbered_and_their_head_is_pinned() -> None:
    assert migration_faults(_MIGRATIONS) == []


def test_good_migrations_have_no_faults(tmp_path: Path) -> None:
    assert migration_faults(migrations(tmp_path, "0002", _0001_first=None, _0002_second="0001")) == []


@pytest.mark.parametrize(
    ("head", "revisions", "fault"),
    [
        ("0001", {"_0001_first": None, "_0002_second": "0001"}, "HEAD says 0001"),
        ("0003", {"_0001_first": None, "_0003_third": "0002"}, "the numbers are"),
        ("0002", {"_0001_first": None, "_0002_second": None}, "0002_second.py declares"),
        ("0002", {"_0001_first": None, "_0002_Bad": "0001"}, "is not named"),
    ],
)
def test_faulty_migrations_are_seen(tmp_path: Path, head: str, revisions: dict[str, str | None], fault: str) -> None:
    assert any(fault in line for line in migration_faults(migrations(tmp_path, head, **revisions)))
