"""Money that came to a rival: rows whose pages must look like none to anybody else."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.accounts.rules import Principal, Role
from ccezone.background.service import request_job
from ccezone.fx.queries.reports import reported
from ccezone.fx.rules.borrowing import Contract
from ccezone.fx.rules.reports import Exposure, ReportTerms
from ccezone.fx.service.borrowing import register_borrowing
from ccezone.fx.service.credit_reports import Made, mark_reported
from ccezone.fx.service.filing import SettlementLine
from ccezone.fx.service.limits import PARKED, take_line
from ccezone.fx.service.receipts import Money, add_account, report
from ccezone.fx.service.workbooks import JOB
from ccezone.kernel.clock import FixedClock
from ccezone.parameters.queries import book
from ccezone.storage import Database

_PAGES = ("detail", "match_orders", "unmatch_order", "declare_receipt", "give_back")


def fx_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Let money come to the rival; return the pages that show it."""
    receipt = {"receipt_id": str(received(database, rival_id, secret, clock))}
    report_id = {"report_id": str(_reported(database, rival_id, receipt["receipt_id"], clock))}
    parked(database, rival_id, secret, clock)
    shown = {f"fx.{page}": [receipt] for page in _PAGES}
    loan = {"borrowing_id": str(borrowed(database, rival_id, secret, clock))}
    with database.begin() as uow:
        job = {"job_id": str(request_job(uow, JOB, clock, enterprise_id=rival_id, arguments={"name": secret}))}
    books = {f"fx.{page}": [job] for page in ("workbook", "workbook_result")}
    return {**shown, **books, "fx.one_borrowing": [loan], "fx.ask": [{**receipt, "what": "settle"}], "fx.withdraw": [report_id]}


def borrowed(database: Database, firm: UUID, secret: str, clock: FixedClock, bank: UUID | None = None) -> UUID:
    """Let an officer register a borrowing of the firm."""
    by = Principal(Role.ZONE_OFFICER, None, frozenset(), user_id=UUID(int=31), name="officer")
    today = clock.now().date()
    contract = Contract(secret, secret, secret, Decimal(1000), today - timedelta(days=30), today + timedelta(days=300))
    with database.begin() as uow:
        return register_borrowing(uow, firm, contract, bank, secret, by, clock)


def parked(database: Database, firm: UUID, reference: str, clock: FixedClock) -> None:
    """File a settlement's line above the limit."""
    with database.begin() as uow:
        line = SettlementLine(reference, "ORD-1", Decimal(60000), Decimal(0), "502")
        assert take_line(uow, firm, line, book(uow.connection, "GZ"), "test", clock) == PARKED


def _reported(database: Database, firm: UUID, receipt: str, clock: FixedClock) -> UUID:
    """Mark the receipt's trade-credit report as made."""
    today = clock.now().date()
    terms = ReportTerms(today, 30, 90, 30, 30, 10, frozenset())
    with database.begin() as uow:
        mark_reported(uow, firm, Made(Exposure.ADVANCE, [receipt], today, "TC-1"), terms, Decimal(1), ("test", "test"), clock)
        return reported(uow.connection, firm)[0].id


def received(database: Database, firm: UUID, payer: str, clock: FixedClock, amount: str = "100.00", **changes: str) -> UUID:
    """Register an account and let money come to it; return the receipt."""
    account = f"36{firm.int % 10**12:012d}"
    with database.begin() as uow:
        add_account(uow, firm, account, "演示银行", "502", "test", clock)
        told = {"bank_reference": "BR000001", "settlement_reference": "", "kind": "platform", **changes}
        money = Money(account=account, currency="502", amount=Decimal(amount), payer=payer, value_date=clock.now().date(), **told)
        return report(uow, firm, money, "form", "test", clock)
