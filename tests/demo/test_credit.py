"""The demo's cast has credit: every grade's page shows something, and founding it twice changes nothing."""

import pytest

from ccezone.demo.credit import CLASSES, found_credit
from ccezone.demo.zone import NODE
from ccezone.enterprises.queries import directory
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_the_cast_is_judged_once_and_lists_have_entries(hub: Hub) -> None:
    assert found_credit(hub.database, NODE, hub.clock, hub.vault) == len(CLASSES)
    assert found_credit(hub.database, NODE, hub.clock, hub.vault) == 0
    assert (hub.count("credit_person"), hub.count("credit_foreign_grade")) == (2, 3)
    assert hub.rows("SELECT kind, state FROM credit_listing ORDER BY id") == [
        ("red", "listed"),
        ("negative", "appealed"),
        ("negative", "noticed"),
    ]
    with hub.database.reading() as connection:
        parties = directory(connection).by_id
        grades = {parties[each.id].credit_grade for each in parties.values() if each.credit_grade}
    assert grades >= {"AA", "A", "BBB"}
    assert all(each.auto_submit_allowed and each.may_file for each in parties.values())
