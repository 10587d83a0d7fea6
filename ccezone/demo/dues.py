"""Money of the demo's cast that asks for something: long advances, a settlement above the limit, yuan credited and matched."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.credit.queries.fx_standing import due_terms, fx_firm
from ccezone.enterprises.queries import directory
from ccezone.fx.queries.receipts import accounts_of
from ccezone.fx.rules.parts import Action
from ccezone.fx.rules.reports import Exposure
from ccezone.fx.service.credit_reports import Made, mark_reported
from ccezone.fx.service.filing import SettlementLine
from ccezone.fx.service.limits import take_line
from ccezone.fx.service.receipts import Money, add_account, report
from ccezone.fx.service.settling import declare, instruct
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.parameters.queries import book
from ccezone.storage import Database, UnitOfWork
from schemas.codes import rows

_DEMO, _DOLLAR, _YUAN = "demo", "502", "142"
_BUYER = "Nordic Living Trading AB"
_ADVANCES = ((64, "18600.00"), (41, "9250.00"), (24, "4380.00"))
"""Days ago, dollars: the first is reported, the second late, the third soon to be."""


def found_dues(database: Database, zone: str, clock: Clock) -> int:
    """Let such money come to exporters that are paid already, once; return how many receipts were added."""
    added = 0
    for key in ("furniture", "textiles"):
        with database.begin() as uow:
            firm = next((directory(uow.connection).find(row["uscc"]) for row in rows("example_parties") if row["key"] == key), None)
            known = accounts_of(uow.connection, firm.id) if firm else ()
            dollars = next((each.number for each in known if each.currency == _DOLLAR), None)
            if firm is None or dollars is None or any(each.currency == _YUAN for each in known):
                continue
            added += _advances(uow, zone, firm.id, dollars, clock) + _yuan(uow, zone, firm.id, f"{dollars[:-1]}9", clock)
            line = SettlementLine(
                f"PS-LARGE-{dollars[4:6]}", f"BIG-{dollars[4:6]}-001", Decimal("62500.00"), Decimal("1250.00"), _DOLLAR
            )
            take_line(uow, firm.id, line, book(uow.connection, zone), _DEMO, clock)
    return added


def _advances(uow: UnitOfWork, zone: str, firm: UUID, account: str, clock: Clock) -> int:
    today = _today(clock)
    made = [
        report(
            uow,
            firm,
            Money(account, f"ADV{days:03d}", _DOLLAR, Decimal(amount), _BUYER, today - timedelta(days=days), "buyer"),
            "form",
            _DEMO,
            clock,
        )
        for days, amount in _ADVANCES
    ]
    terms = due_terms(uow.connection, book(uow.connection, zone), clock.now())
    said = Made(Exposure.ADVANCE, [str(made[0])], today - timedelta(days=40), "MYXD-DEMO-001")
    mark_reported(uow, firm, said, terms.reports, terms.tolerance, (_DEMO, _DEMO), clock)
    return len(made)


def _yuan(uow: UnitOfWork, zone: str, firm: UUID, account: str, clock: Clock) -> int:
    """Two receipts in yuan: one declared and on its way into the yuan account, one as it came."""
    add_account(uow, firm, account, "演示银行赣州分行", _YUAN, _DEMO, clock)
    rules, today = book(uow.connection, zone), _today(clock)
    for place, amount in enumerate(("36800.00", "12450.00"), start=1):
        money = Money(account, f"RMB{place:03d}", _YUAN, Decimal(amount), _BUYER, today - timedelta(days=place), "buyer")
        receipt = report(uow, firm, money, "form", _DEMO, clock)
        if place == 1:
            declare(uow, firm, receipt, None, "122030", "", rules, _DEMO, clock)
            standing = fx_firm(uow.connection, firm, today, clock.now())
            instruct(uow, firm, standing, receipt, None, Action.CREDIT, money.amount, rules, _DEMO, clock)
    return 2


def _today(clock: Clock) -> date:
    return clock.now().astimezone(SHANGHAI).date()
