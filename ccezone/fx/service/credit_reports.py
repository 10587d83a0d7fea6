"""Marking trade-credit reports as made, taking a mark back, and reminding firms of what is due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.fx.queries.reports import per_firm, to_report, undeclared
from ccezone.fx.rules.reports import DueTerms, Exposure, ReportTerms
from ccezone.fx.service.news import DueTold
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.holidays import published_calendar
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch, run

MOST_AT_ONCE = 200
TermsOf = Callable[[Connection, ParameterBook, datetime], DueTerms]
_EVERYBODY = 5_000
_INSERT = """
INSERT INTO fx_credit_report (id, enterprise_id, receipt_id, order_key, currency, amount, since, reported_on, reference, at, actor,
    name)
VALUES (%(id)s, %(firm)s, %(receipt)s, %(order)s, %(currency)s, %(amount)s, %(since)s, %(on)s, %(reference)s, %(at)s, %(actor)s,
    %(name)s)
ON CONFLICT DO NOTHING RETURNING id
"""
_WITHDRAW = """
UPDATE fx_credit_report SET withdrawn_at = %(at)s
WHERE id = %(id)s AND withdrawn_at IS NULL AND (%(firm)s::uuid IS NULL OR enterprise_id = %(firm)s)
"""
_TOLD = "SELECT enterprise_id, told_on, reports, declarations FROM fx_reminder FOR UPDATE"
_TELL = """
INSERT INTO fx_reminder (enterprise_id, told_on, reports, declarations) VALUES (%(firm)s, %(day)s, %(reports)s, %(declarations)s)
ON CONFLICT (enterprise_id) DO UPDATE SET told_on = excluded.told_on, reports = excluded.reports,
    declarations = excluded.declarations
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What somebody says was reported: which exposures (a receipt's id or an order's key), when, and the report's own number."""

    kind: Exposure
    subjects: Sequence[str]
    reported_on: date
    reference: str


def mark_reported(
    uow: UnitOfWork, firm: UUID | None, made: Made, terms: ReportTerms, tolerance: Decimal, by: tuple[str, str], clock: Clock
) -> int:
    """Mark exposures as reported, all or none; ``by`` is actor and name. ``firm``: the one who says so, ``None`` for an officer.

    Raises ``Refused``: none chosen, no number, a day to come or before the exposure began; ``NotFound``: another firm's, or
    nothing open.
    """
    faults = _faults(made, terms.today)
    if faults:
        raise Refused(*faults)
    for subject in dict.fromkeys(made.subjects):
        found = to_report(uow.connection, firm, made.kind, terms, tolerance, 1, subject)
        if not found:
            raise NotFound(Fault("", "not_found", {"value": subject}))
        if made.reported_on < found[0].since:
            raise Refused(Fault("/reported_on", "fx_report_before", {"name": found[0].name, "day": found[0].since.isoformat()}))
        advance = made.kind is Exposure.ADVANCE
        values = {
            "id": uuidv7(),
            "firm": found[0].enterprise_id,
            "receipt": UUID(subject) if advance else None,
            "order": None if advance else int(subject),
            "currency": found[0].currency,
            "amount": found[0].amount,
            "since": found[0].since,
            "on": made.reported_on,
            "reference": made.reference.strip(),
            "at": clock.now(),
            "actor": by[0],
            "name": by[1],
        }
        fetch(uow.connection, _INSERT, values)
    return len(set(made.subjects))


def withdraw_report(uow: UnitOfWork, firm: UUID | None, report_id: UUID, clock: Clock) -> None:
    """Take a mark back that was a mistake; the exposure is due again. Raises ``NotFound``."""
    if not run(uow.connection, _WITHDRAW, {"id": report_id, "firm": firm, "at": clock.now()}):
        raise NotFound(Fault("", "not_found", {"value": str(report_id)}))


def remind_of_dues(database: Database, book_of: Callable[[Connection], ParameterBook], terms_of: TermsOf, clock: Clock) -> int:
    """Tell firms, once a day, that more is to be reported or declared than they were last told; return how many were told."""
    with database.begin() as uow:
        found = terms_of(uow.connection, book_of(uow.connection), clock.now())
        terms, tolerance, declared_in = found.reports, found.tolerance, found.declared_in
        due = [each for kind in Exposure for each in to_report(uow.connection, None, kind, terms, tolerance, _EVERYBODY)]
        reports, declarations = per_firm(due), _undeclared(uow.connection, declared_in, terms.today)
        known = {row[0]: row[1:] for row in fetch(uow.connection, _TOLD)}
        told = 0
        for firm in sorted({*reports, *declarations, *known}):
            now = (reports.get(firm, 0), declarations.get(firm, 0))
            day, *before = known.get(firm, (None, 0, 0))
            more = now[0] > before[0] or now[1] > before[1]
            if more and day != terms.today:
                uow.publish(DueTold(firm, *now, clock.now()))
                told += 1
            if (more and day != terms.today) or now[0] < before[0] or now[1] < before[1]:
                values = {"firm": firm, "day": terms.today if more else day, "reports": now[0], "declarations": now[1]}
                run(uow.connection, _TELL, values)
    return told


def _undeclared(connection: Connection, days: int, today: date) -> dict[UUID, int]:
    """Count receipts whose declaration is due today or was before."""
    found: dict[UUID, int] = {}
    for each in undeclared(connection, None, days, published_calendar(), _EVERYBODY):
        if each.due_on <= today:
            found[each.enterprise_id] = found.get(each.enterprise_id, 0) + 1
    return found


def _faults(made: Made, today: date) -> list[Fault]:
    faults = [] if made.subjects else [Fault("/subjects", "fx_report_none")]
    if len(made.subjects) > MOST_AT_ONCE:
        faults.append(Fault("/subjects", "fx_too_many_reports", {"max": str(MOST_AT_ONCE)}))
    if not made.reference.strip():
        faults.append(Fault("/reference", "required"))
    if made.reported_on > today:
        faults.append(Fault("/reported_on", "fx_day_to_come", {"value": made.reported_on.isoformat()}))
    return faults
