"""One order's page: seven strands, each with what happened; the firm's and the office's are one; FX only where it is wired."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from ccezone.clearance.queries.chain import chain
from ccezone.consents.queries import consent
from ccezone.consents.service import Decision, decide
from ccezone.declarations.queries import Scope
from ccezone.fx.rules.parts import Action
from ccezone.inspection.service import Check, Wanted, open_order, sign
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.matching.queries import match
from ccezone.storage import Connection, Database
from ccezone.tracing.queries import Strand, story
from ccezone.web.firm.trace_words import MONEY
from ccezone.web.hub import EXTENSION
from tests.hub.founding import NOW
from tests.tax_refunds.claiming import Claiming
from tests.tax_refunds.entering import deliver, entered, left_on_list
from tests.web.portal_rivals import a_bank, banker, consented
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@dataclass(frozen=True)
class Paid:
    """A step of money, as the FX area tells it."""

    at: datetime
    step: str = "matched"
    kind: str = "goods"
    amount: Decimal | None = Decimal("99.50")
    currency: str = "502"
    receipt_number: int = 4711


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    return zone_site(database, FixedClock(NOW), tmp_path / "keys")


def an_order(site: ZoneSite) -> tuple[int, str]:
    """An imported order that customs released and a market inspector looked at; return its key and its merchant."""
    (filed,) = site.hub.imports()
    site.hub.dispatch()
    site.hub.answer(filed, 2, 3, 120, 800, list_no="401720261000000001")
    ((key, owner),) = site.hub.rows("SELECT order_key, merchant_id FROM declaration_list")
    with site.hub.database.begin() as uow:
        due = site.hub.clock.now().astimezone(SHANGHAI).date() + timedelta(days=3)
        order_id = open_order(uow, Wanted("list", str(filed), ["market_supervision"], due), "test", site.hub.clock)
        sign(uow, order_id, Check("market_supervision", "pass", (), "标签齐全"), "test", site.hub.clock)
        bank = a_bank(uow, site.hub.clock)
        given = consent(uow.connection, consented(uow, owner, bank, site.hub.clock))
        assert given is not None
        decide(uow, given, Decision("approved", "LOAN-9", "", [key]), banker(bank), site.hub.clock)
    return key, next(each for each in ("cosmetics", "milk") if site.hub.party(each).id == owner)


def test_the_firm_and_the_office_see_every_strand_of_one_order(site: ZoneSite) -> None:
    key, owner = an_order(site)
    for who in (owner, "officer"):
        shown = site.browser(who).get(f"/trace/{key}").text
        for strand in ("commerce", "enterprise", "customs", "inspection", "finance"):
            assert f'data-strand="{strand}"' in shown, (who, strand)
        assert "标签齐全" in shown
        assert "LOAN-9" in shown
        assert "没有税单、台账或退税申报" in shown
        assert "外汇" not in shown.split('id="strands"')[1], "nobody watches it here"


def test_one_strand_is_shown_by_itself_and_all_on_paper(site: ZoneSite) -> None:
    key, owner = an_order(site)
    firm = site.browser(owner)
    only = firm.get(f"/trace/{key}?strand=inspection").text
    assert 'data-strand="inspection"' in only
    assert 'data-strand="customs"' not in only
    paper = firm.get(f"/trace/{key}/print").text
    assert paper.index('id="strand-customs"') < paper.index('id="strand-inspection"') < paper.index('id="strand-finance"')
    assert firm.get(f"/trace/{key}?strand=space").status_code == 404


def test_money_is_a_strand_where_somebody_tells_of_it(site: ZoneSite) -> None:
    key, owner = an_order(site)
    asked: list[tuple[UUID | None, int]] = []

    def history(_connection: Connection, firm: UUID | None, order_key: int) -> Sequence[Paid]:
        asked.append((firm, order_key))
        return [Paid(site.hub.clock.now())]

    site.app.extensions[EXTENSION] = replace(site.app.extensions[EXTENSION], money=history)
    shown = site.browser(owner).get(f"/trace/{key}").text
    assert 'data-strand="fx"' in shown
    assert "4711" in shown
    assert "99.50" in shown
    assert asked == [(site.hub.party(owner).id, key)]


def test_every_step_of_money_at_the_bank_is_named() -> None:
    assert {f"{step}_{action}" for step in ("ask", "confirmed", "refused") for action in Action} <= MONEY.keys()


def test_goods_that_left_a_special_area_lead_to_their_lot(site: ZoneSite, tmp_path: Path) -> None:
    firm = Claiming(site.hub, tmp_path)
    firm.merchant = site.hub.party("furniture").id
    today = site.hub.clock.now().astimezone(SHANGHAI).date()
    lot = entered(site.hub.database, firm.merchant, "柜子", today, site.hub.clock)
    deliver(firm, lot, "D1", 2, today, left_on_list(site.hub))
    ((key,),) = site.hub.rows("SELECT order_key FROM declaration_list")
    for who in ("furniture", "officer"):
        browser = site.browser(who)
        shown = browser.get(f"/trace/{key}").text
        assert "从特殊区域分送出区" in shown
        assert f'href="/special-area/lots/{lot}"' in shown
        assert browser.get(f"/special-area/lots/{lot}").status_code == 200


def test_an_agent_who_acts_for_the_firm_does_not_see_its_bank(site: ZoneSite) -> None:
    """What the agent may see is trade; finance is the firm's own."""
    key, owner = an_order(site)
    firm = site.hub.party(owner).id
    with site.hub.database.reading() as connection:
        known = match(connection, key, firm)
        assert known is not None
        found = story(connection, chain(connection, known, Scope(firm)), firm, None, finance=False)
    assert Strand.FINANCE not in found.strands
    assert not [step for step in found.steps if step.number == "LOAN-9"]
