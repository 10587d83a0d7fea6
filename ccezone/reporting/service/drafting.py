"""A firm's own part: draft a report, send it, withdraw it while nobody has judged it, correct it by another edition."""

from collections.abc import Mapping
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.nodes import nodes
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.reporting.queries.definitions import asked
from ccezone.reporting.queries.duties import DutyView, duties
from ccezone.reporting.queries.reports import Author
from ccezone.reporting.rules.checking import read_figures
from ccezone.reporting.rules.states import PARK_KINDS, Level, State
from ccezone.reporting.service.editions import found, judged_edition, keep_draft, move, opened, readable, send, step
from ccezone.statistics.rules.periods import Period
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.holding import hold
from schemas.codes import code_list


def open_report(uow: UnitOfWork, firm: UUID, kind: str, name: str, reason: str, by: Principal, clock: Clock) -> UUID:
    """Begin an edition of what a firm owes, with what the edition before it said; return its id.

    Raises ``Refused``: not owed, not begun, an edition is under way, or a correction without a reason.
    """
    hold(uow.connection, "report", firm, kind, name)
    span = readable(kind, name)
    duty = _duty(uow.connection, firm, span)
    if span.since > clock.now().astimezone(SHANGHAI).date():
        raise Refused(Fault("/period", "return_not_begun", {"period": name}))
    author = Author(Level.FIRM, firm, "" if duty.direct else _park(uow.connection, firm), kind)
    newest = judged_edition(uow.connection, author, name, reason)
    said = {"figures": dict(newest.figures), "explanations": dict(newest.explanations)} if newest else {}
    report_id = opened(uow, author, name, newest, {"reason": reason.strip(), **said}, by, clock)
    step(uow, report_id, by.actor, "open", clock, reason.strip())
    return report_id


def save_report(
    uow: UnitOfWork, firm: UUID, report_id: UUID, version: int, typed: Mapping[str, str], words: Mapping[str, str] | None = None
) -> None:
    """Keep a draft's figures and the explanations of what is doubted. Raises ``Refused`` with every wrong figure, ``Stale``."""
    known = found(uow, report_id, version, State.DRAFT, firm)
    figures, faults = read_figures(asked(known.kind), typed, code_list("countries").codes)
    if faults:
        raise Refused(*faults)
    keep_draft(uow, known, {key: f"{value:f}" for key, value in figures.items()}, known.explanations if words is None else words)


def submit_report(uow: UnitOfWork, zone: str, firm: UUID, report_id: UUID, version: int, by: Principal, clock: Clock) -> None:
    """Send a draft to the park, or to the zone. Raises ``Refused``, ``Stale``."""
    send(uow, zone, found(uow, report_id, version, State.DRAFT, firm), "submit", by, clock)


def withdraw_report(uow: UnitOfWork, firm: UUID, report_id: UUID, version: int, by: Principal, clock: Clock) -> None:
    """Take back what was sent and is not judged yet: that edition stays, another one may follow. Raises ``Refused``."""
    known = found(uow, report_id, version, State.SUBMITTED, firm)
    move(uow, known, State.WITHDRAWN)
    step(uow, report_id, by.actor, "withdraw", clock)


def _duty(connection: Connection, firm: UUID, span: Period) -> DutyView:
    for each in duties(connection, firm):
        if span.kind in each.kinds and each.since <= span.until and (each.until is None or span.until <= each.until):
            return each
    raise Refused(Fault("/period", "report_not_owed", {"period": span.name}))


def _park(connection: Connection, firm: UUID) -> str:
    """The park a firm belongs to; empty where it belongs to the hub itself."""
    party = directory(connection).by_id.get(firm)
    if party is None:
        raise NotFound(Fault("", "not_found"))
    return next((node.code for node in nodes(connection) if node.code == party.node and node.kind in PARK_KINDS), "")
