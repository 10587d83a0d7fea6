"""Ordering firms to report: which kinds, from which day on, to their park or directly to the zone (key enterprises)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.reporting.queries.duties import duties
from ccezone.reporting.tables import ReportingDuty
from ccezone.statistics.rules.periods import Kind
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """An order as an officer enters it. ``code``: the firm's, either of its two."""

    code: str
    kinds: Sequence[str]
    direct: bool
    since: date
    document: str


def order_duty(uow: UnitOfWork, entry: DutyEntry, by: Principal | None, clock: Clock) -> UUID:
    """Order a firm to report; an order without end that it has ends the day before. Raises ``Refused``."""
    party = directory(uow.connection).find(entry.code.strip())
    faults = []
    if party is None:
        faults.append(Fault("/code", "report_firm_unknown", {"value": entry.code}))
    if not entry.kinds or set(entry.kinds) - {each.value for each in Kind}:
        faults.append(Fault("/kinds", "required"))
    if not entry.document.strip():
        faults.append(Fault("/document", "required"))
    if party is None or faults:
        raise Refused(*faults)
    for open_one in (each for each in duties(uow.connection, party.id) if each.until is None):
        end_duty(uow, open_one.id, date.fromordinal(entry.since.toordinal() - 1), by, clock)
    duty_id = uuidv7()
    uow.session.add(ReportingDuty(
        id=duty_id, enterprise_id=party.id, kinds=list(entry.kinds), direct=entry.direct, since=entry.since,
        document=entry.document.strip(), ordered_at=clock.now(), ordered_by=by.actor if by else "demo",
    ))  # fmt: skip
    uow.session.flush()
    record(uow, by, "report.order", f"enterprise:{party.id}", clock, {"kinds": " ".join(entry.kinds)})
    return duty_id


def end_duty(uow: UnitOfWork, duty_id: UUID, until: date, by: Principal | None, clock: Clock) -> None:
    """End an order with a day. Raises ``NotFound``, ``Refused``: the day is before its first."""
    row = uow.session.get(ReportingDuty, duty_id, with_for_update=True)
    if row is None or row.until is not None:
        raise NotFound(Fault("", "not_found"))
    if until < row.since:
        raise Refused(Fault("/until", "ends_before_begin"))
    row.until = until
    uow.session.flush()
    record(uow, by, "report.end_order", f"enterprise:{row.enterprise_id}", clock)
