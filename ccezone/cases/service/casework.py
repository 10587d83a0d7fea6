"""Opening exception cases, working on them, closing them. Every step is added to the case's history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.accounts.rules import Principal
from ccezone.cases.rules.queues import SETTLED, Awaiting, Priority, StepKind
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from schemas.codes import code_list

LONGEST = 2000
_OPEN = """
INSERT INTO exception_case (id, kind, subject_kind, subject, enterprise_id, opened_at, detail)
VALUES (%(id)s, %(kind)s, %(subject_kind)s, %(subject)s, %(enterprise)s, %(at)s, %(detail)s)
ON CONFLICT (kind, subject_kind, subject) WHERE closed_at IS NULL DO NOTHING
"""
_CLOCK = "UPDATE exception_case SET priority = %(priority)s, due_at = %(due)s WHERE id = %(id)s"
_HOLD = """
SELECT kind, enterprise_id, owner_id, awaiting, detail FROM exception_case
WHERE id = %(id)s AND closed_at IS NULL AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s) FOR UPDATE
"""
_OWN = "UPDATE exception_case SET owner_id = %(owner)s, owner_name = %(name)s WHERE id = %(id)s"
_TAKE = """
UPDATE exception_case SET owner_id = %(owner)s, owner_name = %(name)s
WHERE id = ANY(%(ids)s::uuid[]) AND closed_at IS NULL AND owner_id IS NULL RETURNING id
"""
_PRIORITY = "UPDATE exception_case SET priority = %(priority)s WHERE id = %(id)s"
_AWAIT = "UPDATE exception_case SET awaiting = %(awaiting)s WHERE id = %(id)s"
_CLOSE = """
UPDATE exception_case SET closed_at = %(at)s, closed_by = %(actor)s, cause = %(cause)s, closing_cause = %(words)s, awaiting = ''
WHERE id = %(id)s
"""
_STEP = """
INSERT INTO case_step (id, case_id, kind, at, actor, actor_name, words, detail)
VALUES (%(id)s, %(case)s, %(kind)s, %(at)s, %(actor)s, %(name)s, %(words)s, %(detail)s)
"""
_ASKED = "SELECT EXISTS (SELECT FROM case_step WHERE case_id = %(id)s AND kind = 'asked')"


@dataclass(frozen=True, slots=True)
class By:
    """Who does a step: ``actor`` as the audit trail names them, and the name people read."""

    actor: str
    name: str
    user_id: UUID | None = None

    @classmethod
    def of(cls, principal: Principal) -> "By":
        """A signed-in person."""
        return cls(principal.actor, principal.name or principal.login, principal.user_id)


SYSTEM = By("system", "")
"""The background step that watches documents."""


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """News: a case was opened."""

    case_id: UUID
    kind: str
    subject_kind: str
    subject: int
    enterprise_id: UUID | None
    at: datetime
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """News: a step was added to a case. ``told`` says that its firm was asked about it, now or before."""

    case_id: UUID
    kind: str
    step: StepKind
    enterprise_id: UUID | None
    owner_id: UUID | None
    at: datetime
    told: bool


def open_case(
    uow: UnitOfWork,
    kind: str,
    subject_kind: str,
    subject: int,
    enterprise_id: UUID | None,
    at: datetime,
    detail: Mapping[str, object],
) -> UUID | None:
    """Open a case and return its id; while one of this kind is open for the subject nothing is added (``None``)."""
    case_id = uuidv7()
    values = {"id": case_id, "kind": kind, "subject_kind": subject_kind, "subject": subject, "enterprise": enterprise_id}
    if not run(uow.connection, _OPEN, {**values, "at": at, "detail": Jsonb(dict(detail))}):
        return None
    uow.publish(CaseOpened(case_id, kind, subject_kind, subject, enterprise_id, at, detail))
    return case_id


def set_clock(uow: UnitOfWork, case_id: UUID, priority: Priority, due_at: datetime | None) -> None:
    """Give a new case its priority and the time by which it is to be closed."""
    run(uow.connection, _CLOCK, {"id": case_id, "priority": int(priority), "due": due_at})


def take(uow: UnitOfWork, case_ids: Sequence[UUID], by: By, at: datetime) -> list[UUID]:
    """Make somebody the owner of the open cases among these that have none; return those taken."""
    values = {"owner": by.user_id, "name": by.name, "ids": list(case_ids)}
    taken: list[UUID] = [row[0] for row in fetch(uow.connection, _TAKE, values)]
    for case_id in taken:
        _step(uow, case_id, StepKind.TAKEN, by, at)
    return taken


def hand_over(uow: UnitOfWork, case_id: UUID, by: By, to: By, words: str, at: datetime) -> None:
    """Make somebody else (or oneself, taking it over) the owner. Raises ``NotFound``, ``Refused``."""
    held = _hold(uow, case_id)
    if held.owner_id == to.user_id:
        raise Refused(Fault("/owner", "case_owned_already", {"name": to.name}))
    run(uow.connection, _OWN, {"id": case_id, "owner": to.user_id, "name": to.name})
    _step(uow, case_id, StepKind.HANDED, by, at, words.strip(), {"to": to.name})
    _tell(uow, case_id, StepKind.HANDED, held, to.user_id if to.user_id != by.user_id else None, at)


def prioritise(uow: UnitOfWork, case_id: UUID, by: By, priority: Priority, at: datetime) -> None:
    """Change how pressing a case is. Raises ``NotFound``."""
    _hold(uow, case_id)
    run(uow.connection, _PRIORITY, {"id": case_id, "priority": int(priority)})
    _step(uow, case_id, StepKind.PRIORITY, by, at, "", {"priority": int(priority)})


def add_note(uow: UnitOfWork, case_id: UUID, by: By, words: str, at: datetime) -> None:
    """Add a note that only the office reads. Raises ``NotFound``, ``Refused`` without words."""
    _hold(uow, case_id)
    _step(uow, case_id, StepKind.NOTE, by, at, _said(words))


def ask_firm(uow: UnitOfWork, case_id: UUID, by: By, words: str, at: datetime) -> None:
    """Ask the firm, which is told in its message centre and by mail. Raises ``NotFound``, ``Refused``: no words, no firm."""
    held = _hold(uow, case_id)
    if held.enterprise_id is None:
        raise Refused(Fault("/words", "case_without_firm"))
    _step(uow, case_id, StepKind.ASKED, by, at, _said(words))
    run(uow.connection, _AWAIT, {"id": case_id, "awaiting": Awaiting.FIRM.value})
    _tell(uow, case_id, StepKind.ASKED, held, held.owner_id, at)


def answer(
    uow: UnitOfWork, case_id: UUID, enterprise_id: UUID, by: By, words: str, at: datetime, file: tuple[UUID, str] | None = None
) -> None:
    """Add what the firm says, perhaps with a stored file (id, name) that belongs to it.

    Raises ``NotFound`` when the firm has no such open case, ``Refused`` without words.
    """
    held = _hold(uow, case_id, enterprise_id)
    detail = {"file": str(file[0]), "file_name": file[1]} if file else None
    _step(uow, case_id, StepKind.ANSWERED, by, at, _said(words), detail)
    run(uow.connection, _AWAIT, {"id": case_id, "awaiting": Awaiting.OFFICE.value})
    _tell(uow, case_id, StepKind.ANSWERED, held, held.owner_id, at)


def close_case(uow: UnitOfWork, case_id: UUID, by: By, cause: str, words: str, at: datetime) -> None:
    """Close a case with a cause of ``case_causes`` and words. Raises ``NotFound`` when no such case is open, ``Refused``."""
    faults = [] if cause in code_list("case_causes").codes and cause != SETTLED else [Fault("/code", "case_cause")]
    if not words.strip():
        faults.append(Fault("/cause", "required"))
    if faults:
        raise Refused(*faults)
    end_case(uow, case_id, by, cause, _said(words, "/cause"), at)


def end_case(uow: UnitOfWork, case_id: UUID, by: By, cause: str, words: str, at: datetime) -> None:
    """Close a case, whoever does it. Raises ``NotFound``."""
    held = _hold(uow, case_id)
    run(uow.connection, _CLOSE, {"id": case_id, "actor": by.actor, "cause": cause, "words": words, "at": at})
    _step(uow, case_id, StepKind.CLOSED, by, at, words, {"cause": cause})
    _tell(uow, case_id, StepKind.CLOSED, held, held.owner_id, at)


@dataclass(frozen=True, slots=True)
class _Held:
    kind: str
    enterprise_id: UUID | None
    owner_id: UUID | None
    awaiting: str
    detail: Mapping[str, object]


def _hold(uow: UnitOfWork, case_id: UUID, enterprise_id: UUID | None = None) -> _Held:
    """Hold an open case until the transaction ends: two who close it at once must not both succeed."""
    rows = fetch(uow.connection, _HOLD, {"id": case_id, "enterprise": enterprise_id})
    if not rows:
        raise NotFound(Fault("", "case_not_open", {"id": str(case_id)}))
    return _Held(*rows[0])


def _step(
    uow: UnitOfWork,
    case_id: UUID,
    kind: StepKind,
    by: By,
    at: datetime,
    words: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    values = {"id": uuidv7(), "case": case_id, "kind": kind.value, "at": at, "actor": by.actor, "name": by.name, "words": words}
    run(uow.connection, _STEP, {**values, "detail": Jsonb(dict(detail or {}))})


def _tell(uow: UnitOfWork, case_id: UUID, step: StepKind, held: _Held, owner_id: UUID | None, at: datetime) -> None:
    told = bool(fetch(uow.connection, _ASKED, {"id": case_id})[0][0])
    uow.publish(CaseMoved(case_id, held.kind, step, held.enterprise_id, owner_id, at, told))


def _said(words: str, pointer: str = "/words") -> str:
    said = words.strip()
    if not said:
        raise Refused(Fault(pointer, "required"))
    if len(said) > LONGEST:
        raise Refused(Fault(pointer, "too_long", {"max": str(LONGEST), "actual": str(len(said))}))
    return said
