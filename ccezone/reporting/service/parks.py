"""A park's own part: compile what its firms reported, with estimates for what is missing, and sign it: two persons, always.

An estimate is marked as one (``model``): a firm's last accepted report of the kind is carried forward; without one, what the
hub itself knows of its period; without that there is none, and the part says so.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, Refused
from ccezone.parameters.queries import book
from ccezone.reporting.queries.calendar import Owed, Wanted, owed
from ccezone.reporting.queries.definitions import Due, asked, due_day
from ccezone.reporting.queries.facts import facts_of
from ccezone.reporting.queries.reports import Author, accepted, editions, last_accepted, numbers
from ccezone.reporting.rules.checking import added
from ccezone.reporting.rules.states import Level, State
from ccezone.reporting.service.editions import demand_park, found, judged_edition, keep_draft, move, opened, readable, send, step
from ccezone.statistics.rules.periods import Period
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.holding import hold

_MOST_FIRMS = 10_000


def compile_park(uow: UnitOfWork, zone: str, node: str, kind: str, name: str, reason: str, by: Principal, clock: Clock) -> UUID:
    """Add the accepted reports of a park's firms up, estimate what is missing, and keep that as a draft; return its id.

    A draft there is gives way to the new one. Raises ``NotAllowed`` for whoever is not of the park, ``Refused``.
    """
    demand_park(node, by)
    hold(uow.connection, "report", node, kind, name)
    span, author = readable(kind, name), Author(Level.PARK, None, node, kind)
    if span.until >= clock.now().astimezone(SHANGHAI).date():
        raise Refused(Fault("/period", "report_not_over", {"until": str(span.until)}))
    for draft in editions(uow.connection, author, name)[:1]:
        if draft.state == State.DRAFT:
            move(uow, draft, State.WITHDRAWN)
            step(uow, draft.id, by.actor, "withdraw", clock)
    newest = judged_edition(uow.connection, author, name, reason)
    parts = [_part(uow.connection, each, span) for each in _firms(uow.connection, zone, node, span, clock)]
    if not parts:
        raise Refused(Fault("/period", "report_not_owed", {"period": name}))
    wants = asked(kind)
    total = added(wants, [numbers(part["figures"]) for part in parts])
    said = {"figures": {key: f"{value:f}" for key, value in total.items()}, "parts": parts, "reason": reason.strip()}
    report_id = opened(uow, author, name, newest, said, by, clock)
    step(uow, report_id, by.actor, "compile", clock, reason.strip())
    record(uow, by, "report.compile", f"report:{report_id}", clock, {"period": name})
    return report_id


def explain_park(uow: UnitOfWork, report_id: UUID, version: int, words: Mapping[str, str], by: Principal) -> None:
    """Explain what is doubted about a park's draft. Raises ``NotAllowed``, ``Refused``, ``Stale``."""
    known = found(uow, report_id, version, State.DRAFT)
    demand_park(known.node if known.level == Level.PARK else "", by)
    keep_draft(uow, known, known.figures, words)


def sign_park(uow: UnitOfWork, zone: str, report_id: UUID, version: int, by: Principal, clock: Clock) -> None:
    """Sign a park's draft and send it to the zone: frozen, with the digest of all it says.

    Raises ``NotAllowed`` for whoever compiled it or is not of the park, ``Refused``: a doubt is unexplained; ``Stale``.
    """
    known = found(uow, report_id, version, State.DRAFT)
    demand_park(known.node if known.level == Level.PARK else "", by)
    if known.opened_by == by.actor:
        raise NotAllowed(Fault("", "report_own_work"))
    send(uow, zone, known, "sign", by, clock)
    record(uow, by, "report.sign", f"report:{report_id}", clock, {"period": known.period})


def _firms(connection: Connection, zone: str, node: str, span: Period, clock: Clock) -> list[Owed]:
    """Return the firms that owe this park a report of the period."""
    due = Due(Level.FIRM, span, due_day(book(connection, zone), Level.FIRM, span))
    wanted = Wanted([due], clock.now().astimezone(SHANGHAI).date(), 0, level=Level.FIRM, node=node)
    return list(owed(connection, wanted, limit=_MOST_FIRMS))


def _part(connection: Connection, each: Owed, span: Period) -> dict[str, Any]:
    firm = each.enterprise_id
    if firm is None:
        raise LookupError(each.owner)
    author = Author(Level.FIRM, firm, each.node, each.kind)
    part: dict[str, Any] = {"enterprise_id": str(firm), "name": each.name, "name_en": each.name_en}
    if report := accepted(connection, author, each.period):
        return {**part, "method": "roll_up", "source": report.spelled, "figures": dict(report.figures)}
    if former := last_accepted(connection, author, each.period):
        return {**part, "method": "model", "source": former.spelled, "figures": dict(former.figures)}
    facts = facts_of(connection, [firm], span, asked(each.kind))
    figures = {key: f"{value:f}" for key, value in facts.items()}
    return {**part, "method": "model" if figures else "none", "source": "hub" if figures else "", "figures": figures}
