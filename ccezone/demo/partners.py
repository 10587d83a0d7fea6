"""The demo's partner organisations: a bank, a tax bureau and an inspection agency with their people, a data provider without; one
consent, one question."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from ccezone.accounts.queries import user_by_login
from ccezone.accounts.queries.partners import search_partners
from ccezone.accounts.rules import PERMISSIONS, STAFF, Principal, Role
from ccezone.accounts.rules.partners import ROLE_OF, PartnerKind
from ccezone.accounts.service import Invitation, PartnerEntry, add_partner, create_user
from ccezone.consents.queries import ConsentFilter, count_consents
from ccezone.consents.rules import DataKind, Purpose, Terms
from ccezone.consents.service import ask_consent, grant_consent, look
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database, UnitOfWork
from schemas.codes import rows


@dataclass(frozen=True, slots=True)
class PartnerLogin:
    """Somebody of a partner organisation, and how they get in."""

    role: str
    key: str
    name: str
    login: str
    password: str


BANKER = "banker@bank.example"
_CAST = (
    (PartnerEntry("bank", "BANK-DEMO", "演示银行赣州分行", "Demo Bank, Ganzhou"), "bank", "银行信贷员（演示）", BANKER),
    (
        PartnerEntry("tax_bureau", "TAX-DEMO", "演示税务局", "Demo tax bureau"),
        "tax_officer",
        "退税审核员（演示）",
        "tax@bureau.example",
    ),
    (
        PartnerEntry("agency", "market_supervision", "演示市场监管局", "Demo market supervision"),
        "inspector",
        "市场监管检查员（演示）",
        "inspector@agency.example",
    ),
)
_PROVIDER = PartnerEntry("data_provider", "POST-DEMO", "演示邮政", "Demo post")
"""Sends feeds by machine: an officer issues its credential on its page."""


def let_partners_in(uow: UnitOfWork, clock: Clock) -> list[PartnerLogin]:
    """Add the organisations, each with somebody who can sign in; return how they get in."""
    add_partner(uow, _PROVIDER, None, clock)
    people = []
    for entry, word, name, login in _CAST:
        organisation = add_partner(uow, entry, None, clock)
        password = secrets.token_urlsafe(12)
        create_user(uow, Invitation(login, name, ROLE_OF[PartnerKind(entry.kind)], partner_id=organisation), password, clock)
        people.append(PartnerLogin(word, entry.kind, name, login, password))
    return people


def found_consents(database: Database, clock: Clock) -> int:
    """Let one firm consent to the bank, which looked already, and let the bank ask another, once; return how many there are."""
    today = clock.now().astimezone(SHANGHAI).date()
    with database.begin() as uow:
        known = {row["key"]: directory(uow.connection).find(row["uscc"]) for row in rows("example_parties")}
        furniture, textiles = known.get("furniture"), known.get("textiles")
        bank = next(iter(search_partners(uow.connection, PartnerKind.BANK, limit=1)), None)
        person = user_by_login(uow.connection, BANKER)
        if furniture is None or textiles is None or bank is None or person is None:
            return 0
        if sum(count_consents(uow.connection, ConsentFilter(today)).values()):
            return 0
        banker = Principal(Role.BANK, None, PERMISSIONS[Role.BANK], user_id=person.id, name=person.name, partner_id=bank.id)
        firm = Principal(Role.FIRM, furniture.id, STAFF, name="demo")
        lent = Terms(list(DataKind), Purpose.LOAN, "订单融资授信（演示）", today, today + timedelta(days=180))
        granted = grant_consent(uow, furniture.id, bank.id, lent, firm, clock)
        settled = [DataKind.ORDERS, DataKind.PAYMENTS, DataKind.LOGISTICS]
        wish = Terms(settled, Purpose.SETTLEMENT, "跨境结算开户核验（演示）", today, today + timedelta(days=90))
        asked = ask_consent(uow, textiles.uscc, wish, banker, clock)
        for consent_id, kind, what in (
            (granted, DataKind.CREDIT, ""),
            (granted, DataKind.CLAIMS, ""),
            (asked, DataKind.ORDERS, ""),
        ):
            look(uow, consent_id, [kind], what, banker, clock)
    return 2
