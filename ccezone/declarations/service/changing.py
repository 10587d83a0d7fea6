"""Changing a declaration by hand: before it is sent its wish alone; once customs holds it, a change (appType 2) with its own guid.

Allowed after a rejection or before review (errors -621011, -621012). What stood before is kept aside: it stands again when
customs' system refuses the change.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ccezone.declarations.queries.detail import missing_fault
from ccezone.declarations.queries.wishes import wish_of
from ccezone.declarations.rules.lifecycle import BEFORE_SENDING, ended_unsuccessfully
from ccezone.declarations.rules.windows import may_change
from ccezone.declarations.rules.wishes import Wish, merged, wish_faults
from ccezone.declarations.service.cancelling import OPEN_STATES
from ccezone.declarations.service.composing import Composer, Prepared
from ccezone.declarations.service.documents import content_digest
from ccezone.declarations.service.forming import FormDesk
from ccezone.declarations.service.gathering import Parcel, existing_lists, gather_master_data, gather_parcels
from ccezone.declarations.service.news import ListMove, ListsMoved
from ccezone.declarations.service.preparing import cop_no, filing_of, rebuild
from ccezone.declarations.service.submitting import CHANGE, FILEABLE, file_lists, mark_queued, refuse_blocked
from ccezone.declarations.service.wishing import save_wish
from ccezone.import_tax.queries import used
from ccezone.import_tax.service import give_back
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.matching.service import note_orders
from ccezone.outbox.service import record_event
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

_LIST = f"""
SELECT d.order_key, d.waybill_key, d.merchant_id, d.flow, d.trade_mode, s.state, s.submission, s.list_no, s.eport_no,
    {FILEABLE},
    EXISTS (SELECT FROM cancellation c WHERE c.declaration_id = d.id AND c.state IN {OPEN_STATES})
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.id = %(id)s AND (%(merchant)s::uuid IS NULL OR d.merchant_id = %(merchant)s)
FOR UPDATE OF s
"""  # noqa: S608  # our own words
_KEEP = """
INSERT INTO list_change (declaration_id, number, former, trade_mode, declaration_path, transmitter_code, total_value,
    content_digest, content, personal, buyer_digest, tax)
SELECT d.id, %(number)s, %(former)s, d.trade_mode, d.declaration_path, d.transmitter_code, d.total_value, d.content_digest,
    d.content, d.personal, d.buyer_digest, d.tax
FROM declaration_list d WHERE d.id = %(id)s
"""


def change_list(desk: FormDesk, declaration_id: int, merchant_id: UUID | None, wish: Wish, actor: str) -> bool:
    """Let a list say what a person wants; return whether that went out as a change of what customs holds.

    What ``wish`` leaves out stays as it is, an empty text takes back what was stated. Raises ``NotFound``, or ``Refused``: not
    in this state, bills that do not agree, everything the changed list would lack, nothing to change.
    """
    with desk.database.begin() as uow:
        found = fetch(uow.connection, _LIST, {"id": declaration_id, "merchant": merchant_id})
        if not found:
            raise NotFound(Fault("", "declaration_not_found", {"id": str(declaration_id)}))
        order_key, waybill_key, merchant, flow, mode, state, *_ = found[0]
        now, held = desk.clock.now(), state in BEFORE_SENDING
        _refuse_wrong(uow, found[0], held=held)
        said = merged(wish_of(uow.connection, order_key, waybill_key), wish)
        said = said if said.trade_mode else merged(Wish(trade_mode=mode), said)
        if faults := wish_faults(said, flow):
            raise Refused(*faults)
        save_wish(uow, order_key, merchant, said, actor, now, waybill_key)
        record_event(uow, "list", declaration_id, now, "changed_by_hand", actor)
        if held:
            note_orders(uow, [order_key], now)
            return False
        parcels = gather_parcels(uow, desk.vault, [order_key], existing_lists(uow, [order_key]))
        (parcel,) = [each for each in parcels if each.waybill_key == waybill_key]
        _file_change(uow, desk, parcel, found[0], actor, now)
        return True


def _refuse_wrong(uow: UnitOfWork, row: tuple[Any, ...], *, held: bool) -> None:
    _, _, merchant, _, _, state, _, _, _, fileable, pending = row
    refuse_blocked(uow, merchant)
    allowed = may_change(state, pending)
    if not held and not allowed.allowed:
        raise Refused(Fault("", allowed.reason, {"state": state}))
    if not held and not fileable:
        raise Refused(Fault("", "bills_not_fileable"))


def _file_change(uow: UnitOfWork, desk: FormDesk, parcel: Parcel, row: tuple[Any, ...], actor: str, at: datetime) -> None:
    existing = parcel.existing
    if existing is None:
        raise LookupError("a list that is there has a parcel")
    item = composed(uow, desk, parcel, at, changing=True)
    item.composition.head["cop_no"] = cop_no(desk.terms.listing(uow.connection, desk.today).zone, existing.id)
    if item.composition.missing:
        raise Refused(*map(missing_fault, item.composition.missing))
    if content_digest(item.composition) == existing.content_digest:
        raise Refused(Fault("", "nothing_changed"))
    faults = desk.deliveries.faults(item.mode.message_type, {**item.composition.head, "lines": item.composition.lines})
    if faults:
        raise Refused(*faults)
    state, former, list_no, eport_no = row[5:9]
    item.id, number = existing.id, existing.filings + 1
    if not ended_unsuccessfully(state):
        run(uow.connection, _KEEP, {"id": item.id, "number": number, "former": former})
        if existing.buyer_digest is not None:
            give_back(uow, [(existing.buyer_digest, item.id, former)], at)
    rebuild(uow, desk.vault, item)
    filing = filing_of(item, existing.filings, CHANGE, {"list_no": list_no or "", "eport_no": eport_no or ""})
    mark_queued(uow, [filing], at)
    file_lists(uow, desk.vault, [filing], at, actor)
    uow.publish(ListsMoved(at, [ListMove(item.id, parcel.merchant_id, state, "queued", eport_no, list_no)]))


def composed(uow: UnitOfWork, desk: FormDesk, parcel: Parcel, at: datetime, *, changing: bool = False) -> Prepared:
    """Compose one list by what is known now; ``changing`` what customs holds. Raises ``Refused`` where no mode is for it."""
    buyers = [parcel.buyer_digest] if parcel.buyer_digest is not None else []
    spent: dict[int, Decimal] = used(uow.connection, buyers, desk.today.year) if buyers else {}
    terms = desk.terms.listing(uow.connection, desk.today)
    composer = Composer(terms, at, gather_master_data(uow, [parcel]), spent, changing=changing)
    item = composer.compose(parcel)
    if item is None:
        raise Refused(Fault("/trade_mode", "mode_not_for_order", {"value": parcel.wish.trade_mode, "order_type": ""}))
    return item
