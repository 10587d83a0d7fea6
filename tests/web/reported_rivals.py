"""A rival's statistical report: a row whose pages must look like none to anybody else."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from ccezone.accounts.rules import STAFF, Principal, Role
from ccezone.enterprises.queries.enterprises import enterprise
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.reporting.service.drafting import open_report, save_report, submit_report
from ccezone.reporting.service.duties import DutyEntry, order_duty
from ccezone.statistics.rules.periods import Kind, period_of
from ccezone.storage import Database
from ccezone.storage.copying import run
from tests.reporting.chained import ZERO

_LATE = """
INSERT INTO report_lateness (id, owner, enterprise_id, node, kind, period, due_on, noted_at, excused_by, reason)
VALUES (%(id)s, 'firm:' || %(firm)s, %(firm)s, '', 'monthly', '2026-01', '2026-02-05', %(at)s, '', '')
"""


def report_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Let the rival report last month, and have been late before; return the firm's pages that show it."""
    by = Principal(Role.FIRM, rival_id, STAFF, user_id=UUID(int=7))
    last = period_of(Kind.MONTHLY, clock.now().astimezone(SHANGHAI).date().replace(day=1) - timedelta(days=1))
    with database.begin() as uow:
        party = enterprise(uow.connection, rival_id)
        assert party is not None
        order_duty(uow, DutyEntry(party.uscc, ["monthly"], True, last.since, secret), None, clock)
        report_id = open_report(uow, rival_id, last.kind, last.name, secret, by, clock)
        save_report(uow, rival_id, report_id, 1, ZERO, {f"contradiction:{key}": secret for key in ZERO})
        submit_report(uow, "GZ", rival_id, report_id, 2, by, clock)
        run(uow.connection, _LATE, {"id": uuid4(), "firm": rival_id, "at": clock.now()})
    pages = ("reports.detail", "reports.save", "reports.withdraw", "report_sheets.template", "report_sheets.upload")
    return {page: [{"report_id": str(report_id)}] for page in pages}
