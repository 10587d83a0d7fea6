"""Refunds of the demo's cast: two exporters' recorded declarations, their goods in the ledger, claims in several states."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.bootstrap import LEDGERS
from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.enterprises.queries import directory
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import SHANGHAI, Clock, FixedClock
from ccezone.parameters.queries import book
from ccezone.reconciliation.service import reconcile
from ccezone.storage import Database, UnitOfWork
from ccezone.tax_refunds.queries.claims import Invoice, claim
from ccezone.tax_refunds.queries.ledger import LedgerFilter, search_ledger
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service import claims, filing
from ccezone.tax_refunds.service.exemption import choose_exemption, file_exemptions
from ccezone.tax_refunds.service.ledger import keep_ledger
from schemas.codes import rows

_DEMO = "demo"
_SUPPLIER = str(complete_uscc("91360782MAYYY0801"))
_GOODS: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "furniture": (
        ("9403600099", "木制床头柜", "600", "011", "28080.00"),
        ("9403600099", "木制书架", "300", "011", "20550.00"),
    ),
    "textiles": (
        ("6109100022", "棉制针织女式T恤衫", "5000", "011", "39500.00"),
        ("6302211000", "棉制印花床单", "1200", "015", "22080.00"),
        ("6109100022", "棉制针织女式T恤衫（加厚）", "2000", "011", "17800.00"),
        ("6302211000", "棉制印花床单（加大）", "800", "015", "16400.00"),
    ),
}
_EXEMPT: tuple[tuple[str, str, str, str, str], ...] = (
    ("6302211000", "棉制印花枕套", "900", "015", "8460.00"),
    ("6302211000", "棉制印花被套", "300", "015", "6930.00"),
    ("6109100022", "棉制针织儿童T恤衫", "1500", "011", "9150.00"),
    ("6302211000", "棉制印花床单（样品）", "60", "015", "1104.00"),
    ("6302211000", "棉制印花枕套（样品）", "80", "015", "752.00"),
)
"""What the textile firm bought without invoices: three of last month, two of this one."""


_CLAIMS = (("furniture", 0, 12), ("textiles", 0, 15), ("textiles", 1, 6), ("textiles", 2, 0))
"""Firm, which of its goods, filed how many days ago (0: not filed); what the bureau makes of them: ``deployment.PLAYED``."""


def found_refunds(database: Database, zone: str, clock: Clock) -> int:
    """Record made-up declarations and claim refunds for them, once; return how many claims there are now."""
    with database.reading() as connection:
        known = {row["key"]: directory(connection).find(row["uscc"]) for row in rows("example_parties")}
        firms = {key: found.id for key, found in known.items() if found is not None and key in _GOODS}
        if len(firms) < len(_GOODS) or any(search_ledger(connection, each, LedgerFilter(), limit=1) for each in firms.values()):
            return 0
    day = clock.now().astimezone(SHANGHAI).date() - timedelta(days=20)
    items = {key: _exported(database, firms[key], place, day, key, clock) for place, key in enumerate(sorted(_GOODS))}
    for place, (key, number, ago) in enumerate(_CLAIMS):
        then = FixedClock(clock.now() - timedelta(days=ago)) if ago else clock
        _claimed(database, zone, firms[key], items[key][number], place, day, then, file=bool(ago))
    _exempted(database, zone, firms["textiles"], day, clock)
    return len(_CLAIMS)


def _exempted(database: Database, zone: str, firm: UUID, day: date, clock: Clock) -> None:
    """Take goods of last month as exempt and declare them, take one of this month as exempt, leave one open; reconcile."""
    before = day.replace(day=1) - timedelta(days=9)
    days = [before, before, before, day, day]
    for line, (exported, (code, name, qty, unit, value)) in enumerate(zip(days, _EXEMPT, strict=True)):
        goods = [GeneralLine(code, name, Decimal(qty), unit, Decimal(value))]
        number = f"40032026{9:05d}{line + 1:05d}"
        entry = GeneralEntry(
            number, "E", "9810", "4003", exported, "502", Decimal(value), goods, released_on=exported, note="演示数据"
        )
        record_general(database, clock, firm, entry, _DEMO)
    keep_ledger(database, clock)
    with database.begin() as uow:
        rows = {row.goods_name: row.id for row in search_ledger(uow.connection, firm, LedgerFilter(standing="open"))}
        chosen = [rows[name] for _, name, *_rest in _EXEMPT[:4]]
        choose_exemption(uow, firm, chosen, book(uow.connection, zone), _DEMO, clock, confirmed=True)
        file_exemptions(uow, firm, f"{before:%Y-%m}", _DEMO, clock)
    yesterday = clock.now().astimezone(SHANGHAI).date() - timedelta(days=1)
    for each in (before, day, yesterday):
        reconcile(database, LEDGERS, each, clock)


def _exported(database: Database, firm: UUID, place: int, day: date, key: str, clock: Clock) -> list[UUID]:
    """Declare a firm's goods, a declaration each; return the items of the ledger in the same order."""
    for line, (code, name, qty, unit, value) in enumerate(_GOODS[key]):
        number = f"40032026{place + 1:05d}{line + 1:05d}"
        goods = [GeneralLine(code, name, Decimal(qty), unit, Decimal(value))]
        entry = GeneralEntry(number, "E", "9810", "4003", day, "502", Decimal(value), goods, released_on=day, note="演示数据")
        record_general(database, clock, firm, entry, _DEMO)
    keep_ledger(database, clock)
    with database.reading() as connection:
        found = {row.goods_name: row.id for row in search_ledger(connection, firm, LedgerFilter())}
    return [found[name] for _, name, *_rest in _GOODS[key]]


def _claimed(database: Database, zone: str, firm: UUID, item: UUID, place: int, day: date, clock: Clock, *, file: bool) -> None:
    """Claim one item with its invoice; the last is left unfiled, with an invoice whose VAT is wrong."""
    claim_id = _opened(database, zone, firm, [item], day, clock)
    with database.begin() as uow:
        value = _value(uow, firm, claim_id)
        amount = (value * Decimal("0.8")).quantize(Decimal("0.01"))
        vat = (amount * Decimal("0.13")).quantize(Decimal("0.01")) if file else Decimal("100.00")
        given = Invoice(item, f"2636200000001234567{place}", _SUPPLIER, day - timedelta(days=10), amount, Decimal(13), vat)
        claims.add_invoice(uow, firm, claim_id, given, _DEMO, clock)
        rates = book(uow.connection, zone)
        if file and not any(each.blocks for each in filing.check_claim(uow, firm, claim_id, rates, _DEMO, clock)):
            view = claim(uow.connection, firm, claim_id)
            filing.submit_claim(uow, firm, claim_id, view.row.version if view else 0, rates, _DEMO, clock)


def _opened(database: Database, zone: str, firm: UUID, items: list[UUID], day: date, clock: Clock) -> UUID:
    with database.begin() as uow:
        opening = claims.Opening(Method.EXEMPT_REFUND, f"{day:%Y-%m}", 2)
        claim_id = claims.open_claim(uow, firm, opening, _DEMO, clock)
        claims.add_items(uow, firm, claim_id, items, book(uow.connection, zone), _DEMO, clock)
    return claim_id


def _value(uow: UnitOfWork, firm: UUID, claim_id: UUID) -> Decimal:
    view = claim(uow.connection, firm, claim_id)
    return sum((item.value_cny or Decimal(0) for item in view.items), Decimal(0)) if view else Decimal(0)
