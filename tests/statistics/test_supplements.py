"""What counts beyond lists: a parcel once, whoever told of it first; what is taken back or decided otherwise counts otherwise."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.kernel.errors import Refused
from ccezone.printing.returns.document import render_return
from ccezone.statistics.rules.returns import canonical
from ccezone.statistics.rules.supplements import Method, Source
from ccezone.statistics.service.returns import refuse_return
from ccezone.statistics.service.supplement_facts import recompute_supplements
from ccezone.statistics.service.supplements import decide, undo
from ccezone.storage.copying import run
from tests.hub.harness import Hub
from tests.statistics.returned import SECOND, ZONE, compiled, frozen, order, told, traded
from tests.statistics.supplying import OFFICER, count, fed, row, standings, totals, worth

pytestmark = pytest.mark.storage


def waybills(hub: Hub, flow: str = "E") -> list[str]:
    return [each[0] for each in hub.rows("SELECT waybill_no FROM declaration_list WHERE flow = %(flow)s ORDER BY id", flow=flow)]


def test_a_late_mail_feed_that_repeats_declared_parcels_changes_coverage_and_no_total_twice(hub: Hub) -> None:
    traded(hub)
    before = hub.rows("SELECT * FROM list_total ORDER BY 1, 2, 3, 4, 5, 6")
    declared = waybills(hub)[0]
    taken = fed(hub, row(f" {declared.lower()} "), row("RR1"), row("RR2", "50.00"), row("", "1.00"), row("RR3", "-4"))
    assert (taken.lines, taken.refused) == (3, 2)
    assert standings(hub) == {"declared": 1, "counted": 2}
    for criterion in ("every", "flow", "mode", "country_flow", "chapter_flow", "node_flow", "park_flow", "enterprise_flow"):
        assert worth(hub, criterion) == Decimal("150.00"), criterion
    assert hub.rows("SELECT * FROM list_total ORDER BY 1, 2, 3, 4, 5, 6") == before


def test_the_same_feed_twice_and_a_feed_that_repeats_another_count_once(hub: Hub) -> None:
    rows = (row("RR1"), row("RR2"))
    first = fed(hub, *rows)
    again = fed(hub, *rows)
    assert (again.batch_id, again.repeated) == (first.batch_id, True)
    assert fed(hub, *rows, row("RR3"), source=Source.EXPRESS).lines == 3
    assert standings(hub) == {"counted": 3, "fed": 2}
    assert worth(hub) == 300


def test_a_feed_is_taken_back_with_a_reason_and_what_it_stood_before_counts_then(hub: Hub) -> None:
    first = fed(hub, row("RR1"), row("RR2"))
    fed(hub, row("RR2", "70.00"), source=Source.EXPRESS)
    with pytest.raises(Refused), hub.database.begin() as uow:
        undo(uow, first.batch_id, " ", OFFICER, hub.clock)
    with hub.database.begin() as uow:
        undo(uow, first.batch_id, "报送有误", OFFICER, hub.clock)
    count(hub)
    assert standings(hub) == {"undone": 2, "counted": 1}
    assert worth(hub) == 70
    with pytest.raises(Refused), hub.database.begin() as uow:
        undo(uow, first.batch_id, "再撤", OFFICER, hub.clock)
    assert not fed(hub, row("RR1"), row("RR2")).repeated


def test_a_list_that_comes_after_the_feed_takes_the_parcel_over_and_increments_equal_a_recomputation(hub: Hub) -> None:
    hub.change("UPDATE enterprise SET node = 'NK-1' WHERE id = %(id)s", id=hub.party("cosmetics").id)
    fed(hub, row("RR1"), *(row(f"EMS000000000{n}") for n in range(1, 4)))
    traded(hub)
    known = waybills(hub)
    fed(hub, row(known[1], "9.00", parcels="2"), source=Source.EXPRESS)
    count(hub)
    increments = totals(hub)
    recompute_supplements(hub.database, hub.clock, ZONE)
    assert totals(hub) == increments
    listed = hub.rows("SELECT count(*) FROM supplement_fact WHERE standing = 'declared'")[0][0]
    assert listed == 1 + sum(f"EMS000000000{n}" in known for n in range(1, 4))


def test_a_parcel_fed_before_its_list_is_reversed_when_the_list_counts(hub: Hub) -> None:
    traded(hub, imports=1, exports=1)
    hub.change("UPDATE list_fact SET counted_on = NULL")
    waybill = waybills(hub)[0]
    fed(hub, row(waybill))
    assert worth(hub) == 100
    hub.clock.advance(minutes=1)
    hub.change("UPDATE declaration_state SET updated_at = %(at)s", at=hub.clock.now())
    count(hub)
    assert standings(hub) == {"declared": 1}
    assert worth(hub) == 0


def general(hub: Hub, number: str, mode: str, orders: tuple[str, ...] = (), merchant: UUID | None = None) -> UUID:
    lines = [GeneralLine("6109100010", "T恤", Decimal(10), "011", Decimal("1000.00"))]
    entry = GeneralEntry(
        number, "E", mode, "5301", date(2026, 1, 2), "142", Decimal("1000.00"), lines, date(2026, 1, 3), "502", order_nos=orders
    )
    return record_general(hub.database, hub.clock, merchant or hub.party("cosmetics").id, entry, "test")


def test_general_declarations_count_where_recognised_and_an_officers_word_goes_over_the_rules_and_back(hub: Hub) -> None:
    hub.clock.advance(hours=24 * 3)
    general(hub, "530120260000000001", "9710")
    other = general(hub, "530120260000000002", "0110")
    linked = general(hub, "530120260000000003", "9610")
    run_entry(hub, "530120260000000003")
    count(hub)
    assert standings(hub) == {"counted": 1, "unrecognised": 1, "linked": 1}
    assert worth(hub) == 1000
    fact = f"general:{other}"
    for recognised, expected in ((True, 2000), (None, 1000)):
        with hub.database.begin() as uow:
            decide(uow, fact, recognised, "平台订单可查", OFFICER, hub.clock)
        count(hub)
        assert worth(hub) == expected
    with pytest.raises(Refused), hub.database.begin() as uow:
        decide(uow, fact, None, "又一次", OFFICER, hub.clock)
    assert hub.rows("SELECT standing FROM supplement_fact WHERE id = %(id)s", id=f"general:{linked}") == [("linked",)]


def run_entry(hub: Hub, number: str) -> None:
    """A declaration that customs made of a summary."""
    with hub.database.begin() as uow:
        values = {"at": hub.clock.now(), "no": number, "merchant": hub.party("cosmetics").id}
        run(uow.connection, _APPLICATION, values)
        run(uow.connection, _ENTRY, values)


_APPLICATION = """
INSERT INTO customs_application (id, kind, merchant_id, message_type, transmitter_code, state, submission, standing_seen,
    created_at, updated_at, actor)
VALUES (1, 'summary', %(merchant)s, 'CEB701Message', 'x', '120', 1, 0, %(at)s, %(at)s, 'test')
"""
_ENTRY = """
INSERT INTO summary_entry (application_id, decl_seq_no, draft_no, pre_entry_no, entry_no, entry_state, told_at, gross_weight,
    net_weight) VALUES (1, '1', '', '', %(no)s, '', %(at)s, 1, 1)
"""


def test_a_sample_stands_for_what_its_weights_say_and_no_other_feed_has_weights(hub: Hub) -> None:
    taken = fed(hub, row("S1", weight="12.5", parcels="2"), source=Source.SAMPLE, method=Method.SAMPLE)
    assert taken.lines == 1
    assert worth(hub) == 1250
    assert hub.rows("SELECT parcels, method FROM supplement_fact") == [(25, "sample")]
    assert fed(hub, row("S2", weight="2")).refused == 1
    with pytest.raises(Refused):
        fed(hub, row("S3"), source=Source.SAMPLE)


def test_goods_that_come_back_next_month_are_taken_off_there_with_a_note_and_no_frozen_figure_moves(hub: Hub) -> None:
    traded(hub, imports=1, exports=2)
    january = compiled(hub)
    before = frozen(hub, january)
    (list_id, cny, rate) = hub.rows("SELECT id, cny, rate FROM list_fact WHERE flow = 'E' ORDER BY id LIMIT 1")[0]
    hub.clock.advance(hours=24 * 30)
    hub.change(_BACK, id=list_id, at=hub.clock.now(), merchant=hub.party("cosmetics").id)
    fed(hub, row("RR1"), row("RR1"), row("RR2", country="110", currency="502", amount="10", flow="I"))
    februarys = told(hub, compiled(hub, order(period="2026-02")))
    (line,) = [each for each in februarys["tables"][-1]["rows"] if each["key"] == "goods_return"]
    taken = Decimal(line["cells"]["export"]["value"])
    assert taken == -(Decimal(5) * rate).quantize(Decimal("0.01"))
    assert 0 < -taken < cny
    assert februarys["coverage"]["taken_off"] == [{"month": "2026-01", "flow": "export", "returns": 1, "value": str(taken)}]
    assert frozen(hub, january) == before
    again = told(hub, compiled_anew(hub, january))
    origin = {each["key"]: each["cells"] for each in again["tables"][-1]["rows"]}
    assert origin["mail"]["export"]["value"] == "100.00"
    assert again["tables"][0]["total"]["cells"] == again["tables"][-1]["total"]["cells"]
    for document in (frozen(hub, january), canonical(again), canonical(februarys)):
        for locale in ("zh", "en"):
            pages = [page.extract_text() for page in PdfReader(BytesIO(render_return(document, locale))).pages]
            assert not re.search(r"\{|\}|None(?!\.)|Undefined", "".join(pages))
    assert "2026-01" in "".join(pages)
    increments = totals(hub)
    recompute_supplements(hub.database, hub.clock, ZONE)
    assert totals(hub) == increments


def compiled_anew(hub: Hub, former: UUID) -> UUID:
    """The same period once more, when the former was refused."""
    with hub.database.begin() as uow:
        refuse_return(uow, former, 1, "补报", SECOND, hub.clock)
    return compiled(hub, order(reason="补报"))


_BACK = """
WITH asked AS (
    INSERT INTO customs_application (id, kind, merchant_id, message_type, transmitter_code, state, submission, standing_seen,
        created_at, updated_at, actor) VALUES (7, 'return', %(merchant)s, 'CEB213Message', 'x', '800', 1, 0, %(at)s, %(at)s, 'test')
), back AS (
    INSERT INTO goods_return (id, declaration_id, flow, list_no, reason, head, relief, repayment, released_at)
    VALUES (7, %(id)s, 'E', 'L1', '买家退货', '{}', false, 'none', %(at)s)
) INSERT INTO goods_return_line (application_id, line_no, quantity, amount) VALUES (7, 1, 1, 5)
"""
