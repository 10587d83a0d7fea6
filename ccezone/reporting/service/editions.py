"""What every step of a report needs: finding the edition as it was read, moving it, noting who did it, freezing it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.accounts.rules import Principal
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.queries import book
from ccezone.reporting.queries.definitions import asked, reporting_terms
from ccezone.reporting.queries.facts import facts_of
from ccezone.reporting.queries.reports import Author, ReportView, editions, last_accepted, numbers, report_by_id
from ccezone.reporting.rules.checking import Beside, variances
from ccezone.reporting.rules.states import UNDER_WAY, Level, State
from ccezone.reporting.service.news import ReportMoved
from ccezone.reporting.tables import FiledReport, ReportStep
from ccezone.statistics.rules.periods import Kind, Period, period, period_of
from ccezone.statistics.rules.returns import canonical, digest
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import run

MOST_WORDS = 500
_MOVE = """
UPDATE filed_report SET state = %(state)s, version = version + 1 WHERE id = %(id)s AND state = %(from)s AND version = %(version)s
"""
_FREEZE = """
UPDATE filed_report SET state = 'submitted', version = version + 1, facts = %(facts)s, former = %(former)s,
    variances = %(variances)s, submitted_at = %(at)s, submitted_by = %(by)s, digest = %(digest)s
WHERE id = %(id)s AND state = 'draft' AND version = %(version)s
"""
_KEEP = """
UPDATE filed_report SET figures = %(figures)s, explanations = %(explanations)s, version = version + 1
WHERE id = %(id)s AND state = 'draft' AND version = %(version)s
"""


def found(uow: UnitOfWork, report_id: UUID, version: int, state: State, firm: UUID | None = None) -> ReportView:
    """Return an edition in a state, as somebody read it. Raises ``NotFound``, ``Refused``, ``Stale``."""
    known = report_by_id(uow.connection, report_id, firm)
    if known is None:
        raise NotFound(Fault("", "report_not_found"))
    if known.state != state:
        raise Refused(Fault("", "report_wrong_state"))
    if known.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    return known


def readable(kind: str, name: str) -> Period:
    """Read a period. Raises ``Refused``."""
    try:
        return period(Kind(kind), name)
    except ValueError:
        raise Refused(Fault("/period", "return_bad_period", {"value": name})) from None


def judged_edition(connection: Connection, author: Author, name: str, reason: str) -> ReportView | None:
    """Return the newest edition that another one may follow. Raises ``Refused``: one is under way, or no reason is given."""
    newest = next(iter(editions(connection, author, name)), None)
    if newest is not None and newest.state in UNDER_WAY:
        raise Refused(Fault("", "report_under_way", {"number": newest.spelled}))
    if newest is not None and newest.state == State.ACCEPTED and not reason.strip():
        raise Refused(Fault("/reason", "report_reason_needed", {"number": newest.spelled}))
    return newest


def opened(
    uow: UnitOfWork, author: Author, name: str, newest: ReportView | None, content: Mapping[str, Any], by: Principal, clock: Clock
) -> UUID:
    """Add the next edition, as a draft; ``content`` holds what it says from the beginning, and its ``reason``."""
    report_id = uuidv7()
    plain: dict[str, Any] = {"reason": "", "figures": {}, "explanations": {}, "parts": [], **content}
    uow.session.add(FiledReport(
        id=report_id, level=author.level, enterprise_id=author.enterprise_id, node=author.node, kind=author.kind, period=name,
        edition=newest.edition + 1 if newest else 1, state=State.DRAFT, facts={}, former={}, variances=[],
        opened_at=clock.now(), opened_by=by.actor, version=1, **plain,
    ))  # fmt: skip
    uow.session.flush()
    return report_id


def keep_draft(uow: UnitOfWork, known: ReportView, figures: Mapping[str, str], explanations: Mapping[str, str]) -> None:
    """Write what a draft says now. Raises ``Refused``: an explanation is too long; ``Stale``."""
    words = {name: text.strip() for name, text in explanations.items() if text.strip()}
    faults = [
        Fault(f"/{name}", "too_long", {"max": str(MOST_WORDS), "actual": str(len(text))})
        for name, text in words.items()
        if len(text) > MOST_WORDS
    ]
    if faults:
        raise Refused(*faults)
    values = {"id": known.id, "version": known.version, "figures": Jsonb(dict(figures)), "explanations": Jsonb(words)}
    if not run(uow.connection, _KEEP, values):
        raise Stale(Fault("", "changed_meanwhile"))


def doubted(connection: Connection, zone: str, known: ReportView, clock: Clock) -> dict[str, Any]:
    """Judge a draft as it would be judged if it was sent now: the hub's own figures, the period before, each doubt."""
    span, wants = known.span, asked(known.kind)
    firms = [known.enterprise_id] if known.enterprise_id else [UUID(part["enterprise_id"]) for part in known.parts]
    facts = facts_of(connection, firms, span, wants)
    before = last_accepted(connection, known.author, span.name)
    adjoining = before and before.period == _period_before(span).name
    former = numbers(before.figures) if before and adjoining else {}
    today = clock.now().astimezone(SHANGHAI).date()
    limits = reporting_terms(book(connection, zone), today).limits
    doubts = variances(wants, numbers(known.figures), Beside(former, facts), limits)
    rows = [
        {
            "name": each.name,
            "check": each.check.value,
            "key": each.key,
            "reported": _spelled(each.reported),
            "expected": _spelled(each.expected),
            "explanation": known.explanations.get(each.name, ""),
        }
        for each in doubts
    ]
    return {"facts": _all(facts), "former": _all(former), "variances": rows}


def send(uow: UnitOfWork, zone: str, known: ReportView, action: str, by: Principal, clock: Clock) -> None:
    """Freeze a draft and send it. Raises ``Refused``: nothing stands in it, its period is not over, a doubt is unexplained."""
    if known.span.until >= clock.now().astimezone(SHANGHAI).date():
        raise Refused(Fault("", "report_not_over", {"until": str(known.span.until)}))
    if not known.figures:
        raise Refused(Fault("", "report_empty"))
    told = doubted(uow.connection, zone, known, clock)
    if silent := [each for each in told["variances"] if not each["explanation"]]:
        raise Refused(*(Fault(f"/{each['name']}", "report_unexplained") for each in silent))
    said = {
        "number": known.spelled,
        "level": known.level,
        "author": str(known.enterprise_id or known.node),
        "kind": known.kind,
        "period": known.period,
        "edition": known.edition,
        "figures": dict(known.figures),
        "parts": list(known.parts),
        **told,
    }
    values = {key: Jsonb(value) for key, value in told.items()}
    sealed = {"at": clock.now(), "by": by.actor, "digest": digest(canonical(said))}
    if not run(uow.connection, _FREEZE, {"id": known.id, "version": known.version, **values, **sealed}):
        raise Stale(Fault("", "changed_meanwhile"))
    step(uow, known.id, by.actor, action, clock)
    tell(uow, known, State.SUBMITTED, "", clock)


def move(uow: UnitOfWork, known: ReportView, state: State) -> None:
    """Bring an edition into another state. Raises ``Stale``."""
    values = {"id": known.id, "state": state.value, "from": known.state, "version": known.version}
    if not run(uow.connection, _MOVE, values):
        raise Stale(Fault("", "changed_meanwhile"))


def step(uow: UnitOfWork, report_id: UUID, actor: str, action: str, clock: Clock, note: str = "") -> None:
    """Note a step of a report's story."""
    uow.session.add(ReportStep(id=uuidv7(), report_id=report_id, at=clock.now(), actor=actor, action=action, note=note))
    uow.session.flush()


def tell(uow: UnitOfWork, known: ReportView, state: State, note: str, clock: Clock) -> None:
    """Publish that a report moved."""
    name = known.name
    uow.publish(ReportMoved(
        known.id, known.level, known.enterprise_id, known.node, name, known.kind, known.period, state, note, clock.now()
    ))  # fmt: skip


def demand_judge(known: ReportView, by: Principal) -> None:
    """Raise ``NotAllowed`` for whoever does not judge this report: a firm's park judges it, the zone what comes to the zone."""
    if by.node != ("" if known.to_zone else known.node):
        raise NotAllowed(Fault("", "report_not_yours"))


def demand_park(node: str, by: Principal) -> None:
    """Raise ``NotAllowed`` for whoever does not belong to the park itself."""
    if not node or by.node != node:
        raise NotAllowed(Fault("", "report_not_yours"))


def is_park(known: ReportView) -> bool:
    """Say whether a park compiled it."""
    return known.level == Level.PARK


def _period_before(span: Period) -> Period:
    return period_of(span.kind, span.since.fromordinal(span.since.toordinal() - 1))


def _all(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: f"{value:f}" for key, value in figures.items()}


def _spelled(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
