"""Which mode an order is listed in, and which bills gate it on a day."""

import pytest

from tests.hub.bills import export_bills
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


@pytest.mark.parametrize(("order_type", "mode"), [("B", "9710"), ("W", "9810")])
def test_an_order_between_firms_is_listed_in_its_own_mode_and_asks_for_its_defaults(hub: Hub, order_type: str, mode: str) -> None:
    bills = export_bills()
    bills[0] = bills[0].but(order_type=order_type)
    assert hub.matched(*bills).verdict == "matched"
    made = hub.only_list()
    assert (made.trade_mode, made.state) == (mode, "incomplete")
    assert "customs_code" in made.lacks


def before_2024(hub: Hub, gate: str) -> None:
    """Put the rule that demands payments as well back in force for gating parameters like this."""
    ended = f"key LIKE 'filing.gating_bills.{gate}' AND effective_to IS NOT NULL"
    hub.change(f"UPDATE parameter SET effective_from = '2026-01-01', effective_to = NULL WHERE {ended}")  # noqa: S608  # our own words


def test_the_rule_in_force_on_the_day_decides_which_bills_gate_a_mode_and_path(hub: Hub) -> None:
    before_2024(hub, "9610.E.A")
    sold, paid, sent, linked = export_bills()
    hub.matched(sold, sent, linked)
    assert (hub.states(), hub.only_list().lacks) == (["incomplete"], ["payment"])
    hub.post(paid.but(currency="142"))
    hub.merge()
    assert hub.only_list().lacks == ["payment"], "a payment that disagrees is none"
    hub.post(paid.changed())
    hub.merge()
    assert hub.states() == ["queued"]


def test_bills_that_every_export_needs_gate_the_merge_itself(hub: Hub) -> None:
    before_2024(hub, "%%.E._")
    hub.change("UPDATE parameter SET value = value || '\"payment\"' WHERE key LIKE 'filing.gating_bills.9_10.E'")
    sold, _, sent, linked = export_bills()
    assert hub.matched(sold, sent, linked).reasons == ["payment"]
