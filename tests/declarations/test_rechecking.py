"""Lists that waited for what others bring are prepared again when it comes, without anybody asking."""

from dataclasses import replace

import pytest

from ccezone.declarations.service import Rechecker
from ccezone.demo.zone import export_defaults
from ccezone.enterprises.service import Registration, register, save_defaults
from ccezone.import_tax.service import load_rates
from ccezone.kernel.check_digits import complete_uscc
from schemas.messages.ceb.trades import party
from tests.hub.bills import export_bills, import_bills
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def rechecker(hub: Hub) -> Rechecker:
    """The job, fresh; tax rates are read anew at every look."""
    return Rechecker(hub.database, hub.clock, hub.terms.listing)


def test_a_list_that_waited_for_a_tax_rate_is_filed_once_the_rate_is_there(hub: Hub) -> None:
    hub.change("DELETE FROM tariff_rate")
    hub.matched(*import_bills())
    job = rechecker(hub)
    assert (job.step(), hub.states()) == (0, ["incomplete"])
    with hub.database.begin() as uow:
        load_rates(uow)
    hub.terms._rates.clear()
    assert job.step() == 1
    hub.merge()
    assert (hub.states(), job.step()) == (["queued"], 0)


def test_a_list_whose_agent_registers_at_last_is_filed(hub: Hub) -> None:
    code = str(complete_uscc("91360702MA3ABCDE1"))
    with hub.database.begin() as uow:
        entry = replace(export_defaults(party("furniture")), agent_code=code, agent_name="新报关行")
        save_defaults(uow, hub.party("furniture").id, entry, hub.clock)
    hub.matched(*export_bills())
    assert hub.only_list().lacks == ["agent_code"]
    job = rechecker(hub)
    assert job.step() == 0
    with hub.database.begin() as uow:
        register(uow, Registration(uscc=code, name="新报关行", roles=["agent"]), hub.clock)
    assert job.step() == 1
    hub.merge()
    assert hub.states() == ["queued"]


def test_what_came_for_a_later_day_is_noticed_when_that_day_begins(hub: Hub) -> None:
    hub.change("DELETE FROM tariff_rate")
    hub.matched(*import_bills())
    with hub.database.begin() as uow:
        load_rates(uow)
    hub.change("UPDATE tariff_rate SET effective_from = '2026-01-06'")
    job = rechecker(hub)
    hub.terms._rates.clear()
    assert job.step() == 0
    hub.clock.advance(minutes=24 * 60)
    assert job.step() == 1
