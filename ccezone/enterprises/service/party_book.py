"""Keeping a firm's party book."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from ccezone.enterprises.rules.party_book import PERSONAL, party_faults
from ccezone.enterprises.tables.party_book import PartyBookEntry
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.personal import PersonalVault


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """A party as entered. ``short_name`` tells it apart from others of its kind; ``country`` is customs' numeric code."""

    kind: str
    short_name: str
    name: str
    code: str = ""
    country: str = ""
    telephone: str = ""
    id_number: str = ""
    address: str = ""
    note: str = ""


def save_party(
    uow: UnitOfWork, vault: PersonalVault, enterprise_id: UUID, entry: PartyEntry, clock: Clock, party_id: UUID | None = None
) -> UUID:
    """Add a party, or change one; return its id. Raises ``Refused``, also for a short name taken, and ``NotFound``."""
    values = {"name": entry.name, "code": entry.code}
    faults = party_faults(entry.kind, entry.short_name, values)
    row = _row(uow, enterprise_id, party_id) if party_id else None
    if not faults and _taken(uow, enterprise_id, entry, party_id):
        faults.append(Fault("/short_name", "party_taken", {"value": entry.short_name}))
    if faults:
        raise Refused(*faults)
    now = clock.now()
    if row is None:
        row = PartyBookEntry(
            id=uuidv7(), enterprise_id=enterprise_id, kind=entry.kind, short_name="", sealed=b"", created_at=now, updated_at=now
        )
        uow.session.add(row)
    row.kind, row.short_name, row.code, row.country, row.note = (
        entry.kind,
        entry.short_name.strip(),
        entry.code,
        entry.country,
        entry.note,
    )
    row.sealed = vault.seal({name: value for name in PERSONAL if (value := str(getattr(entry, name)))})
    row.updated_at = now
    uow.session.flush()
    return row.id


def remove_party(uow: UnitOfWork, enterprise_id: UUID, party_id: UUID, clock: Clock) -> None:
    """Take a party out of the book; ``restore_party`` puts it back. Raises ``NotFound``."""
    _row(uow, enterprise_id, party_id).removed_at = clock.now()


def restore_party(uow: UnitOfWork, enterprise_id: UUID, party_id: UUID) -> None:
    """Undo a removal. Raises ``NotFound``, ``Refused`` when the short name is used again meanwhile."""
    row = _row(uow, enterprise_id, party_id, removed=True)
    if _taken(uow, enterprise_id, PartyEntry(row.kind, row.short_name, "-"), party_id):
        raise Refused(Fault("/short_name", "party_taken", {"value": row.short_name}))
    row.removed_at = None


def _row(uow: UnitOfWork, enterprise_id: UUID, party_id: UUID, *, removed: bool = False) -> PartyBookEntry:
    row = uow.session.get(PartyBookEntry, party_id)
    if row is None or row.enterprise_id != enterprise_id or (row.removed_at is not None) != removed:
        raise NotFound(Fault("", "not_found"))
    return row


def _taken(uow: UnitOfWork, enterprise_id: UUID, entry: PartyEntry, but: UUID | None) -> bool:
    known = select(PartyBookEntry.id).where(
        PartyBookEntry.enterprise_id == enterprise_id,
        PartyBookEntry.kind == entry.kind,
        PartyBookEntry.short_name == entry.short_name.strip(),
        col(PartyBookEntry.removed_at).is_(None),
    )
    return any(found != but for found in uow.session.exec(known))
