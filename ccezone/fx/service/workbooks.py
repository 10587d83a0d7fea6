"""Receipts of money by a workbook, in the background: good rows are kept, bad ones go back with their reasons.

The rows and the job's checkpoint are one transaction: a worker that dies registers nothing twice; and a bank reference that is on
record with the same currency, amount and day is counted as repeated, whoever told of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.bills.ports import RefusedRow, SheetDocument, SheetTable, SheetTables
from ccezone.bills.service.handing_back import KEPT, hand_back, refused_rows
from ccezone.cases.queries import file_of, read_file
from ccezone.cases.rules import TABLES, FileKind, file_faults, kind_of
from ccezone.cases.service import Upload, store_file
from ccezone.fx.rules.parts import spelled
from ccezone.fx.service.receipts import Money, report
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

JOB = "fx_receipts"
MOST_ROWS, MOST_BYTES = 5_000, 10 * 1024 * 1024
_COUNTS = ("rows", "accepted", "replayed", "rejected")
_ON_RECORD = """
SELECT currency, amount, value_date FROM fx_receipt
WHERE enterprise_id = %(firm)s AND account = %(account)s AND bank_reference = %(bank_reference)s
"""


def upload_receipts(
    uow: UnitOfWork, vault: PersonalVault, name: str, content: bytes, firm: UUID, by: Principal, locale: str, clock: Clock
) -> UUID:
    """Keep a firm's table and ask for it to be taken in; return the job's id. Raises ``Refused``: no table, too large."""
    if faults := file_faults(content, TABLES, MOST_BYTES):
        raise Refused(*faults)
    kept = Upload(name, kind_of(content) or FileKind.CSV, content, JOB, firm, by.user_id, clock.now() + KEPT)
    arguments = {"file": str(store_file(uow, vault, kept, clock)), "name": name[-200:], "actor": by.actor, "locale": locale}
    return request_job(uow, JOB, clock, enterprise_id=firm, user_id=by.user_id, arguments=arguments)


@dataclass(frozen=True, slots=True)
class TakeReceiptsIn:
    """Does the jobs of ``upload_receipts``."""

    database: Database
    vault: PersonalVault
    clock: Clock
    tables: SheetTables

    def __call__(self, work: Work) -> Outcome:
        """Take one table in. Raises ``Refused``: nothing of it can be read."""
        if work.checkpoint:  # an earlier attempt kept the rows, and died before it could say so
            back = str(work.checkpoint.get("back", ""))
            return Outcome({name: work.checkpoint[name] for name in _COUNTS}, UUID(back) if back else None)
        if work.enterprise_id is None:
            raise Refused(Fault("", "job_not_found"))
        table = self.tables.open(self._content(work, work.enterprise_id))
        if table.documents > MOST_ROWS:
            raise Refused(Fault("/file", "workbook_too_many_rows", {"max": str(MOST_ROWS)}))
        with self.database.begin() as uow:
            counts, refused = self._register(uow, work.enterprise_id, table, str(work.arguments["actor"]))
            file_id = hand_back(uow, self.vault, table, refused, counts, work, JOB, self.clock) if refused else None
            work.reached(uow, table.documents, table.documents, {**counts, "back": str(file_id or "")})
        return Outcome(counts, file_id)

    def _content(self, work: Work, firm: UUID) -> bytes:
        with self.database.reading() as connection:
            file_id = UUID(str(work.arguments["file"]))
            if file_of(connection, file_id, firm) is None:
                raise Refused(Fault("/file", "file_empty"))
            return read_file(connection, self.vault, file_id)

    def _register(self, uow: UnitOfWork, firm: UUID, table: SheetTable, actor: str) -> tuple[Mapping[str, int], list[RefusedRow]]:
        counts, refused = dict.fromkeys(_COUNTS, 0), list[RefusedRow]()
        for document in table.read():
            counts["rows"] += 1
            try:
                counts[self._one(uow, firm, document, actor)] += 1
            except Refused as found:
                counts["rejected"] += 1
                refused += refused_rows(table, document, found.faults)
        return counts, refused

    def _one(self, uow: UnitOfWork, firm: UUID, document: SheetDocument, actor: str) -> str:
        """Register a row; return how it counts. Raises ``Refused``: unreadable, wrong, or on record with other values."""
        if document.faults:
            raise Refused(*(each.fault for each in document.faults))
        money = _money(document.body)
        try:
            report(uow, firm, money, "workbook", actor, self.clock)
        except Refused as refused:
            if [fault.code for fault in refused.faults] != ["fx_reference_known"]:
                raise
            _same(uow, firm, money)
            return "replayed"
        return "accepted"


def _same(uow: UnitOfWork, firm: UUID, money: Money) -> None:
    """Judge a row whose reference is on record. Raises ``Refused`` at each value that differs from what is kept."""
    named = {"firm": firm, "account": money.account, "bank_reference": money.bank_reference}
    [(currency, amount, day)] = fetch(uow.connection, _ON_RECORD, named)
    compared = (
        ("currency", money.currency == currency, currency),
        ("amount", money.amount == amount, spelled(amount)),
        ("value_date", money.value_date == day, day.isoformat()),
    )
    faults = [
        Fault(f"/{name}", "fx_row_differs", {"value": money.bank_reference, "kept": kept})
        for name, same, kept in compared
        if not same
    ]
    if faults:
        raise Refused(*faults)


def _money(body: Mapping[str, object]) -> Money:
    """Shape a row without faults: days come as ``YYYYMMDD``, blank cells as none."""
    said = {name: str(value or "").strip() for name, value in body.items()}
    return Money(
        account=said["account"],
        bank_reference=said["bank_reference"],
        currency=said["currency"],
        amount=Decimal(said["amount"]),
        payer=said["payer"],
        value_date=date.fromisoformat(said["value_date"]),
        kind=said["kind"],
        settlement_reference=said.get("settlement_reference", ""),
    )
