"""Refunds upon leaving the country in the demo: two consignments that the bureau paid before the goods were sold.

One was never accounted for and is to be repaid; of the other some sales are accounted for, some wait, the rest lies abroad.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.enterprises.queries import directory
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import SHANGHAI, Clock, FixedClock
from ccezone.parameters.queries import book
from ccezone.storage import Database
from ccezone.tax_refunds.ports import BureauMessage, BureauNotice
from ccezone.tax_refunds.queries.claims import Invoice, claim, search_claims
from ccezone.tax_refunds.queries.leave import prerefunds_of_claim
from ccezone.tax_refunds.queries.ledger import LedgerFilter, search_ledger
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service import claims, filing
from ccezone.tax_refunds.service.exchanging import send_refund_messages, take_refund_notices
from ccezone.tax_refunds.service.leave import Sale, divide_item, keep_prerefunds, reconcile_sales, record_sales
from ccezone.tax_refunds.service.ledger import keep_ledger
from schemas.codes import rows

_DEMO, _FIRM = "demo", "electronics"
_SUPPLIER = str(complete_uscc("91360782MAYYY0801"))
_A_STEP = timedelta(days=2)
_STEPS = ("accept", "review", "approve", "treasury", "pay")
_GOODS = (("蓝牙耳机（美国仓）", Decimal(2000), "96000.00"), ("便携音箱（德国仓）", Decimal(800), "64000.00"))
_CODE, _VAT, _UNIT, _YUAN = "8518300000", Decimal(13), "001", "142"


@dataclass
class _PastBureau:
    """Plays the bureau of days gone by: approves what it is sent, a step every other day, and pays ``at`` (``ports.TaxBureau``).

    Its notices have numbers below nought: the bureau that the hub talks to begins at one.
    """

    at: datetime
    first: int
    told: list[BureauNotice] = field(default_factory=list)

    def send(self, message: BureauMessage) -> None:
        """Take a claim, and decide it at once."""
        amount = Decimal(str(message.body["amount"]))
        steps = [(step, amount if step == "approve" else None) for step in _STEPS]
        self.told = [
            BureauNotice(self.first + place, message.claim, step, self.at - _A_STEP * (len(steps) - 1 - place), sum_, "演示数据")
            for place, (step, sum_) in enumerate(steps)
        ]

    def notices(self, after: int, limit: int) -> Sequence[BureauNotice]:
        """Tell all of it."""
        return [each for each in self.told if each.number > min(after, self.first - 1)][:limit]


def found_prerefunds(database: Database, zone: str, clock: Clock) -> int:
    """Let a firm have sent goods to warehouses abroad, once; return how many pre-refunds there are now."""
    with database.reading() as connection:
        uscc = next(row["uscc"] for row in rows("example_parties") if row["key"] == _FIRM)
        firm = directory(connection).find(uscc)
        if firm is None or search_claims(connection, None, limit=1):
            return 0
    today = clock.now().astimezone(SHANGHAI).date()
    deadline = date(today.year, 4, 30)
    lapsed = date(today.year - (1 if today > deadline else 2), 9, 10)
    first = _paid(database, zone, firm.id, 0, lapsed)
    _sell(database, firm.id, first, (("DE-0007", "300"),), _moment(lapsed + timedelta(days=70)))
    second = _paid(database, zone, firm.id, 1, today - timedelta(days=120))
    sold = _moment(today - timedelta(days=20))
    _sell(database, firm.id, second, (("US-2201", "240"), ("US-2202", "160")), sold)
    with database.begin() as uow:
        version = prerefunds_of_claim(uow.connection, second)[0].version
        number = prerefunds_of_claim(uow.connection, second)[0].id
        reconcile_sales(uow, firm.id, number, version, Decimal(400), "演示数据", _DEMO, FixedClock(sold))
    _sell(database, firm.id, second, (("US-2203", "80"),), clock.now())
    keep_prerefunds(database, zone, clock)
    return 2


def _paid(database: Database, zone: str, firm: UUID, place: int, day: date) -> UUID:
    """Export, claim and be paid on days gone by; return the claim. A tenth of the goods was sold by then."""
    name, quantity, value = _GOODS[place]
    then = FixedClock(_moment(day))
    number = f"40032025{8:05d}{place + 1:05d}"
    line = GeneralLine(_CODE, name, quantity, _UNIT, Decimal(value))
    entry = GeneralEntry(number, "E", "9810", "4003", day, _YUAN, Decimal(value), [line], released_on=day, note="演示数据")
    record_general(database, then, firm, entry, _DEMO)
    keep_ledger(database, then)
    with database.begin() as uow:
        item = search_ledger(uow.connection, firm, LedgerFilter(text=number))[0].id
        parameters = book(uow.connection, zone)
        claim_id = claims.open_claim(uow, firm, claims.Opening(Method.EXEMPT_REFUND, f"{day:%Y-%m}", 2), _DEMO, then)
        claims.add_items(uow, firm, claim_id, [item], parameters, _DEMO, then)
        rates = {"declaration_no": number, "vat_pct": "13", "refund_pct": "13"}
        claims.mend_item(uow, firm, claim_id, item, rates, _DEMO, then)
        divide_item(uow, firm, claim_id, item, quantity / 10, parameters, _DEMO, then)
        amount = Decimal(value) * Decimal("0.8")
        bill = Invoice(item, f"2636200000007654321{place}", _SUPPLIER, day, amount, _VAT, amount * _VAT / 100)
        claims.add_invoice(uow, firm, claim_id, bill, _DEMO, then)
        filing.check_claim(uow, firm, claim_id, parameters, _DEMO, then)
        view = claim(uow.connection, firm, claim_id)
        filing.submit_claim(uow, firm, claim_id, view.row.version if view else 0, parameters, _DEMO, then)
        bureau = _PastBureau(_moment(day + timedelta(days=12)), -1_000 + place * len(_STEPS))
        together = database.joined(uow)  # or the bureau of today would be sent it
        send_refund_messages(together, bureau, then)
        take_refund_notices(together, bureau, then)
        keep_prerefunds(together, zone, FixedClock(_moment(day + timedelta(days=12))))
    return claim_id


def _sell(database: Database, firm: UUID, claim_id: UUID, sales: Sequence[tuple[str, str]], at: datetime) -> None:
    with database.begin() as uow:
        known = prerefunds_of_claim(uow.connection, claim_id)[0]
        told = [
            Sale(number, at.astimezone(SHANGHAI).date(), Decimal(qty), Decimal(qty) * 11, "502", "演示海外仓")
            for number, qty in sales
        ]
        record_sales(uow, firm, known.id, told, "form", _DEMO, FixedClock(at))


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI)
