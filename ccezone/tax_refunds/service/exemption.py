"""Taking exported items as exempt without invoice (无票免税): choose, undo, declare. Each verb is one transaction's part.

An item is exempt or in a claim, never both: whoever comes second is refused by the database, whatever was looked at before.
"""

from collections.abc import Sequence, Set
from datetime import date
from uuid import UUID

from psycopg.errors import UniqueViolation

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.kernel.money import round_half_up
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.exemption import exempt_months
from ccezone.tax_refunds.queries.ledger import (
    ENTERED_BEFORE,
    Checked,
    LedgerFilter,
    LedgerRow,
    check_exemptions,
    ledger_items,
    search_ledger,
)
from ccezone.tax_refunds.rules.exemption import faults_of_choice
from ccezone.tax_refunds.rules.uses import Turn, turned

MOST = 500
"""As many items as are chosen at once."""
_LOCK = "SELECT id FROM goods_ledger_item WHERE id = ANY(%(ids)s) AND merchant_id = %(merchant)s ORDER BY id FOR NO KEY UPDATE"
_CHOOSE = """
INSERT INTO goods_exemption (id, item_id, merchant_id, month, value_cny, document, confirmed, live, chosen_at, chosen_by,
    filed_by, undone_by)
VALUES (%(id)s, %(item)s, %(merchant)s, %(month)s, %(value)s, %(document)s, %(confirmed)s, true, %(at)s, %(actor)s, '', '')
"""
_UNDO = """
UPDATE goods_exemption SET live = false, undone_at = %(at)s, undone_by = %(actor)s
WHERE item_id = ANY(%(ids)s) AND merchant_id = %(merchant)s AND live AND filed_on IS NULL
"""
_FILE = """
UPDATE goods_exemption SET filed_on = %(day)s, filed_by = %(actor)s
WHERE merchant_id = %(merchant)s AND month = %(month)s AND live AND filed_on IS NULL
"""


def choose_exemption(
    uow: UnitOfWork, merchant: UUID, items: Sequence[UUID], book: ParameterBook, actor: str, clock: Clock, *, confirmed: bool
) -> int:
    """Take these items as exempt; return how many. Raises ``Refused`` with every condition that does not hold: all or none.

    ``confirmed``: the firm vouches for what the tariff does not tell, namely that the goods' refund was not cancelled.
    """
    if not items:
        raise Refused(Fault("/items", "exemption_nothing_chosen"))
    if len(items) > MOST:
        raise Refused(Fault("/items", "exemption_too_many", {"most": str(MOST)}))
    checked = _checked(uow, merchant, items, book, clock)
    entered = _entered_before(uow, items)
    faults = [fault for each in checked for fault in _faults(each, entered, confirmed=confirmed)]
    if faults:
        raise Refused(*faults)
    for each in checked:
        _choose(uow, merchant, each, book, actor, clock)
    return len(checked)


def choose_all_exempt(uow: UnitOfWork, merchant: UUID, wanted: LedgerFilter, book: ParameterBook, actor: str, clock: Clock) -> int:
    """Take every open item of a filter that certainly is exempt, the newest ``MOST``; return how many."""
    filtered = LedgerFilter(wanted.text, "open", wanted.trade_mode, wanted.since, wanted.until)
    rows = search_ledger(uow.connection, merchant, filtered, limit=MOST)
    checked = _checked(uow, merchant, [row.id for row in rows], book, clock)
    entered = _entered_before(uow, [row.id for row in rows])
    good = [each for each in checked if not _faults(each, entered, confirmed=False)]
    for each in good:
        _choose(uow, merchant, each, book, actor, clock)
    return len(good)


def undo_exemption(uow: UnitOfWork, merchant: UUID, items: Sequence[UUID], actor: str, clock: Clock) -> int:
    """Take the choice back, as long as it was not declared. Raises ``NotFound``, ``Refused``."""
    fetch(uow.connection, _LOCK, {"ids": list(items), "merchant": merchant})
    rows = ledger_items(uow.connection, merchant, items)
    if len(rows) < len(set(items)):
        raise NotFound(Fault("", "not_found"))
    for row in rows:
        turned(row.use, Turn.UNDO, _named(row))
    return run(uow.connection, _UNDO, {"ids": list(items), "merchant": merchant, "at": clock.now(), "actor": actor})


def file_exemptions(uow: UnitOfWork, merchant: UUID, month: str, actor: str, clock: Clock) -> int:
    """Note that a month's exempt goods were declared with its tax return; return how many. Raises ``NotFound``, ``Refused``."""
    day = _today(clock)
    if not exempt_months(uow.connection, merchant, month, month):
        raise NotFound(Fault("", "not_found"))
    if month >= f"{day:%Y-%m}":
        raise Refused(Fault("/month", "exemption_month", {"month": month[:7]}))
    filed = run(uow.connection, _FILE, {"merchant": merchant, "month": month, "day": day, "actor": actor})
    if not filed:
        raise Refused(Fault("/month", "exemption_nothing_to_file", {"month": month[:7]}))
    return filed


def _checked(uow: UnitOfWork, merchant: UUID, items: Sequence[UUID], book: ParameterBook, clock: Clock) -> Sequence[Checked]:
    """Lock items in the order of their ids, which every verb does, and judge them."""
    fetch(uow.connection, _LOCK, {"ids": list(items), "merchant": merchant})
    rows = ledger_items(uow.connection, merchant, items)
    if len(rows) < len(set(items)):
        raise NotFound(Fault("", "not_found"))
    return check_exemptions(uow.connection, book, rows, _today(clock))


def _entered_before(uow: UnitOfWork, items: Sequence[UUID]) -> Set[UUID]:
    """Items of lists by which goods left a special area; their entry was what is claimed or exempt."""
    statement = f"SELECT i.id FROM goods_ledger_item i WHERE i.id = ANY(%(ids)s) AND {ENTERED_BEFORE}"  # noqa: S608  # our own names
    return {row[0] for row in fetch(uow.connection, statement, {"ids": list(items)})}


def _faults(checked: Checked, entered: Set[UUID], *, confirmed: bool) -> list[Fault]:
    row = checked.row
    if row.id in entered:
        return [Fault("/items", "exemption_entered_before", {"subject": _named(row)})]
    try:
        turned(row.use, Turn.EXEMPT, _named(row))
    except Refused as refused:
        return list(refused.faults)
    return faults_of_choice(checked.verdict, _named(row), confirmed=confirmed)


def _named(row: LedgerRow) -> str:
    return f"{row.document_no}-{row.line_no} {row.goods_name}"


def _choose(uow: UnitOfWork, merchant: UUID, checked: Checked, book: ParameterBook, actor: str, clock: Clock) -> None:
    row, verdict = checked.row, checked.verdict
    day = row.exported_on or _today(clock)
    rate = book.exchange_rate(row.currency, day)
    value = round_half_up(row.amount * rate.cny) if rate and row.amount is not None else None
    vouched = [str(each.condition) for each in verdict.findings if each.met is None]
    values = {"id": uuidv7(), "item": row.id, "merchant": merchant, "month": f"{day:%Y-%m}", "value": value, "actor": actor}
    document = verdict.basis.document if verdict.basis else ""
    try:
        run(uow.connection, _CHOOSE, {**values, "document": document, "confirmed": vouched, "at": clock.now()})
    except UniqueViolation:
        raise Refused(Fault("/items", "exemption_item_claimed", {"subject": _named(row)})) from None


def _today(clock: Clock) -> date:
    return clock.now().astimezone(SHANGHAI).date()
