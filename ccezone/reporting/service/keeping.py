"""The periodic work: reminders before and after the due day, each once; lateness noted once the grace is over, as evidence for
credit, and taken out of it again where an officer excuses it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.credit.queries import credit_terms
from ccezone.credit.service import Reported, rejudge, reported
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.queries import book
from ccezone.reporting.queries.calendar import Owed, Wanted, counts, owed
from ccezone.reporting.queries.definitions import Due, Terms, dues, reporting_terms
from ccezone.reporting.rules.due import reminder
from ccezone.reporting.rules.states import Level, Standing
from ccezone.reporting.service.news import ReportDue
from ccezone.reporting.tables import ReportLateness
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch

_BACK, _AHEAD = timedelta(days=62), timedelta(days=31)
_MOST = 100_000
_REMIND = """
INSERT INTO report_reminder (owner, kind, period, days, at) VALUES (%(owner)s, %(kind)s, %(period)s, %(days)s, %(at)s)
ON CONFLICT DO NOTHING RETURNING days
"""
_LATE = """
INSERT INTO report_lateness (id, owner, enterprise_id, node, kind, period, due_on, noted_at, excused_by, reason)
VALUES (%(id)s, %(owner)s, %(firm)s, %(node)s, %(kind)s, %(period)s, %(due)s, %(at)s, '', '')
ON CONFLICT DO NOTHING RETURNING id
"""
_SHARE = """
SELECT count(*) FROM report_lateness WHERE enterprise_id = %(firm)s AND due_on >= %(since)s AND excused_at IS NULL
"""


def remind_of_reports(database: Database, zone: str, clock: Clock) -> int:
    """Publish every reminder that has come up and did not go out before; return how many."""
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    with database.begin() as uow:
        terms, rows = _missing(uow.connection, zone, today)
        sent = 0
        for each in rows:
            days = reminder(today, each.due_on, terms.remind_before, terms.remind_after)
            values = {"owner": each.owner, "kind": each.kind, "period": each.period, "days": days, "at": now}
            if days is not None and fetch(uow.connection, _REMIND, values):
                uow.publish(ReportDue(each.enterprise_id, each.node, each.kind, each.period, each.due_on, days, now))
                sent += 1
    return sent


def note_lateness(database: Database, zone: str, clock: Clock) -> int:
    """Note every report that is late, once, and give credit the firm's share of late reports; return how many are new."""
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    with database.begin() as uow:
        _terms, rows = _missing(uow.connection, zone, today)
        new = [each for each in rows if each.standing == Standing.LATE and _noted(uow, each, clock)]
        for firm in sorted({each.enterprise_id for each in new if each.enterprise_id}):
            last = max((each for each in new if each.enterprise_id == firm), key=lambda each: each.due_on)
            _give_evidence(uow, zone, firm, f"{last.kind} {last.period}", clock)
    return len(new)


def excuse(uow: UnitOfWork, zone: str, late_id: UUID, reason: str, by: Principal, clock: Clock) -> None:
    """Excuse a late report: it stays in the list, and no longer counts for credit.

    Raises ``NotFound``, ``NotAllowed`` for whoever is neither of the zone nor of its park, ``Refused``: no reason, done before.
    """
    row = uow.session.get(ReportLateness, late_id, with_for_update=True)
    if row is None:
        raise NotFound(Fault("", "not_found"))
    if by.node not in ("", row.node):
        raise NotAllowed(Fault("", "report_not_yours"))
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    if row.excused_at is not None:
        raise Refused(Fault("", "report_excused_before"))
    row.excused_at, row.excused_by, row.reason = clock.now(), by.actor, reason.strip()
    uow.session.flush()
    record(uow, by, "report.excuse", f"report_lateness:{late_id}", clock, {"period": row.period})
    if row.enterprise_id is not None:
        _give_evidence(uow, zone, row.enterprise_id, f"{row.kind} {row.period}", clock)


def _missing(connection: Connection, zone: str, today: date) -> tuple[Terms, Sequence[Owed]]:
    """Return what has not come of all that is due about now, with the terms of the day."""
    known = book(connection, zone)
    terms = reporting_terms(known, today)
    wanted = [due for level in Level for due in dues(known, level, today - _BACK, today + _AHEAD)]
    rows = owed(connection, Wanted(wanted, today, terms.grace_days), limit=_MOST)
    return terms, [each for each in rows if each.standing in (Standing.DUE, Standing.LATE, Standing.SENT_BACK)]


def _noted(uow: UnitOfWork, each: Owed, clock: Clock) -> bool:
    values = {"id": uuidv7(), "owner": each.owner, "firm": each.enterprise_id, "node": each.node, "kind": each.kind}
    return bool(fetch(uow.connection, _LATE, {**values, "period": each.period, "due": each.due_on, "at": clock.now()}))


def _give_evidence(uow: UnitOfWork, zone: str, firm: UUID, document: str, clock: Clock) -> None:
    today = clock.now().astimezone(SHANGHAI).date()
    credit, known = credit_terms(uow.connection, zone, today), book(uow.connection, zone)
    terms, since = reporting_terms(known, today), today - timedelta(days=credit.window_days)
    late = fetch(uow.connection, _SHARE, {"firm": firm, "since": since})[0][0]
    past: Sequence[Due] = [due for due in dues(known, Level.FIRM, since, today) if due.due_on < today]
    total = sum(counts(uow.connection, Wanted(past, today, terms.grace_days, firm=firm)).values())
    reported(uow, firm, Reported(late, max(total, late), since, document, terms.least), credit, clock)
    rejudge(uow, zone, [firm], clock)
