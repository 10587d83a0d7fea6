"""The reporting chain in the demo: last month's reports in every state, one park's compiled and signed, one firm late.

Figures are made up, as all of the demo's; they go through the same services as a firm's own.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.accounts.queries import user_by_login
from ccezone.accounts.rules import OFFICER as POWERS
from ccezone.accounts.rules import STAFF, Principal, Role
from ccezone.demo.office import BRANCH, BRANCH_COLLEAGUE, BRANCH_OFFICER, login_of
from ccezone.demo.zone import OFFICER
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.reporting.queries.definitions import asked
from ccezone.reporting.queries.duties import duties
from ccezone.reporting.queries.reports import ReportView, report_by_id
from ccezone.reporting.rules.checking import Check
from ccezone.reporting.service.drafting import open_report, save_report, submit_report
from ccezone.reporting.service.duties import DutyEntry, order_duty
from ccezone.reporting.service.judging import accept_report, send_back_report
from ccezone.reporting.service.keeping import note_lateness
from ccezone.reporting.service.parks import compile_park, explain_park, sign_park
from ccezone.statistics.rules.periods import Kind, Period, period_of
from ccezone.storage import Database, UnitOfWork
from schemas.codes import rows

_DOCUMENT = "演示：综试区统计报送通知 / demo: the zone's order to report"
_WORDS = "含未经本平台申报的业务（演示） / includes business of other ways (demo)"
_DIRECT = ("furniture",)
_OWING = ("furniture", "oranges", "textiles", "electronics", "cosmetics", "milk")
_EXPORTS: Mapping[str, tuple[str, str]] = {
    "furniture": ("1860000", "344"),
    "oranges": ("420000", "141"),
    "textiles": ("936500.50", "304"),
}
_IMPORTS: Mapping[str, tuple[str, str]] = {"cosmetics": ("655000", "133")}


def found_reports(database: Database, zone: str, clock: Clock) -> None:
    """Order firms to report, and let last month's and the month before's reports come in; a second time nothing is doubled."""
    today = clock.now().astimezone(SHANGHAI).date()
    last = period_of(Kind.MONTHLY, today.replace(day=1) - timedelta(days=1))
    before = period_of(Kind.MONTHLY, last.since - timedelta(days=1))
    with database.begin() as uow:
        if duties(uow.connection, limit=1):
            return
        first, park, second = (_officer(uow, login) for login in (OFFICER, BRANCH_OFFICER, BRANCH_COLLEAGUE))
        if first is None or park is None or second is None:
            return
        for key in _OWING:
            party = _party(uow, key)
            entry = DutyEntry(party.uscc, [Kind.MONTHLY], key in _DIRECT, before.since, _DOCUMENT)
            order_duty(uow, entry, first, clock)
    for span, states in ((before, dict.fromkeys((*_EXPORTS, *_IMPORTS), "accept")), (last, _LAST)):
        for key, state in states.items():
            with database.begin() as uow:
                judge = park if key in _IMPORTS else first
                _report(uow, zone, key, span, state, judge, clock)
    with database.begin() as uow:
        _park(uow, zone, before, (park, second, first), clock)
    note_lateness(database, zone, clock)


_LAST = {"furniture": "accept", "oranges": "send_back", "textiles": "submit", "cosmetics": "accept"}
"""How last month's reports end; whoever is not named has not reported, and is late or about to be."""


def _report(uow: UnitOfWork, zone: str, key: str, span: Period, state: str, judge: Principal, clock: Clock) -> None:
    party = _party(uow, key)
    person = user_by_login(uow.connection, login_of(key))
    by = Principal(Role.FIRM, party.id, frozenset(STAFF), name="demo", user_id=person.id if person else UUID(int=0))
    report_id = open_report(uow, party.id, span.kind, span.name, "", by, clock)
    known = _read(uow, report_id)
    save_report(uow, party.id, report_id, known.version, _figures(key, span, 2 if state == "send_back" else 1), explanations(span))
    submit_report(uow, zone, party.id, report_id, known.version + 1, by, clock)
    sent = _read(uow, report_id)
    if state == "accept":
        accept_report(uow, report_id, sent.version, judge, clock)
    elif state == "send_back":
        reason = "出口额与上期相差较大，请核对越南方向的数字（演示） / please check (demo)"
        send_back_report(uow, report_id, sent.version, reason, judge, clock)


def _figures(key: str, span: Period, times: int) -> dict[str, str]:
    figures = {each.key: "0" for each in asked(span.kind) if not each.by_country}
    for name, made in (("export", _EXPORTS), ("import", _IMPORTS)):
        if key in made:
            one, country = made[key]
            value = str(Decimal(one) * times)
            figures |= {f"{name}_value": value, f"{name}_9610": value, f"{name}_country.{country}": value}
    return {**figures, "orders": "1250", "parcels": "1238", "employees": "46", "overseas_warehouses": "1"}


def explanations(span: Period) -> dict[str, str]:
    """Explain every doubt there may be."""
    return {f"{check}:{each.key}": _WORDS for check in Check for each in asked(span.kind)}


def _park(uow: UnitOfWork, zone: str, span: Period, people: tuple[Principal, Principal, Principal], clock: Clock) -> None:
    compiler, signer, judge = people
    report_id = compile_park(uow, zone, BRANCH, span.kind, span.name, "", compiler, clock)
    explain_park(uow, report_id, _read(uow, report_id).version, explanations(span), compiler)
    sign_park(uow, zone, report_id, _read(uow, report_id).version, signer, clock)
    accept_report(uow, report_id, _read(uow, report_id).version, judge, clock)


def _read(uow: UnitOfWork, report_id: UUID) -> ReportView:
    found = report_by_id(uow.connection, report_id)
    if found is None:
        raise LookupError(report_id)
    return found


def _officer(uow: UnitOfWork, login: str) -> Principal | None:
    known = user_by_login(uow.connection, login)
    node = BRANCH if login in (BRANCH_OFFICER, BRANCH_COLLEAGUE) else ""
    return Principal(Role.ZONE_OFFICER, None, POWERS, user_id=known.id, login=login, node=node) if known else None


def _party(uow: UnitOfWork, key: str) -> EnterpriseView:
    uscc = next(row["uscc"] for row in rows("example_parties") if row["key"] == key)
    found = directory(uow.connection).find(uscc)
    if found is None:
        raise LookupError(key)
    return found
