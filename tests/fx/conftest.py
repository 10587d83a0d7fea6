"""The zone that tests of foreign exchange play in."""

from pathlib import Path

import pytest

from tests.fx.money import Zone
from tests.hub.harness import Hub


@pytest.fixture
def zone(hub: Hub, tmp_path: Path) -> Zone:
    return Zone(hub, tmp_path)
