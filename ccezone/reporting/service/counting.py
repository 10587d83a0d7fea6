"""Accepted reports in the zone's figures: what they say beyond everything else the hub counts, once, until another edition does.

Months only: shorter and longer reports tell of the same trade again. A firm's own report counts as its report, rolled up; a park's
as a park's estimate (``model``) of firms that have none accepted. Feeds of the office count before reports. Done by a job of the
whole zone, asked for in the transaction that accepts: somebody of a park may not write the zone's feeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.kernel.clock import Clock, FixedClock
from ccezone.kernel.errors import Refused
from ccezone.reporting.queries.definitions import asked
from ccezone.reporting.queries.facts import facts_of
from ccezone.reporting.queries.reports import Author, ReportView, accepted, numbers, report_by_id
from ccezone.reporting.rules.beyond import Beyond, beyond
from ccezone.reporting.rules.checking import added
from ccezone.reporting.rules.states import Level, State
from ccezone.reporting.service.news import ReportMoved
from ccezone.statistics.rules import YUAN
from ccezone.statistics.rules.periods import Kind, Period
from ccezone.statistics.rules.supplements import LONGEST, Method, Source
from ccezone.statistics.service.supplements import Feed, row_faults, take, undo
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch
from ccezone.storage.holding import hold
from ccezone.storage.reach import reached

JOB = "report_counting"
HUB = "hub"
"""Who takes these feeds: by that they are told from what officers feed by hand."""
_MODEL = "model"
_STANDING = """
SELECT DISTINCT b.id FROM supplement_batch b JOIN supplement_line l ON l.batch_id = b.id
WHERE b.taken_by = 'hub' AND b.undone_at IS NULL AND b.period = %(period)s AND b.source = ANY(%(sources)s)
    AND (%(code)s = '' OR l.enterprise_code = %(code)s) AND (%(node)s = '' OR l.node = %(node)s)
"""
_FED = """
SELECT f.flow, f.country, sum(f.cny), sum(f.parcels) FROM supplement_fact f LEFT JOIN supplement_batch b ON b.id = f.batch_id
WHERE f.merchant_id = %(firm)s AND f.day BETWEEN %(since)s AND %(until)s AND f.standing = 'counted' AND f.cny > 0
    AND b.taken_by IS DISTINCT FROM 'hub'
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of one firm's period: by which report, as what, by which method."""

    report: ReportView
    firm: EnterpriseView
    figures: Mapping[str, Decimal]
    source: Source
    method: Method


def ask_to_count(uow: UnitOfWork, news: object) -> None:
    """Have an accepted report of a month counted, as far as who accepted it sees jobs."""
    if isinstance(news, ReportMoved) and news.state == State.ACCEPTED and news.kind == Kind.MONTHLY:
        reach = reached(uow.connection)
        nodes = {"nodes": reach.spelled} if reach else {}
        request_job(uow, JOB, FixedClock(news.at), arguments={"report": str(news.report_id), **nodes})


@dataclass
class CountReport:
    """Does the jobs of ``ask_to_count``."""

    database: Database
    clock: Clock

    def __call__(self, work: Work) -> Outcome:
        with self.database.begin() as uow:
            return Outcome({"lines": count_report(uow, UUID(work.arguments["report"]), self.clock)})


def count_report(uow: UnitOfWork, report_id: UUID, clock: Clock) -> int:
    """Count an accepted report, and take back what stood for it; return how many lines it adds.

    The same whenever repeated; a report that another edition superseded meanwhile is left alone. Raises ``Refused``: a line of
    it cannot be taken, and nothing is.
    """
    known = report_by_id(uow.connection, report_id)
    if known is None or known.state != State.ACCEPTED or known.kind != Kind.MONTHLY:
        return 0
    hold(uow.connection, "report_counting", known.period)
    firms = directory(uow.connection).by_id
    if known.level == Level.FIRM and known.enterprise_id:
        firm = firms[known.enterprise_id]
        _take_back(uow, known, [Source.ENTERPRISE, Source.PARK], clock, code=firm.uscc)
        told = [_Told(known, firm, numbers(known.figures), Source.ENTERPRISE, Method.ROLL_UP)]
    else:
        _take_back(uow, known, [Source.PARK], clock, node=known.node)
        told = [
            _Told(known, firms[UUID(part["enterprise_id"])], numbers(part["figures"]), Source.PARK, Method.MODEL)
            for part in known.parts
            if part["method"] == _MODEL and not _reported(uow.connection, UUID(part["enterprise_id"]), known)
        ]
    return sum(_add(uow, each, clock) for each in told)


def _reported(connection: Connection, firm: UUID, known: ReportView) -> bool:
    return accepted(connection, Author(Level.FIRM, firm, known.node, known.kind), known.period) is not None


def _take_back(uow: UnitOfWork, known: ReportView, sources: list[Source], clock: Clock, code: str = "", node: str = "") -> None:
    values = {"period": known.period, "sources": [each.value for each in sources], "code": code, "node": node}
    for (batch_id,) in fetch(uow.connection, _STANDING, values):
        undo(uow, batch_id, f"以 {known.spelled} 为准 replaced by {known.spelled}", HUB, clock)


def _add(uow: UnitOfWork, told: _Told, clock: Clock) -> int:
    rows = [_row(told, line) for line in beyond(told.figures, _counted_already(uow.connection, told.firm.id, told.report.span))]
    if wrong := row_faults(uow.connection, told.source, rows, clock):
        raise Refused(*(fault for faults in wrong.values() for fault in faults))
    if not rows:
        return 0
    feed = Feed(told.source, told.method, told.firm.name[:LONGEST], told.report.period, told.report.spelled)
    return take(uow, feed, rows, HUB, clock).lines


def _row(told: _Told, line: Beyond) -> dict[str, str]:
    """Spell a line as feeds do, on the last day of its period. Which mode it went by is not told by country: the source stands."""
    return {
        "day": str(told.report.span.until),
        "flow": line.flow,
        "country": line.country,
        "currency": YUAN,
        "amount": f"{line.amount:f}",
        "parcels": str(line.parcels),
        "document_no": f"{told.report.spelled}/{told.firm.uscc}/{line.flow}/{line.country}",
        "enterprise_code": told.firm.uscc,
        "node": told.report.node,
    }


def _counted_already(connection: Connection, firm: UUID, span: Period) -> dict[str, Decimal]:
    """Return what counts for a firm's period without its reports, by key of a report: its lists, and what feeds say of it."""
    fed: dict[str, Decimal] = {}
    values = {"firm": firm, "since": span.since, "until": span.until}
    for flow, country, worth, parcels in fetch(connection, _FED, values):
        name = "export" if flow == "E" else "import"
        for key, value in ((f"{name}_value", worth), (f"{name}_country.{country}", worth), ("parcels", parcels)):
            fed[key] = fed.get(key, Decimal(0)) + value
    wants = asked(span.kind)
    return added(wants, [facts_of(connection, [firm], span, wants), fed])
