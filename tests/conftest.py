"""Fixtures every test may use: each test process has its embedded PostgreSQL and a migrated database, emptied before each test."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ccezone.accounts.service import secrets
from ccezone.setup.system import CHROMIUM, SHELL
from ccezone.storage import Database
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import upgrade
from tests.hub.behind import leave
from tests.hub.emptying import empty
from tests.hub.founding import lay_up_zone
from tests.hub.harness import Hub
from tests.hub.keeping import SharedDatabase
from tests.hub.people import CHEAP
from tests.sequences import LONG
from tests.sharing_out import Scheduling, longest_first

# How long an example takes says more of what else the machine does than of the example.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(LONG, settings.get_profile("shared machine"), max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "shared machine"))

_GARBAGE = 50_000
"""Objects after which garbage is looked for: a site that a test builds is as many, and would be gone through ten times."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first."""
    items[:] = longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    """Share the tests out by file in our own way."""
    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of sight of the garbage collector, and let it look seldom
    at the rest: it would spend a fifth of the time on what stays.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE)


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server of this test process's own."""
    folder: Path = tmp_path_factory.mktemp("postgres")
    folder.chmod(0o755)
    with EmbeddedPostgres(folder, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def database_url(database_server: EmbeddedPostgres) -> str:
    """Address of a migrated database on it, beside whose tables the zone is laid up."""
    upgrade(database_server.url)
    database = Database(database_server.url)
    lay_up_zone(database)
    database.close()
    return database_server.url


@pytest.fixture(scope="session")
def connections(database_url: str) -> Iterator[Database]:
    """The connections of this test process."""
    database = Database(database_url)
    yield database
    leave(database)
    database.close()


@pytest.fixture
def database(connections: Database) -> Database:
    """The migrated database, empty."""
    database = SharedDatabase(connections)
    empty(database)
    return database


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Hub:
    """A founded zone on the empty database, driven step by step."""
    return Hub(database, tmp_path / "keys")


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at little cost: as the hub hashes them each takes a quarter of a second; ``tests/accounts`` tries that."""
    monkeypatch.setattr(secrets, "_HASHER", CHEAP)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Drive the system's Chromium; a container has no user namespaces for its sandbox, and none has a graphics card.

    The headless shell is the same engine without a desktop's window and its painting, which cost half of a browser's time.
    """
    found = next(filter(None, map(shutil.which, (SHELL, *CHROMIUM))), None)
    return {"executable_path": found, "args": ["--no-sandbox", "--disable-gpu"]}
