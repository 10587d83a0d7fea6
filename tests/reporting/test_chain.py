"""From firm to park to zone: sent back, corrected, accepted, compiled, signed; lateness counts once, and can be excused."""

from decimal import Decimal
from pathlib import Path

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotAllowed, NotFound, Refused, Stale
from ccezone.parameters.queries import default_book
from ccezone.reporting.queries.calendar import Wanted, owed
from ccezone.reporting.queries.definitions import Due, due_day
from ccezone.reporting.queries.reports import ReportView
from ccezone.reporting.service.drafting import open_report, save_report, submit_report, withdraw_report
from ccezone.reporting.service.judging import accept_report, send_back_report
from ccezone.reporting.service.keeping import excuse, note_lateness, remind_of_reports
from ccezone.reporting.service.parks import compile_park, explain_park, sign_park
from ccezone.statistics.rules.periods import Kind, period
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.reach import Reach
from tests.hub.founding import NOW
from tests.hub.harness import Hub
from tests.reporting.chained import PARK, PERIOD, ZERO, ZONE, clerk, officer, ordered, seen, sent

pytestmark = pytest.mark.storage
FIRST, SECOND, ZONES = officer(11, PARK), officer(12, PARK), officer(1)


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Hub:
    found = Hub(database, tmp_path / "keys", FixedClock(NOW))
    ordered(found)
    return found


def standings(hub: Hub) -> dict[str, str]:
    span = period(Kind.MONTHLY, PERIOD)
    wanted = [Due(level, span, due_day(default_book(ZONE), level, span)) for level in ("firm", "park")]
    with hub.database.reading() as connection:
        rows = owed(connection, Wanted(wanted, hub.clock.now().date(), 3))
    return {row.name: row.standing for row in rows}


def sent_back(hub: Hub) -> ReportView:
    """A firm's report that its park sends back; the zone does not do the park's work."""
    first = sent(hub, "cosmetics", {"import_value": "5000"})
    assert {each["check"] for each in first.variances} >= {"balance", "contradiction"}
    assert all(each["explanation"] for each in first.variances)
    with hub.database.begin() as uow, pytest.raises(NotAllowed):
        accept_report(uow, first.id, first.version, ZONES, hub.clock)
    with hub.database.begin() as uow:
        send_back_report(uow, first.id, first.version, "分方式数字缺失", FIRST, hub.clock)
    return first


def test_a_report_goes_from_the_firm_over_its_park_to_the_zone(hub: Hub) -> None:
    cosmetics = hub.party("cosmetics")
    first = sent_back(hub)
    assert standings(hub)[cosmetics.name] == "sent_back"
    second = sent(hub, "cosmetics", {"import_value": "5000", "import_1210": "5000", "import_country.133": "5000"})
    assert (second.edition, second.digest != first.digest) == (2, True)
    with hub.database.begin() as uow:
        accept_report(uow, second.id, second.version, FIRST, hub.clock)
    assert seen(hub, first.id).figures == first.figures
    with hub.database.begin() as uow:
        compiled = compile_park(uow, ZONE, PARK, "monthly", PERIOD, "", FIRST, hub.clock)
    draft = seen(hub, compiled)
    parts = {part["name"]: part for part in draft.parts}
    milk = parts[hub.party("milk").name]
    assert parts[cosmetics.name]["method"] == "roll_up"
    assert (milk["method"], milk["source"]) == ("model", "hub")
    assert Decimal(draft.figures["import_value"]) == 5000 + Decimal(milk["figures"]["import_value"])
    with hub.database.begin() as uow, pytest.raises(NotAllowed):
        sign_park(uow, ZONE, compiled, draft.version, FIRST, hub.clock)
    with hub.database.begin() as uow, pytest.raises(Refused):
        sign_park(uow, ZONE, compiled, draft.version, SECOND, hub.clock)  # differs from what the hub knows, unexplained
    with hub.database.begin() as uow:
        said = {f"contradiction:{key}": "含其他渠道" for key in ZERO}
        explain_park(uow, compiled, draft.version, said, SECOND)
        sign_park(uow, ZONE, compiled, draft.version + 1, SECOND, hub.clock)
    signed = seen(hub, compiled)
    assert len(signed.digest) == 64
    with hub.database.begin() as uow, pytest.raises(NotAllowed):
        accept_report(uow, compiled, signed.version, SECOND, hub.clock)
    with hub.database.begin() as uow:
        accept_report(uow, compiled, signed.version, ZONES, hub.clock)
    assert standings(hub) == {
        cosmetics.name: "accepted",
        hub.party("milk").name: "due",
        hub.party("furniture").name: "due",
        "南康": "accepted",
    }


def test_a_key_enterprise_bypasses_the_park_and_a_correction_leaves_what_was_accepted(hub: Hub) -> None:
    report = sent(hub, "furniture", {})
    assert report.to_zone
    with hub.database.begin() as uow:
        accept_report(uow, report.id, report.version, ZONES, hub.clock)
    with pytest.raises(Refused, match="report_reason_needed"):
        sent(hub, "furniture", {})
    again = sent(hub, "furniture", {"orders": "7"}, reason="漏报")
    with hub.database.begin() as uow:
        accept_report(uow, again.id, again.version, ZONES, hub.clock)
    assert (seen(hub, report.id).state, seen(hub, report.id).figures) == ("superseded", report.figures)


def test_what_is_not_explained_not_over_or_not_owed_is_not_sent(hub: Hub) -> None:
    milk, by = hub.party("milk").id, clerk(hub, "milk")
    with hub.database.begin() as uow:
        report_id = open_report(uow, milk, "monthly", PERIOD, "", by, hub.clock)
        save_report(uow, milk, report_id, 1, {"orders": "1"})
    with hub.database.begin() as uow, pytest.raises(Refused, match="report_unexplained"):
        submit_report(uow, ZONE, milk, report_id, 2, by, hub.clock)
    with hub.database.begin() as uow, pytest.raises(Refused, match="report_under_way"):
        open_report(uow, milk, "monthly", PERIOD, "", by, hub.clock)
    with hub.database.begin() as uow, pytest.raises(Refused, match="report_not_owed"):
        open_report(uow, milk, "yearly", "2026", "", by, hub.clock)
    with hub.database.begin() as uow, pytest.raises(Stale):
        save_report(uow, milk, report_id, 1, {"orders": "2"})
    with hub.database.begin() as uow, pytest.raises(NotFound):
        save_report(uow, hub.party("furniture").id, report_id, 2, {"orders": "2"})
    with hub.database.begin() as uow:
        early = open_report(uow, milk, "monthly", "2026-02", "", by, hub.clock)
        save_report(uow, milk, early, 1, ZERO)
    with hub.database.begin() as uow, pytest.raises(Refused, match="report_not_over"):
        submit_report(uow, ZONE, milk, early, 2, by, hub.clock)


def test_what_was_withdrawn_can_be_sent_anew(hub: Hub) -> None:
    report = sent(hub, "furniture", {})
    with hub.database.begin() as uow:
        withdraw_report(uow, hub.party("furniture").id, report.id, report.version, clerk(hub, "furniture"), hub.clock)
    assert sent(hub, "furniture", {}).edition == 2


def test_reminders_go_out_once_and_lateness_becomes_evidence_once_until_it_is_excused(hub: Hub) -> None:
    sent(hub, "furniture", {})
    assert remind_of_reports(hub.database, ZONE, hub.clock) == 2  # cosmetics and milk, three days before; the park's is later
    assert remind_of_reports(hub.database, ZONE, hub.clock) == 0
    assert note_lateness(hub.database, ZONE, hub.clock) == 0
    hub.clock.advance(days=7)
    assert note_lateness(hub.database, ZONE, hub.clock) == 2
    assert note_lateness(hub.database, ZONE, hub.clock) == 0
    evidence = "SELECT value FROM credit_evidence WHERE factor = 'late_reports' AND enterprise_id = %(id)s ORDER BY recorded_at"
    milk = hub.party("milk").id
    assert hub.rows(evidence, id=milk) == [("0.1667",)]  # one of six at least
    late_id = hub.rows("SELECT id FROM report_lateness WHERE enterprise_id = %(id)s", id=milk)[0][0]
    with hub.database.begin() as uow, pytest.raises(NotAllowed):
        excuse(uow, ZONE, late_id, "系统故障", officer(5, "elsewhere"), hub.clock)
    hub.clock.advance(minutes=1)
    with hub.database.begin() as uow:
        excuse(uow, ZONE, late_id, "系统故障", FIRST, hub.clock)
    assert hub.rows(evidence, id=milk) == [("0.1667",), ("0.0000",)]
    with hub.database.begin() as uow, pytest.raises(Refused, match="report_excused_before"):
        excuse(uow, ZONE, late_id, "系统故障", FIRST, hub.clock)


def test_a_parks_people_see_their_firms_reports_and_no_others(hub: Hub) -> None:
    sent(hub, "cosmetics", {})
    sent(hub, "furniture", {})
    with hub.database.within(Reach(frozenset({PARK}))).reading() as connection:
        assert [row[0] for row in fetch(connection, "SELECT enterprise_id FROM filed_report")] == [hub.party("cosmetics").id]
