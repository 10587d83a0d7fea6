"""Payment institutions' settlement files: which orders a sum they pay out belongs to (Huifa 2019 No.13: electronic trade data)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run

_CENT = Decimal("0.01")
_INSERT = """
INSERT INTO fx_settlement_line (id, enterprise_id, reference, order_no, gross, fee, currency, filed_at, filed_by)
VALUES (%(id)s, %(firm)s, %(reference)s, %(order_no)s, %(gross)s, %(fee)s, %(currency)s, %(at)s, %(actor)s)
ON CONFLICT (enterprise_id, reference, order_no) DO NOTHING RETURNING id
"""
_STORED = """
SELECT gross, fee, currency FROM fx_settlement_line
WHERE enterprise_id = %(firm)s AND reference = %(reference)s AND order_no = %(order_no)s
"""
_LINES = """
SELECT reference, order_no, gross, fee, currency FROM fx_settlement_line
WHERE enterprise_id = %(firm)s AND reference = %(reference)s AND NOT EXISTS (
    SELECT FROM fx_parked_line p WHERE p.enterprise_id = %(firm)s AND p.reference = %(reference)s AND p.decision = '') ORDER BY id
"""
_AGAIN = """
UPDATE fx_receipt SET tried = false, state = 'reported', version = version + 1, updated_at = %(at)s
WHERE enterprise_id = %(firm)s AND settlement_reference = %(reference)s AND state = 'unmatched'
"""


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """A line: an order's gross amount and what was kept back of it, in the currency that is paid out."""

    reference: str
    order_no: str
    gross: Decimal
    fee: Decimal
    currency: str


def file_line(uow: UnitOfWork, firm: UUID, line: SettlementLine, actor: str, clock: Clock) -> bool:
    """Take a line in; return whether it is new. Raises ``Refused``: a wrong amount, or the same order with another one."""
    faults = []
    if line.gross < _CENT:
        faults.append(Fault("/gross", "fx_amount_positive"))
    if not 0 <= line.fee < line.gross:
        faults.append(Fault("/fee", "fx_fee_range"))
    if not line.reference or not line.order_no:
        faults.append(Fault("/reference" if not line.reference else "/order_no", "required"))
    if faults:
        raise Refused(*faults)
    values = {"firm": firm, "reference": line.reference, "order_no": line.order_no, "gross": line.gross, "fee": line.fee}
    if fetch(uow.connection, _INSERT, {"id": uuidv7(), **values, "currency": line.currency, "at": clock.now(), "actor": actor}):
        return True
    if fetch(uow.connection, _STORED, values)[0] != (line.gross, line.fee, line.currency):
        raise Refused(Fault("/order_no", "fx_settlement_line_differs", {"order": line.order_no, "reference": line.reference}))
    return False


def try_again(uow: UnitOfWork, firm: UUID, reference: str, clock: Clock) -> int:
    """Have receipts that wait for a settlement's lines tried anew, now that they are there; return how many."""
    return run(uow.connection, _AGAIN, {"firm": firm, "reference": reference, "at": clock.now()})


def settlement_lines(connection: Connection, firm: UUID, reference: str) -> Sequence[SettlementLine]:
    """Return what a settlement file says of a reference; nothing while a line of it waits above its limit."""
    return [SettlementLine(*row) for row in fetch(connection, _LINES, {"firm": firm, "reference": reference})]
