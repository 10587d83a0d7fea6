"""The general-taxpayer pilot of a firm: an officer sets it by a document from a day on, and ends it with a reason."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from psycopg.errors import UniqueViolation

from ccezone.accounts.rules import Principal, Role
from ccezone.accounts.service import record
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

LONGEST = 500
_SET = """
INSERT INTO taxpayer_pilot (id, merchant_id, document, begins_on, ends_on, set_at, set_by, set_name, ended_on, ended_reason,
    ended_at, ended_by, ended_name, version)
VALUES (%(id)s, %(firm)s, %(document)s, %(begins)s, %(ends)s, %(at)s, %(actor)s, %(name)s, NULL, '', NULL, '', '', 1)
"""
_HELD = "SELECT id, begins_on, version FROM taxpayer_pilot WHERE merchant_id = %(firm)s AND ended_at IS NULL FOR UPDATE"
_END = """
UPDATE taxpayer_pilot SET ended_on = %(day)s, ended_reason = %(reason)s, ended_at = %(at)s, ended_by = %(actor)s,
    ended_name = %(name)s, version = version + 1 WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Taking:
    """A part in the pilot: by which document, from when, till when if the document says so (both days included)."""

    document: str
    begins_on: date
    ends_on: date | None


def set_pilot(uow: UnitOfWork, firm: UUID, taking: Taking, by: Principal, clock: Clock) -> UUID:
    """Let a firm take part. Raises ``NotAllowed``, ``Refused``: no document, days out of order, it takes part already."""
    _officer(by)
    faults = _text_faults("/document", taking.document)
    if taking.ends_on is not None and taking.ends_on < taking.begins_on:
        faults.append(Fault("/ends_on", "ends_before_begin"))
    if faults:
        raise Refused(*faults)
    number = uuidv7()
    said = {"document": taking.document.strip(), "begins": taking.begins_on, "ends": taking.ends_on}
    try:
        run(uow.connection, _SET, {"id": number, "firm": firm, "at": clock.now(), "actor": by.actor, "name": by.name, **said})
    except UniqueViolation:
        raise Refused(Fault("", "pilot_lives")) from None
    record(uow, by, "taxpayer_pilot.set", f"enterprise:{firm}", clock, {"pilot": str(number)})
    return number


def end_pilot(uow: UnitOfWork, firm: UUID, version: int, day: date, reason: str, by: Principal, clock: Clock) -> None:
    """End a firm's part on a day, the first without it. Raises ``NotAllowed``, ``NotFound``, ``Stale``, ``Refused``."""
    _officer(by)
    found = fetch(uow.connection, _HELD, {"firm": firm})
    if not found:
        raise NotFound(Fault("", "not_found", {"value": str(firm)}))
    number, begins, current = found[0]
    if version != current:
        raise Stale(Fault("", "changed_meanwhile"))
    faults = _text_faults("/reason", reason)
    if day < begins:
        faults.append(Fault("/ended_on", "ends_before_begin"))
    if day > clock.now().astimezone(SHANGHAI).date():
        faults.append(Fault("/ended_on", "day_to_come", {"value": day.isoformat()}))
    if faults:
        raise Refused(*faults)
    said = {"id": number, "day": day, "reason": reason.strip(), "at": clock.now(), "actor": by.actor, "name": by.name}
    run(uow.connection, _END, said)
    record(uow, by, "taxpayer_pilot.end", f"enterprise:{firm}", clock, {"pilot": str(number)})


def _officer(by: Principal) -> None:
    if by.role != Role.ZONE_OFFICER:
        raise NotAllowed(Fault("", "not_allowed"))


def _text_faults(pointer: str, text: str) -> list[Fault]:
    if not text.strip():
        return [Fault(pointer, "required")]
    return [Fault(pointer, "too_long", {"max": str(LONGEST), "actual": str(len(text))})] if len(text) > LONGEST else []
