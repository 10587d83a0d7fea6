"""The pages about background checks and about agencies' connections have something to show in the demo."""

import pytest

from ccezone.demo.watching import found_watching
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_reports_and_authorisations_are_there_once(hub: Hub) -> None:
    assert found_watching(hub.database, hub.clock) == 5
    assert found_watching(hub.database, hub.clock) == 0
    assert (hub.count("risk_background_check"), hub.count("credit_source")) == (5, 2)
    assert {row[0] for row in hub.rows("SELECT outcome FROM risk_background_check")} == {"clear", "concern", "refused"}
