"""A zone with a park: a firm that reports to it, a firm of it that never does, and one that reports directly."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from ccezone.accounts.rules import OFFICER, STAFF, Principal, Role
from ccezone.reporting.queries.definitions import asked
from ccezone.reporting.queries.reports import ReportView, report_by_id
from ccezone.reporting.service.drafting import open_report, save_report, submit_report
from ccezone.reporting.service.duties import DutyEntry, order_duty
from tests.hub.harness import Hub
from tests.statistics.returned import traded

ZONE, PARK, PERIOD = "GZ", "NK-1", "2026-01"
FEBRUARY = datetime(2026, 2, 3, 2, 0, tzinfo=UTC)
ZERO = {each.key: "0" for each in asked("monthly") if not each.by_country}


def officer(number: int, node: str = "") -> Principal:
    """Somebody of the office."""
    return Principal(Role.ZONE_OFFICER, None, OFFICER, user_id=UUID(int=number), name=f"officer {number}", node=node)


def clerk(hub: Hub, key: str) -> Principal:
    """Somebody of a firm."""
    return Principal(Role.FIRM, hub.party(key).id, STAFF, user_id=UUID(int=99), name=key)


def ordered(hub: Hub) -> None:
    """Let January's goods be released, and order three firms to report every month."""
    traded(hub)
    hub.change("UPDATE enterprise SET node = 'NK-1' WHERE id = %(id)s", id=hub.party("milk").id)
    hub.change("UPDATE list_fact SET node = 'NK-1' WHERE merchant_id = %(id)s", id=hub.party("milk").id)
    with hub.database.begin() as uow:
        for key, direct in (("cosmetics", False), ("milk", False), ("furniture", True)):
            entry = DutyEntry(hub.party(key).uscc, ["monthly"], direct, date(2026, 1, 1), "test")
            order_duty(uow, entry, officer(1), hub.clock)
    hub.clock.advance(seconds=(FEBRUARY - hub.clock.now()).total_seconds())


def sent(hub: Hub, key: str, figures: Mapping[str, str], words: str = "经其他渠道", reason: str = "") -> ReportView:
    """Let a firm draft and send its report of January, explaining every doubt."""
    firm, by = hub.party(key).id, clerk(hub, key)
    with hub.database.begin() as uow:
        report_id = open_report(uow, firm, "monthly", PERIOD, reason, by, hub.clock)
        said = {f"{check}:{each}": words for check in ("balance", "jump", "missing", "contradiction") for each in _KEYS}
        save_report(uow, firm, report_id, 1, {**ZERO, **figures}, said)
        submit_report(uow, ZONE, firm, report_id, 2, by, hub.clock)
    return seen(hub, report_id)


def seen(hub: Hub, report_id: UUID) -> ReportView:
    """Read a report."""
    with hub.database.reading() as connection:
        found = report_by_id(connection, report_id)
    assert found is not None
    return found


_KEYS = [each.key for each in asked("monthly")]
