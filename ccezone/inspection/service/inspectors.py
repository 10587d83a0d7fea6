"""The office's list of inspectors: who may be sent, for which agency, since and until when, and whose firms they must not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from ccezone.enterprises.queries import directory
from ccezone.inspection.tables import Inspector
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from schemas.codes import code_list


@dataclass(frozen=True, slots=True)
class InspectorEntry:
    """An inspector as the office keeps one. ``code`` is the service number draws are published with, ``related`` firms' codes."""

    code: str
    name: str
    agency: str
    since: date
    until: date | None = None
    related: Sequence[str] = ()


def save_inspector(uow: UnitOfWork, entry: InspectorEntry, known_id: UUID | None = None, version: int = 0) -> UUID:
    """Add an inspector, or change one of this version. Raises ``Refused``, ``NotFound``, ``Stale``."""
    related, faults = _related(uow, entry.related)
    statement = select(Inspector).where(col(Inspector.code) == entry.code.strip().upper())
    other = uow.session.exec(statement).one_or_none()
    if other is not None and other.id != known_id:
        faults.append(Fault("/code", "inspector_known", {"value": entry.code}))
    faults += _faults(entry)
    if faults:
        raise Refused(*faults)
    row = _row(uow, known_id, version)
    row.code, row.name, row.agency = entry.code.strip().upper(), entry.name.strip(), entry.agency
    row.since, row.until, row.related = entry.since, entry.until, related
    uow.session.add(row)
    uow.session.flush()
    return row.id


def _row(uow: UnitOfWork, known_id: UUID | None, version: int) -> Inspector:
    if known_id is None:
        return Inspector(id=uuidv7(), code="", name="", agency="", since=date.min, until=None, related=[], version=1)
    row = uow.session.get(Inspector, known_id, with_for_update=True)
    if row is None:
        raise NotFound(Fault("", "not_found", {"value": str(known_id)}))
    if row.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    row.version += 1
    return row


def _faults(entry: InspectorEntry) -> list[Fault]:
    faults = [Fault(f"/{name}", "required") for name in ("code", "name") if not str(getattr(entry, name)).strip()]
    if entry.code.strip() and not (entry.code.strip().isascii() and entry.code.strip().replace("-", "").isalnum()):
        faults.append(Fault("/code", "inspector_code", {"value": entry.code}))
    if entry.agency not in code_list("inspection_agencies").codes:
        faults.append(Fault("/agency", "required"))
    if entry.until is not None and entry.until < entry.since:
        faults.append(Fault("/until", "ends_before_begin"))
    return faults


def _related(uow: UnitOfWork, codes: Sequence[str]) -> tuple[list[str], list[Fault]]:
    """Return the credit codes of firms named by either code, and a fault for each nobody knows."""
    known = {code: directory(uow.connection).find(code.strip().upper()) for code in codes if code.strip()}
    faults = [Fault("/related", "inspection_subject_unknown", {"value": code}) for code, found in known.items() if found is None]
    return sorted({found.uscc for found in known.values() if found}), faults
