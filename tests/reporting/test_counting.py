"""What reports say beyond the hub's own figures is in the zone's returns once: by firm, by park's estimate, in its last edition."""

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from ccezone.background.service import run_next_job
from ccezone.kernel.clock import FixedClock
from ccezone.reporting.rules.beyond import UNKNOWN, Beyond, beyond
from ccezone.reporting.service.counting import JOB, CountReport, count_report
from ccezone.reporting.service.judging import accept_report, send_back_report
from ccezone.reporting.service.parks import compile_park, explain_park, sign_park
from ccezone.statistics.queries.return_document import Wanted, document
from ccezone.statistics.rules.periods import Kind, period
from ccezone.statistics.rules.returns import Series, unbalanced
from ccezone.storage import Database
from ccezone.storage.reach import Reach
from tests.hub.founding import NOW
from tests.hub.harness import Hub
from tests.reporting.chained import PARK, PERIOD, ZERO, ZONE, officer, ordered, sent
from tests.statistics.returned import NAMES
from tests.statistics.supplying import count, fed, row

FIRST, SECOND, ZONES = officer(11, PARK), officer(12, PARK), officer(1)


def figures(**said: str) -> dict[str, Decimal]:
    return {key.replace("__", "."): Decimal(value) for key, value in said.items()}


@pytest.mark.parametrize(
    ("reported", "known", "expected"),
    [
        (figures(export_value="100"), figures(export_value="100"), []),
        (figures(export_value="90", parcels="9"), figures(export_value="100", parcels="1"), []),
        (figures(export_value="130", parcels="5"), figures(export_value="100", parcels="2"), [("E", UNKNOWN, "30", 3)]),
        (
            figures(import_value="130", import_country__133="80", import_country__110="50", parcels="3"),
            figures(import_value="100", import_country__133="60", import_country__110="40"),
            [("I", "110", "10", 1), ("I", "133", "20", 2)],
        ),
        (  # what each country has more comes to more than the total has: the total decides
            figures(export_value="150", export_country__502="100", export_country__304="50"),
            figures(export_value="100", export_country__502="40", export_country__305="60"),
            [("E", "304", "22.73", 0), ("E", "502", "27.27", 0)],
        ),
    ],
)
def test_only_what_goes_beyond_the_known_is_added(
    reported: dict[str, Decimal], known: dict[str, Decimal], expected: list[tuple[str, str, str, int]]
) -> None:
    assert beyond(reported, known) == [Beyond(flow, where, Decimal(worth), share) for flow, where, worth, share in expected]


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Hub:
    found = Hub(database, tmp_path / "keys", FixedClock(NOW))
    ordered(found)
    return found


def accept(hub: Hub, report_id: UUID, version: int, node: str = "") -> None:
    """Accept as the pages do: somebody of a park sees no more than the park's own."""
    within = hub.database.within(Reach(frozenset({node}))) if node else hub.database
    with within.begin() as uow:
        accept_report(uow, report_id, version, FIRST if node else ZONES, hub.clock)
    settle(hub)


def settle(hub: Hub) -> None:
    """Let the worker do what was asked for."""
    while run_next_job(hub.database, {JOB: CountReport(hub.database, hub.clock)}, hub.clock):
        pass
    hub.clock.advance(minutes=1)
    count(hub)


def by_source(hub: Hub) -> dict[str, Decimal]:
    """What a return of the month would say under "By source", imports."""
    wanted = Wanted(ZONE, NAMES, period(Kind.MONTHLY, PERIOD), Series.PRELIMINARY, 1)
    with hub.database.reading() as connection:
        tables = document(connection, wanted, hub.clock.now())["tables"]
    assert not unbalanced(tables)
    return {each["key"]: Decimal(each["cells"]["import"]["value"]) for each in tables[-1]["rows"]}


def standing(hub: Hub) -> list[tuple[object, ...]]:
    return hub.rows("SELECT source, name, undone_at IS NULL FROM supplement_batch ORDER BY id")


def known_imports(hub: Hub, key: str) -> Decimal:
    statement = "SELECT coalesce(sum(cny), 0) FROM list_fact WHERE flow = 'I' AND merchant_id = %(id)s"
    return Decimal(hub.rows(statement, id=hub.party(key).id)[0][0])


@pytest.mark.storage
def test_an_accepted_report_is_in_the_return_once_and_its_correction_replaces_it(hub: Hub) -> None:
    before, known = by_source(hub), known_imports(hub, "cosmetics")
    first = sent(hub, "cosmetics", {"import_value": str(known + 5000), "import_country.133": str(known + 5000)})
    assert standing(hub) == []
    accept(hub, first.id, first.version, PARK)
    assert by_source(hub) == {**before, "enterprise_report": 5000}
    with hub.database.begin() as uow:
        count_report(uow, first.id, hub.clock)
    count(hub)
    assert by_source(hub) == {**before, "enterprise_report": 5000}

    returned = sent(hub, "cosmetics", {"import_value": str(known + 9000)}, reason="漏报")
    with hub.database.begin() as uow:
        send_back_report(uow, returned.id, returned.version, "分国别缺失", FIRST, hub.clock)
    settle(hub)
    assert by_source(hub) == {**before, "enterprise_report": 5000}

    second = sent(hub, "cosmetics", {"import_value": str(known + 700)}, reason="更正")
    accept(hub, second.id, second.version, PARK)
    assert standing(hub)[-1] == ("enterprise_report", second.spelled, True)
    assert by_source(hub) == {**before, "enterprise_report": 700}
    with hub.database.begin() as uow:
        assert count_report(uow, first.id, hub.clock) == 0  # superseded: asked for late, it takes nothing back


@pytest.mark.storage
def test_what_an_officer_fed_of_a_firm_is_not_added_again_by_its_report(hub: Hub) -> None:
    before, known = by_source(hub), known_imports(hub, "cosmetics")
    fed(hub, row("RR1", "300", flow="I", enterprise_code=hub.party("cosmetics").uscc))
    report = sent(hub, "cosmetics", {"import_value": str(known + 1000)})
    accept(hub, report.id, report.version, PARK)
    assert by_source(hub) == {**before, "mail": 300, "enterprise_report": 700}


@pytest.mark.storage
def test_a_parks_estimate_counts_as_a_model_until_the_firm_itself_reports(hub: Hub) -> None:
    before, known = by_source(hub), known_imports(hub, "milk")
    estimated(hub, "milk", str(known + 250))
    with hub.database.begin() as uow:
        park = compile_park(uow, ZONE, PARK, "monthly", PERIOD, "", FIRST, hub.clock)
        words = {f"{check}:{key}": "含其他渠道" for check in ("balance", "missing", "contradiction") for key in ZERO}
        explain_park(uow, park, 1, words | {f"balance:{flow}_country": "按总额" for flow in ("import", "export")}, SECOND)
        sign_park(uow, ZONE, park, 2, SECOND, hub.clock)
    accept(hub, park, 3)
    assert hub.rows("SELECT DISTINCT source, method FROM supplement_batch") == [("park_report", "model")]
    assert by_source(hub) == {**before, "park_report": 250}
    own = sent(hub, "milk", {"import_value": str(known + 40)})
    accept(hub, own.id, own.version, PARK)
    assert by_source(hub) == {**before, "enterprise_report": 40}


def estimated(hub: Hub, key: str, imports: str) -> None:
    """A firm's report of the year before is accepted: the park carries it forward."""
    statement = """INSERT INTO filed_report (id, level, enterprise_id, node, kind, period, edition, state, reason, figures,
            explanations, facts, former, variances, parts, opened_at, opened_by, submitted_by, digest, version)
        VALUES (gen_random_uuid(), 'firm', %(firm)s, 'NK-1', 'monthly', '2025-12', 1, 'accepted', '',
            jsonb_build_object('import_value', %(imports)s::text), '{}', '{}', '{}', '[]', '[]', now(), 'test', 'test', '', 3)"""
    hub.change(statement, firm=hub.party(key).id, imports=imports)
