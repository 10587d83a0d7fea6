"""Settlement lines above what a payment institution may handle at once: parked with the rule, until an officer decides.

Huifa 2015 No.7 (pilot) and 2019 No.13: USD 50,000 a transaction. While a line of a settlement waits, nothing of it is matched.
"""

from decimal import Decimal
from uuid import UUID

from ccezone.fx.queries.gates import in_usd
from ccezone.fx.service.filing import SettlementLine, file_line, try_again
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

LIMIT = "fx.payment_institution_single_limit"
_PARK = """
INSERT INTO fx_parked_line (id, enterprise_id, reference, order_no, gross, fee, currency, in_usd, limit_usd, document, status,
    filed_at, filed_by, decision, decided_at, decided_by, note)
VALUES (%(id)s, %(firm)s, %(reference)s, %(order_no)s, %(gross)s, %(fee)s, %(currency)s, %(usd)s, %(limit)s, %(document)s,
    %(status)s, %(at)s, %(actor)s, '', NULL, '', '')
ON CONFLICT (enterprise_id, reference, order_no) DO NOTHING
"""
_KNOWN = """
SELECT gross, fee, currency FROM fx_parked_line
WHERE enterprise_id = %(firm)s AND reference = %(reference)s AND order_no = %(order_no)s
"""
_HELD = """
SELECT enterprise_id, reference, order_no, gross, fee, currency FROM fx_parked_line
WHERE id = %(id)s AND decision = '' FOR UPDATE
"""
_DECIDE = """
UPDATE fx_parked_line SET decision = %(decision)s, decided_at = %(at)s, decided_by = %(by)s, note = %(note)s WHERE id = %(id)s
"""
NEW, KNOWN, PARKED = "new", "known", "parked"


def take_line(uow: UnitOfWork, firm: UUID, line: SettlementLine, book: ParameterBook, actor: str, clock: Clock) -> str:
    """Take a settlement's line in: ``new``, ``known`` (filed before) or ``parked`` above the limit. Raises ``Refused``."""
    today = clock.now().astimezone(SHANGHAI).date()
    worth, limit = in_usd(book, line.gross, line.currency, today), book.row(LIMIT, today)
    named = {"firm": firm, "reference": line.reference, "order_no": line.order_no}
    known = fetch(uow.connection, _KNOWN, named)
    if known and known[0] != (line.gross, line.fee, line.currency):
        raise Refused(Fault("/order_no", "fx_settlement_line_differs", {"order": line.order_no, "reference": line.reference}))
    if known:
        return KNOWN
    if worth is None or worth <= Decimal(str(limit.value)):
        return NEW if file_line(uow, firm, line, actor, clock) else KNOWN
    values = {**named, "id": uuidv7(), "gross": line.gross, "fee": line.fee, "currency": line.currency, "usd": worth}
    rule = {"limit": Decimal(str(limit.value)), "document": limit.document, "status": limit.status}
    run(uow.connection, _PARK, {**values, **rule, "at": clock.now(), "actor": actor})
    return PARKED


def decide_line(uow: UnitOfWork, line_id: UUID, accept: bool, note: str, by: str, clock: Clock) -> None:
    """Accept a parked line, as handled by a bank, or drop it; its settlement is tried again. Raises ``NotFound``, ``Refused``."""
    if not note.strip():
        raise Refused(Fault("/note", "required"))
    found = fetch(uow.connection, _HELD, {"id": line_id})
    if not found:
        raise NotFound(Fault("", "not_found", {"value": str(line_id)}))
    firm, *said = found[0]
    line = SettlementLine(*said)
    values = {
        "id": line_id,
        "decision": "accepted" if accept else "dropped",
        "at": clock.now(),
        "by": by,
        "note": note.strip()[:500],
    }
    run(uow.connection, _DECIDE, values)
    if accept:
        file_line(uow, firm, line, by, clock)
    try_again(uow, firm, line.reference, clock)
