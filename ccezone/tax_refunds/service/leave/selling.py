"""Sales from warehouses abroad: recorded one by one or by the table, all or nothing; never more than was sent unsold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from psycopg.errors import UniqueViolation

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.rules.leave import State
from ccezone.tax_refunds.service.leave.held import Prerefund, held

MOST = 2_000
_LONGEST = 60
_FACTS = """
SELECT i.exported_on, (SELECT coalesce(sum(s.quantity), 0) FROM overseas_sale s
    WHERE s.prerefund_id = p.id AND s.removed_at IS NULL)
FROM leave_prerefund p JOIN goods_ledger_item i ON i.id = p.item_id WHERE p.id = %(id)s
"""
_INSERT = """
INSERT INTO overseas_sale (id, merchant_id, prerefund_id, sale_no, sold_on, quantity, amount, currency, warehouse, source, entry_id,
    actor, made_at)
VALUES (%(id)s, %(merchant)s, %(prerefund)s, %(sale_no)s, %(sold_on)s, %(quantity)s, %(amount)s, %(currency)s, %(warehouse)s,
    %(source)s, NULL, %(actor)s, %(at)s)
"""
_REMOVE = """
UPDATE overseas_sale SET removed_at = %(at)s
WHERE id = %(id)s AND prerefund_id = %(prerefund)s AND removed_at IS NULL AND entry_id IS NULL
"""


@dataclass(frozen=True, slots=True)
class Sale:
    """One sale abroad by the firm's own number; ``quantity`` in the goods' unit, ``amount`` in ``currency`` (customs' code)."""

    sale_no: str
    sold_on: date
    quantity: Decimal
    amount: Decimal
    currency: str
    warehouse: str = ""


def record_sales(
    uow: UnitOfWork, merchant: UUID, prerefund_id: UUID, sales: Sequence[Sale], source: str, actor: str, clock: Clock
) -> int:
    """Record sales of a pre-refund's goods, all or none; return how many.

    Raises ``NotFound``, ``Refused``: before the export, in days to come, a number recorded before, more than was sent unsold.
    """
    known = held(uow.connection, merchant, prerefund_id)
    if known.state not in (State.DECLARED, State.OPEN):
        raise Refused(Fault("", "leave_ended"))
    if not sales or len(sales) > MOST:
        raise Refused(Fault("/sales", "required") if not sales else Fault("/sales", "too_many_lines", {"max": str(MOST)}))
    now = clock.now()
    _judge(uow.connection, known, sales, now)
    for place, sale in enumerate(sales):
        values = {"id": uuidv7(), "merchant": merchant, "prerefund": prerefund_id, "source": source, "actor": actor, "at": now}
        told = {name: getattr(sale, name) for name in ("sale_no", "sold_on", "quantity", "amount", "currency", "warehouse")}
        try:
            run(uow.connection, _INSERT, {**values, **told})
        except UniqueViolation:
            raise Refused(Fault(f"/sales/{place}/sale_no", "leave_sale_known", {"value": sale.sale_no})) from None
    return len(sales)


def remove_sale(uow: UnitOfWork, merchant: UUID, prerefund_id: UUID, sale_id: UUID, clock: Clock) -> None:
    """Take a sale back that was recorded wrongly. Raises ``NotFound``, ``Refused`` for one that was accounted for."""
    held(uow.connection, merchant, prerefund_id)
    found = fetch(
        uow.connection,
        "SELECT entry_id FROM overseas_sale WHERE id = %(id)s AND prerefund_id = %(prerefund)s AND removed_at IS NULL",
        {"id": sale_id, "prerefund": prerefund_id},
    )
    if not found:
        raise NotFound(Fault("", "not_found", {"value": str(sale_id)}))
    if not run(uow.connection, _REMOVE, {"id": sale_id, "prerefund": prerefund_id, "at": clock.now()}):
        raise Refused(Fault("", "leave_sale_counted"))


def _judge(connection: Connection, known: Prerefund, sales: Sequence[Sale], now: datetime) -> None:
    exported_on, recorded = fetch(connection, _FACTS, {"id": known.id})[0]
    today = now.astimezone(SHANGHAI).date()
    faults = [fault for place, sale in enumerate(sales) for fault in _faults(place, sale, exported_on, today)]
    total = recorded + sum((sale.quantity for sale in sales), Decimal(0)) + known.account.recovered
    if not faults and total > known.account.quantity:
        said = {"total": f"{total.normalize():f}", "unsold": f"{known.account.quantity.normalize():f}"}
        faults.append(Fault("/sales", "leave_sold_too_much", said))
    if faults:
        raise Refused(*faults)


def _faults(place: int, sale: Sale, exported_on: date, today: date) -> list[Fault]:
    pointer = f"/sales/{place}"
    faults = []
    if not sale.sale_no.strip() or len(sale.sale_no) > _LONGEST:
        faults.append(Fault(f"{pointer}/sale_no", "required"))
    if len(sale.warehouse) > _LONGEST:
        faults.append(Fault(f"{pointer}/warehouse", "too_long", {"max": str(_LONGEST), "actual": str(len(sale.warehouse))}))
    if sale.sold_on > today:
        faults.append(Fault(f"{pointer}/sold_on", "day_to_come", {"value": sale.sold_on.isoformat()}))
    elif sale.sold_on < exported_on:
        faults.append(Fault(f"{pointer}/sold_on", "leave_sold_before_export", {"exported_on": exported_on.isoformat()}))
    if sale.quantity <= 0:
        faults.append(Fault(f"{pointer}/quantity", "must_be_positive", {"value": f"{sale.quantity:f}"}))
    if sale.amount < 0:
        faults.append(Fault(f"{pointer}/amount", "must_be_positive", {"value": f"{sale.amount:f}"}))
    if not sale.currency.isdecimal() or len(sale.currency) != 3:
        faults.append(Fault(f"{pointer}/currency", "unknown_code", {"value": sale.currency}))
    return faults
