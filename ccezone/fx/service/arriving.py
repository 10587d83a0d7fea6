"""Receipts told together, by API or workbook: each is judged for itself, and what is on record word for word does no harm."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ccezone.fx.rules.parts import receipt_reference
from ccezone.fx.service.receipts import Money, report
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch

_TOLD = """
SELECT id, number FROM fx_receipt
WHERE enterprise_id = %(firm)s AND account = %(account)s AND bank_reference = %(bank_reference)s AND currency = %(currency)s
    AND amount = %(amount)s AND payer = %(payer)s AND value_date = %(value_date)s AND kind = %(kind)s
    AND settlement_reference = %(settlement_reference)s
"""
_NUMBER = "SELECT number FROM fx_receipt WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One receipt of a delivery: on record now, ``replayed`` if it was before; or refused with ``faults``."""

    position: int
    id: UUID | None = None
    number: int = 0
    replayed: bool = False
    faults: Sequence[Fault] = ()

    @property
    def reference(self) -> str:
        """The name people use."""
        return receipt_reference(self.number)


def take_receipts(
    uow: UnitOfWork, firm: UUID, moneys: Sequence[tuple[int, Money]], origin: str, actor: str, clock: Clock
) -> Sequence[Arrived]:
    """Take receipts in, each under its position; return what became of each, in turn."""
    return [_taken(uow, firm, place, money, origin, actor, clock) for place, money in moneys]


def _taken(uow: UnitOfWork, firm: UUID, place: int, money: Money, origin: str, actor: str, clock: Clock) -> Arrived:
    if known := _told(uow.connection, firm, money):
        return Arrived(place, *known, replayed=True)
    try:
        made = report(uow, firm, money, origin, actor, clock)
    except Refused as refused:
        return Arrived(place, faults=refused.faults)
    [(number,)] = fetch(uow.connection, _NUMBER, {"id": made})
    return Arrived(place, made, number)


def _told(connection: Connection, firm: UUID, money: Money) -> tuple[UUID, int] | None:
    named = {name: getattr(money, name) for name in Money.__dataclass_fields__}
    found = fetch(connection, _TOLD, {"firm": firm, **named})
    return (found[0][0], found[0][1]) if found else None
