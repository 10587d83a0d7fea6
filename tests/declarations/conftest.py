"""A zone for tests of lists."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from tests.declarations.zone import Zone

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def zone(database: Database, tmp_path: Path) -> Zone:
    """The demo's cast with products and defaults, nothing traded yet."""
    return Zone(database, PersonalVault(bytes(32)), FixedClock(NOON), tmp_path / "keys")
