"""Filing by hand whatever the list's state: itself, or in place of a cancelled one a fresh list of the same parcel.

The fresh list has a number and a course of its own; the cancelled one stays as it ended, with its receipts.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from ccezone.declarations.queries.detail import missing_fault
from ccezone.declarations.rules.windows import CANCELLED, may_file_anew
from ccezone.declarations.rules.wishes import Filing
from ccezone.declarations.service.changing import composed
from ccezone.declarations.service.forming import FormDesk
from ccezone.declarations.service.gathering import gather_parcels
from ccezone.declarations.service.news import ListMove, ListsMoved
from ccezone.declarations.service.preparing import Preparation, store_new
from ccezone.declarations.service.submitting import FILEABLE, refuse_blocked, submit_list
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.matching.service import note_orders
from ccezone.outbox.service import record_event
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch

_LIST = f"""
SELECT d.order_key, d.waybill_key, d.attempt, d.merchant_id, s.state, {FILEABLE}
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.id = %(id)s AND (%(merchant)s::uuid IS NULL OR d.merchant_id = %(merchant)s)
FOR UPDATE OF s
"""  # noqa: S608  # our own words
_LATER = "SELECT id FROM declaration_list WHERE order_key = %(order)s AND waybill_key = %(waybill)s AND attempt > %(attempt)s"


def file_list(
    desk: FormDesk, declaration_id: int, merchant_id: UUID | None, actor: str, agent: EnterpriseView | None = None
) -> int:
    """File a list by hand and return the list that goes out: this one, or a fresh one in place of it where it was cancelled.

    ``merchant_id`` and ``agent`` as in ``submit_list``. Raises ``NotFound``, or ``Refused``: a state that forbids it, bills that
    do not agree, a merchant who may not file, everything a fresh list would lack.
    """
    with desk.database.begin() as uow:
        found = fetch(uow.connection, _LIST, {"id": declaration_id, "merchant": merchant_id})
        if not found:
            raise NotFound(Fault("", "declaration_not_found", {"id": str(declaration_id)}))
        number = declaration_id
        if found[0][4] == str(CANCELLED):
            number = _fresh(uow, desk, found[0])
            record_event(uow, "list", declaration_id, desk.clock.now(), "filed_anew", actor, {"list": number})
        submit_list(desk.database.joined(uow), desk.vault, desk.clock, number, merchant_id, actor, agent)
        return number


def _fresh(uow: UnitOfWork, desk: FormDesk, row: tuple[Any, ...]) -> int:
    """Store a list in place of a cancelled one, by the bills, master data and rates of today, and return its number."""
    order_key, waybill_key, attempt, merchant, state, fileable = row
    refuse_blocked(uow, merchant)
    place = {"order": order_key, "waybill": waybill_key, "attempt": attempt}
    allowed = may_file_anew(state, replaced=bool(fetch(uow.connection, _LATER, place)))  # read after the list is held
    if not allowed.allowed:
        raise Refused(Fault("", allowed.reason, {"state": state}))
    if not fileable:
        raise Refused(Fault("", "bills_not_fileable"))
    at = desk.clock.now()
    (parcel,) = [each for each in gather_parcels(uow, desk.vault, [order_key], {}) if each.waybill_key == waybill_key]
    item = composed(uow, desk, replace(parcel, wish=replace(parcel.wish, filing=Filing.HOLD)), at)  # a person files it, below
    if item.composition.missing:
        raise Refused(*map(missing_fault, item.composition.missing))
    item.attempt = attempt + 1
    terms = desk.terms.listing(uow.connection, desk.today)
    store_new(Preparation(uow, desk.vault, terms, at, directory(uow.connection)), [item])
    uow.publish(ListsMoved(at, [ListMove(item.id, merchant, "", item.state)]))
    note_orders(uow, [order_key], at)  # bills that were merged at this very moment reach the fresh list too
    return item.id
