"""Judging what came in: the park its firms' reports, the zone those of parks and of firms that report directly."""

from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.reporting.queries.reports import accepted
from ccezone.reporting.rules.states import State
from ccezone.reporting.service.editions import demand_judge, found, move, step, tell
from ccezone.storage import UnitOfWork


def accept_report(uow: UnitOfWork, report_id: UUID, version: int, by: Principal, clock: Clock) -> None:
    """Accept a report; what was accepted of its period before is superseded, and stays as it is.

    Raises ``NotAllowed`` for whoever does not judge it, ``Refused``, ``Stale``.
    """
    known = found(uow, report_id, version, State.SUBMITTED)
    demand_judge(known, by)
    former = accepted(uow.connection, known.author, known.period)
    if former is not None:
        move(uow, former, State.SUPERSEDED)
        step(uow, former.id, by.actor, "supersede", clock, known.spelled)
    move(uow, known, State.ACCEPTED)
    step(uow, report_id, by.actor, "accept", clock)
    record(uow, by, "report.accept", f"report:{report_id}", clock, {"period": known.period})
    tell(uow, known, State.ACCEPTED, "", clock)


def send_back_report(uow: UnitOfWork, report_id: UUID, version: int, reason: str, by: Principal, clock: Clock) -> None:
    """Send a report back with the reason. Raises ``NotAllowed``, ``Refused``, ``Stale``."""
    known = found(uow, report_id, version, State.SUBMITTED)
    demand_judge(known, by)
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    move(uow, known, State.SENT_BACK)
    step(uow, report_id, by.actor, "send_back", clock, reason.strip())
    record(uow, by, "report.send_back", f"report:{report_id}", clock, {"period": known.period})
    tell(uow, known, State.SENT_BACK, reason.strip(), clock)
