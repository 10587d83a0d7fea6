"""The merge board and one order side by side: who sees what, and that differences say both values."""

from collections.abc import Iterator
from datetime import date

import pytest

from ccezone.bills.rules import BillKind
from ccezone.matching import queries
from ccezone.matching.rules import RULES_BY_ID, Verdict
from ccezone.storage import Database
from schemas.codes.rules import rule_texts
from tests.bills.trading import Zone, open_zone

pytestmark = pytest.mark.storage
ORDER = "I20260105000000002"


@pytest.fixture
def zone(database: Database) -> Iterator[Zone]:
    zone = open_zone(database)
    yield zone
    zone.database.close()


def rows(zone: Zone, verdict: Verdict, who: str | None = "cosmetics", **wanted: str) -> list[queries.MatchRow]:
    with zone.database.reading() as connection:
        return queries.board(connection, zone.ids[who] if who else None, verdict, **wanted)  # type: ignore[arg-type]  # only texts


def opened(zone: Zone, found: queries.MatchRow, who: str = "cosmetics") -> list[queries.OpenedDifference]:
    with zone.database.reading() as connection:
        return queries.opened_differences(connection, zone.vault, found, zone.ids[who])


def link(zone: Zone) -> dict[str, str]:
    merchant, platform, carrier = (zone.enterprise(key).uscc for key in ("cosmetics", "platform_import", "logistics_import"))
    parties = {"ebcCode": merchant, "ebpCode": platform, "logisticsCode": carrier}
    return {**parties, "orderNo": ORDER, "logisticsNo": "W" + ORDER}


def test_a_waiting_order_says_what_it_waits_for_and_since_when(zone: Zone) -> None:
    zone.send("CEB311Message", first=2)
    arrived = zone.clock.now()
    zone.clock.advance(hours=5)
    zone.send("CEB411Message", first=2)
    zone.merge()
    (found,) = rows(zone, Verdict.WAITING)
    assert list(found.waiting) == ["waybill"]
    assert (found.since, found.merged_at) == (arrived, zone.clock.now())
    assert not found.fileable


def test_counts_are_the_rows_of_each_tab(zone: Zone) -> None:
    zone.trade("I", first=1, documents=4)
    zone.send("CEB311Message", first=6)
    zone.merge()
    with zone.database.reading() as connection:
        for who in ("cosmetics", "milk", "platform_import", None):
            counted = queries.counts(connection, zone.ids[who] if who else None)
            assert counted == {verdict: len(rows(zone, verdict, who)) for verdict in Verdict}
    assert [len(rows(zone, Verdict.MATCHED, who)) for who in ("cosmetics", "milk", None)] == [2, 2, 4]


def test_another_merchant_s_match_looks_like_none(zone: Zone) -> None:
    zone.trade("I", first=2)
    zone.merge()
    (found,) = rows(zone, Verdict.MATCHED)
    with zone.database.reading() as connection:
        assert queries.match(connection, found.order_key, zone.ids["milk"]) is None
        assert queries.match(connection, found.order_key, zone.ids["platform_import"]) is None
        assert queries.match(connection, found.order_key, None) == found


def test_the_board_is_paged_and_searched(zone: Zone) -> None:
    for first in (2, 4, 6):
        zone.clock.advance(minutes=1)
        zone.trade("I", first=first)
        zone.merge()
    everything = rows(zone, Verdict.MATCHED)
    assert [row.order_no[-1] for row in everything] == ["6", "4", "2"]
    with zone.database.reading() as connection:
        after = (everything[0].merged_at, everything[0].order_key)
        rest = queries.board(connection, zone.ids["cosmetics"], Verdict.MATCHED, after, limit=5)
    assert rest == everything[1:]
    assert [row.order_no for row in rows(zone, Verdict.MATCHED, text="0000002")] == [ORDER]


def test_orders_that_wait_for_a_link_are_counted(zone: Zone) -> None:
    zone.trade("E", first=1)
    zone.merge()
    with zone.database.reading() as connection:
        assert queries.count_waiting_for(connection, None, "link") == 1
        assert queries.count_waiting_for(connection, None, "payment") == 0
        assert queries.count_waiting_for(connection, zone.ids["cosmetics"], "link") == 0
    assert len(rows(zone, Verdict.WAITING, None, waiting_for="link")) == 1


def test_amounts_that_differ_stand_side_by_side(zone: Zone) -> None:
    zone.send("CEB311Message", first=2)
    zone.send("CEB411Message", first=2, amountPaid=("1", "9"))
    zone.send("CEB511Message", first=2)
    zone.merge()
    (found,) = rows(zone, Verdict.CONFLICT)
    (each,) = opened(zone, found)
    assert each.difference.rule.id == "I02"
    assert [side.kind for side in (each.left, *each.right)] == [BillKind.ORDER, BillKind.PAYMENT]
    ours, theirs = each.left.values[0].value, each.right[0].values[0].value
    assert ours is not None
    assert theirs == "9" + ours[1:]


def test_sealed_values_are_masked_and_the_place_where_they_part_is_told(zone: Zone) -> None:
    zone.send("CEB311Message", first=2)
    zone.send("CEB411Message", first=2)
    zone.send("CEB511Message", first=2, consigneeTelephone=("138", "139"))
    zone.send_json("platform_import", BillKind.LINK, "I", link(zone))
    zone.merge()
    (found,) = rows(zone, Verdict.CONFLICT)
    (each,) = opened(zone, found)
    assert each.difference.rule.id == "I08"
    (ours,), (theirs,) = each.left.values, each.right[0].values
    assert ours.value is not None
    assert theirs.value is not None
    assert (ours.value[:7], theirs.value[:7]) == ("138****", "139****")
    assert (theirs.sealed, theirs.apart_at) == (True, 3)


def test_a_parcel_the_merchant_may_not_see_says_nothing(zone: Zone) -> None:
    zone.send("CEB311Message", first=2)
    zone.send("CEB511Message", first=2, consignee=("", "另"))
    zone.send_json("platform_import", BillKind.LINK, "I", link(zone))
    zone.merge()
    (found,) = rows(zone, Verdict.CONFLICT)
    assert opened(zone, found)[0].right
    zone.clock.advance(minutes=1)
    changed = {**link(zone), "appType": "3"}
    zone.send_json("platform_import", BillKind.LINK, "I", changed)
    zone.clock.advance(minutes=1)
    again = zone.send_json("cosmetics", BillKind.LINK, "I", link(zone))
    assert again.rejected == 0
    zone.merge()
    (found,) = rows(zone, Verdict.CONFLICT)
    assert [list(each.right) for each in opened(zone, found)] == [[]]


def test_the_rule_book_holds_every_rule_with_its_tolerance(zone: Zone) -> None:
    with zone.database.reading() as connection:
        booked = {rule.text.id: rule for rule in queries.rule_book(connection, "GZ", date(2026, 6, 1))}
    assert booked.keys() == rule_texts().keys()
    assert {name for name, rule in booked.items() if rule.merge} == RULES_BY_ID.keys()
    assert {name: str(rule.tolerance.value) for name, rule in booked.items() if rule.tolerance} == {
        "I02": "0",
        "I03": "0",
        "X01": "0.01",
    }


def test_the_words_of_the_merge_s_rules_say_that_they_are_the_merge_s() -> None:
    assert {name for name, text in rule_texts().items() if text.stage == "merge"} == RULES_BY_ID.keys()
