"""Letting agencies state evidence through their own connection, and ending that: by document, with a term."""

from datetime import date, timedelta
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.credit.rules.sources import source_faults
from ccezone.credit.tables import CreditSource
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork


def authorise_source(
    uow: UnitOfWork, code: str, source: str, document: str, days: tuple[date, date | None], by: Principal, clock: Clock
) -> UUID:
    """Let whoever is registered under a code speak for a source. Raises ``Refused`` with everything that is wrong."""
    faults = source_faults(source, document, *days)
    known = directory(uow.connection).find(code.strip().upper())
    if known is None:
        faults.insert(0, Fault("/uscc", "party_not_registered", {"code": code.strip()}))
    if faults or known is None:
        raise Refused(*faults)
    row = CreditSource(
        id=uuidv7(),
        enterprise_id=known.id,
        source=source,
        document=document.strip(),
        valid_from=days[0],
        valid_to=days[1],
        recorded_at=clock.now(),
        recorded_by=by.actor,
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, by, "credit.source", f"enterprise:{known.id}", clock, {"source": source})
    return row.id


def end_source(uow: UnitOfWork, source_id: UUID, by: Principal, clock: Clock) -> None:
    """End an authorisation with yesterday; one that has not begun never holds. Raises ``NotFound``; one that is over stays."""
    found = uow.session.get(CreditSource, source_id)
    if found is None:
        raise NotFound(Fault("", "not_found", {"value": str(source_id)}))
    yesterday = clock.now().astimezone(SHANGHAI).date() - timedelta(days=1)
    if found.valid_to is None or found.valid_to > yesterday:
        found.valid_from = min(found.valid_from, yesterday)
        found.valid_to = yesterday
        record(uow, by, "credit.source_end", f"enterprise:{found.enterprise_id}", clock, {"source": found.source})
