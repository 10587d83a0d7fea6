"""Promotion vouchers and yuan borrowings: the side that did not speak is told, in words of both languages that open the page."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.consents.rules import DataKind, Terms
from ccezone.consents.service import grant_consent
from ccezone.consents.service.lending import register_under_consent
from ccezone.fx.queries.borrowing import borrowing
from ccezone.fx.rules.borrowing import Contract
from ccezone.fx.rules.borrowing import Step as Said_
from ccezone.fx.service.borrowing import Said, move_borrowing, register_borrowing
from ccezone.kernel.ids import uuidv7
from ccezone.notices.queries import Filter, NoticeView, notices_of
from ccezone.storage.copying import run
from ccezone.tax_refunds.queries.vouchers import voucher
from ccezone.tax_refunds.rules.vouchers import Step, Voucher
from ccezone.tax_refunds.service.vouchers import move_voucher, record_voucher
from tests.hub.harness import Hub
from tests.web.portal_rivals import a_bank, banker

pytestmark = pytest.mark.storage
_USER = """
INSERT INTO user_account (id, login, name, role, enterprise_id, partner_id, node, locale, status, failed_attempts, created_at)
VALUES (%(id)s, %(login)s, %(login)s, %(role)s, %(firm)s, %(partner)s, %(node)s, '', 'active', 0, %(at)s)
"""
OFFICER = Principal(Role.ZONE_OFFICER, None, frozenset(Permission), user_id=UUID(int=31), name="officer")


@dataclass
class Sides:
    """A firm, its rival, the zone's office, the office of another node and a bank, each with somebody who reads messages."""

    hub: Hub

    def __post_init__(self) -> None:
        self.firm, self.rival = self.hub.party("furniture").id, self.hub.party("textiles").id
        with self.hub.database.begin() as uow:
            self.bank = banker(a_bank(uow, self.hub.clock))
        assert self.bank.partner_id is not None
        self.boss = Principal(Role.FIRM, self.firm, frozenset(Permission), user_id=UUID(int=7), name="管理员")
        self.mei, self.rita = self.person("firm", firm=self.firm), self.person("firm", firm=self.rival)
        self.office, self.elsewhere = self.person("zone_officer"), self.person("zone_officer", node="ELSEWHERE")
        self.lena = self.person("bank", partner=self.bank.partner_id)

    def person(self, role: str, firm: UUID | None = None, partner: UUID | None = None, node: str = "") -> UUID:
        number = uuidv7()
        values = {"id": number, "login": str(number), "role": role, "firm": firm, "partner": partner, "node": node}
        with self.hub.database.begin() as uow:
            run(uow.connection, _USER, {**values, "at": self.hub.clock.now()})
        return number

    def messages(self, who: UUID) -> list[NoticeView]:
        """What stands in somebody's message centre, the first first."""
        with self.hub.database.reading() as connection:
            return [*reversed(notices_of(connection, who, Filter()))]

    def kinds(self, who: UUID) -> list[str]:
        return [message.kind for message in self.messages(who)]

    def recorded(self) -> UUID:
        paper = Voucher("演示平台", "2026-01", "142", Decimal("500.00"), f"AD-{self.hub.count('promotion_voucher')}")
        with self.hub.database.begin() as uow:
            return record_voucher(uow, self.firm, paper, None, self.boss, self.hub.clock)

    def judge(self, number: UUID, step: Step, by: Principal) -> None:
        with self.hub.database.begin() as uow:
            found = voucher(uow.connection, number)
            assert found is not None
            move_voucher(uow, number, found.version, step, "金额不符", by, self.hub.clock)

    def contract(self, number: str) -> Contract:
        today = self.hub.clock.now().date()
        return Contract("演示银行", "境外贷款人", number, Decimal("1000.00"), today - timedelta(30), today + timedelta(300))

    def lends(self, number: str, partner: UUID | None) -> UUID:
        with self.hub.database.begin() as uow:
            return register_borrowing(uow, self.firm, self.contract(number), partner, "合同", OFFICER, self.hub.clock)

    def consent(self, *kinds: DataKind) -> UUID:
        today = self.hub.clock.now().date()
        terms = Terms(kinds, "loan", "", today, today + timedelta(days=90))
        with self.hub.database.begin() as uow:
            assert self.bank.partner_id is not None
            return grant_consent(uow, self.firm, self.bank.partner_id, terms, self.boss, self.hub.clock)


@pytest.fixture
def sides(hub: Hub) -> Sides:
    return Sides(hub)


def test_officers_who_see_the_firm_hear_of_its_vouchers_and_the_firm_of_what_they_decide(sides: Sides) -> None:
    used, refused = sides.recorded(), sides.recorded()
    sides.judge(used, Step.CERTIFY, OFFICER)
    sides.judge(refused, Step.SEND_BACK, OFFICER)
    sides.judge(used, Step.USE, sides.boss)
    assert sides.kinds(sides.office) == ["voucher_recorded", "voucher_recorded", "voucher_used"]
    assert sides.kinds(sides.mei) == ["voucher_certified", "voucher_sent_back"]
    assert sides.kinds(sides.elsewhere) == sides.kinds(sides.rita) == sides.kinds(sides.lena) == []
    told = sides.messages(sides.mei)[1]
    assert (told.subject_kind, told.subject) == ("voucher", str(refused))
    assert told.title("zh").endswith("（AD-1）被退回")
    assert told.text("en") == "Reason: 金额不符"


def test_a_firm_hears_of_its_borrowings_and_the_bank_of_what_an_officer_says_of_its_own(sides: Sides) -> None:
    consent = sides.consent(DataKind.MONEY)
    number = sides.lends("C-1", sides.bank.partner_id)
    with sides.hub.database.begin() as uow:
        found = borrowing(uow.connection, number)
        assert found is not None
        said = Said(Said_.DRAW, sides.hub.clock.now().date(), Decimal("600.00"), "回单")
        move_borrowing(uow, number, found.version, said, OFFICER, sides.hub.clock)
        register_under_consent(uow, consent, sides.contract("C-2"), "合同", sides.bank, sides.hub.clock)
    sides.lends("C-3", None)
    titles = [message.title("en") for message in sides.messages(sides.mei) if message.kind == "borrowing_told"]
    assert titles == [
        "Yuan borrowing C-1: contract registered (1,000.00 yuan)",
        "Yuan borrowing C-1: drawn (600.00 yuan)",
        "Yuan borrowing C-2: contract registered (1,000.00 yuan)",
        "Yuan borrowing C-3: contract registered (1,000.00 yuan)",
    ]
    noted = [message for message in sides.messages(sides.lena) if message.kind == "borrowing_noted"]
    assert [message.subject for message in noted] == [f"{consent}/{number}"] * 2
    assert "登记合同（1,000.00 元）" in noted[0].title("zh")
    assert sides.kinds(sides.rita) == []


def test_a_bank_without_a_consent_to_see_the_money_hears_nothing_of_it(sides: Sides) -> None:
    sides.consent(DataKind.ORDERS)
    sides.lends("C-1", sides.bank.partner_id)
    assert "borrowing_noted" not in sides.kinds(sides.lena)
