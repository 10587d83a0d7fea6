"""Who sees which bill, in which order, with which values."""

from collections.abc import Iterator

import pytest

from ccezone.bills import queries
from ccezone.bills.queries import Scope, Wanted
from ccezone.bills.rules import BillKind
from ccezone.storage import Database
from tests.bills.trading import Zone, open_zone

pytestmark = pytest.mark.storage


@pytest.fixture
def zone(database: Database) -> Iterator[Zone]:
    zone = open_zone(database)
    yield zone
    zone.database.close()


def listed(zone: Zone, who: str | None, kind: BillKind, scope: Scope, wanted: Wanted | None = None) -> list[queries.BillRow]:
    with zone.database.reading() as connection:
        return queries.search_bills(connection, kind, scope, zone.ids[who] if who else None, wanted or Wanted())


def numbers(zone: Zone, who: str | None, kind: BillKind, scope: Scope, wanted: Wanted | None = None) -> list[str]:
    return [row.number for row in listed(zone, who, kind, scope, wanted)]


def seen_by(zone: Zone, kind: BillKind, key: int) -> set[str]:
    with zone.database.reading() as connection:
        return {name for name, party in zone.ids.items() if queries.visible(connection, kind, key, party)}


def only(zone: Zone, kind: BillKind) -> queries.BillRow:
    return listed(zone, None, kind, Scope.ALL)[0]


def test_each_bill_is_seen_by_its_sender_and_by_the_merchant_of_its_order_and_by_nobody_else(zone: Zone) -> None:
    zone.trade("I", first=2)
    assert seen_by(zone, BillKind.ORDER, only(zone, BillKind.ORDER).key) == {"cosmetics", "platform_import"}
    assert seen_by(zone, BillKind.PAYMENT, only(zone, BillKind.PAYMENT).key) == {"cosmetics", "payment_import"}
    assert seen_by(zone, BillKind.WAYBILL, only(zone, BillKind.WAYBILL).key) == {"cosmetics", "logistics_import"}


def test_lists_hold_what_may_be_seen(zone: Zone) -> None:
    zone.trade("I", first=1, documents=4)
    assert numbers(zone, "cosmetics", BillKind.ORDER, Scope.OWN) == ["I20260105000000004", "I20260105000000002"]
    assert numbers(zone, "cosmetics", BillKind.PAYMENT, Scope.OWN) == ["PI20260105000000004", "PI20260105000000002"]
    assert numbers(zone, "cosmetics", BillKind.WAYBILL, Scope.OWN) == ["WI20260105000000004", "WI20260105000000002"]
    assert numbers(zone, "cosmetics", BillKind.ORDER, Scope.SENT) == []
    assert len(numbers(zone, "platform_import", BillKind.ORDER, Scope.SENT)) == 4
    assert len(numbers(zone, "logistics_import", BillKind.WAYBILL, Scope.SENT)) == 4
    assert numbers(zone, "platform_import", BillKind.PAYMENT, Scope.OWN) == []
    assert len(numbers(zone, None, BillKind.PAYMENT, Scope.ALL)) == 4


def test_an_enterprise_is_needed_for_anything_but_all(zone: Zone) -> None:
    with pytest.raises(ValueError, match="enterprise"):
        listed(zone, None, BillKind.ORDER, Scope.OWN)


@pytest.mark.parametrize("kind", [BillKind.ORDER, BillKind.PAYMENT, BillKind.WAYBILL])
@pytest.mark.parametrize(("who", "scope"), [("cosmetics", Scope.OWN), (None, Scope.ALL)])
def test_pages_follow_each_other_without_gap_or_repetition(zone: Zone, kind: BillKind, who: str | None, scope: Scope) -> None:
    for first in (1, 5, 9):
        zone.trade("I", first=first, documents=4)
    everything = numbers(zone, who, kind, scope)
    paged: list[str] = []
    after = None
    while rows := listed(zone, who, kind, scope, Wanted(after=after, limit=2)):
        paged += [row.number for row in rows]
        after = rows[-1].cursor
        assert queries.Cursor.read(str(after)) == after
    assert paged == everything
    assert len(everything) == (6 if who else 12)


def test_lists_can_be_searched_by_number_flow_and_day(zone: Zone) -> None:
    zone.trade("I", first=2)
    zone.trade("E", first=1)
    begin = zone.clock.now()
    assert numbers(zone, None, BillKind.ORDER, Scope.ALL, Wanted(text="000002")) == ["I20260105000000002"]
    assert numbers(zone, None, BillKind.ORDER, Scope.ALL, Wanted(text="%")) == []
    assert numbers(zone, None, BillKind.ORDER, Scope.ALL, Wanted(flow="E")) == ["E20260105000000001"]
    assert numbers(zone, None, BillKind.ORDER, Scope.ALL, Wanted(arrived_before=begin)) == []
    assert len(numbers(zone, None, BillKind.ORDER, Scope.ALL, Wanted(arrived_from=begin))) == 2


def test_only_the_newest_version_is_listed_and_all_versions_are_shown_with_what_changed(zone: Zone) -> None:
    zone.send("CEB311Message", first=2)
    zone.clock.advance(days=1)
    zone.send("CEB311Message", first=2, appType=("1", "2"), appTime=("20260105", "20260106"), consignee=("", "新"))
    row = only(zone, BillKind.ORDER)
    assert (len(listed(zone, None, BillKind.ORDER, Scope.ALL)), row.version) == (1, 2)
    with zone.database.reading() as connection:
        bill = queries.bill(connection, zone.vault, zone.deliveries, BillKind.ORDER, row.key, zone.ids["cosmetics"])
    assert bill is not None
    assert [version.version for version in bill.versions] == [2, 1]
    assert list(bill.versions[0].changed) == ["consignee_name"]
    assert list(bill.versions[1].changed) == []


def test_personal_values_are_masked_and_opened_one_at_a_time(zone: Zone) -> None:
    zone.send("CEB311Message", first=2)
    key = only(zone, BillKind.ORDER).key
    with zone.database.reading() as connection:
        bill = queries.bill(connection, zone.vault, zone.deliveries, BillKind.ORDER, key, None)
        telephone = queries.sealed_value(connection, zone.vault, BillKind.ORDER, key, "buyer_telephone")
        amount = queries.sealed_value(connection, zone.vault, BillKind.ORDER, key, "goods_value")
        clear = queries.clear_values(connection, zone.vault, zone.deliveries, BillKind.ORDER, key)
    assert bill is not None
    assert telephone is not None
    assert len(telephone) == 11
    assert amount is None
    assert bill.newest.values["buyer_telephone"] == f"{telephone[:3]}****{telephone[-4:]}"
    assert clear["buyer_telephone"] == telephone


def test_a_bill_of_a_batch_never_shows_the_batch_s_other_documents(zone: Zone) -> None:
    zone.send("CEB311Message", first=1, documents=4)
    for row in listed(zone, "cosmetics", BillKind.ORDER, Scope.OWN):
        with zone.database.reading() as connection:
            bill = queries.bill(connection, zone.vault, zone.deliveries, BillKind.ORDER, row.key, zone.ids["cosmetics"])
        assert bill is not None
        assert bill.newest.values["order_no"] == row.number


def test_another_firm_s_bill_and_one_that_does_not_exist_look_alike(zone: Zone) -> None:
    zone.send("CEB311Message", first=2)
    key = only(zone, BillKind.ORDER).key
    with zone.database.reading() as connection:
        for unseen in (key, 42):
            assert queries.bill(connection, zone.vault, zone.deliveries, BillKind.ORDER, unseen, zone.ids["milk"]) is None


def test_an_export_waybill_becomes_the_merchant_s_by_its_link(zone: Zone) -> None:
    zone.trade("E", first=1)
    order, waybill = only(zone, BillKind.ORDER), only(zone, BillKind.WAYBILL)
    merchant = next(name for name in seen_by(zone, BillKind.ORDER, order.key) if name != "platform_export")
    assert merchant not in seen_by(zone, BillKind.WAYBILL, waybill.key)
    codes = {"ebcCode": zone.enterprise(merchant).uscc, "ebpCode": zone.enterprise("platform_export").uscc}
    carrier = zone.enterprise("logistics_export").uscc
    body = {**codes, "orderNo": order.number, "logisticsCode": carrier, "logisticsNo": waybill.number}
    assert zone.send_json("logistics_export", BillKind.LINK, "E", body).rejected == 0
    assert merchant in seen_by(zone, BillKind.WAYBILL, waybill.key)
    with zone.database.reading() as connection:
        others = queries.bills_of_order(connection, order.key)
    assert [row.kind for row in others] == [BillKind.PAYMENT, BillKind.WAYBILL, BillKind.LINK]


def test_a_merchant_s_own_link_opens_no_stranger_s_import_parcel(zone: Zone) -> None:
    zone.trade("I", first=1)
    zone.trade("I", first=2)
    milk = next(row for row in listed(zone, None, BillKind.WAYBILL, Scope.ALL) if row.number.endswith("1"))
    body = {
        "ebcCode": zone.enterprise("cosmetics").uscc,
        "ebpCode": zone.enterprise("platform_import").uscc,
        "orderNo": "I20260105000000002",
        "logisticsCode": zone.enterprise("logistics_import").uscc,
        "logisticsNo": milk.number,
    }
    assert zone.send_json("cosmetics", BillKind.LINK, "I", body).rejected == 0
    assert seen_by(zone, BillKind.WAYBILL, milk.key) == {"milk", "logistics_import"}


def test_a_batch_that_stored_a_bill_twice_names_it_once_and_shows_both_versions(zone: Zone) -> None:
    link = {"ebcCode": zone.enterprise("cosmetics").uscc, "ebpCode": zone.enterprise("platform_import").uscc, "orderNo": "N1"}
    first = {**link, "logisticsCode": zone.enterprise("logistics_import").uscc, "logisticsNo": "W1", "appTime": "20260601120000"}
    second = {**first, "appType": "2", "appTime": "20260601120001", "lines": [{"gnum": 1, "qty": 1}]}
    outcome = zone.send_json("cosmetics", BillKind.LINK, "I", first, second)
    with zone.database.reading() as connection:
        known = queries.batch(connection, outcome.batch_id, zone.ids["cosmetics"])
        assert known is not None
        assert [row.version for row in queries.bills_of_batch(connection, known)] == [1, 2]
    assert [row.version for row in listed(zone, "cosmetics", BillKind.LINK, Scope.SENT)] == [2]


def test_a_batch_shows_its_counts_its_bills_and_its_faults_to_its_sender_only(zone: Zone) -> None:
    outcome = zone.send("CEB311Message", first=1, documents=3, orderNo=("I20260105000000003", ""))
    with zone.database.reading() as connection:
        known = queries.batch(connection, outcome.batch_id, zone.ids["platform_import"])
        assert known is not None
        assert (known.documents, known.accepted, known.rejected) == (3, 2, 1)
        assert [row.number[-1] for row in queries.bills_of_batch(connection, known)] == ["1", "2"]
        assert [row.number[-1] for row in queries.bills_of_batch(connection, known, after=0)] == ["2"]
        (fault,) = queries.faults_of_batch(connection, outcome.batch_id)
        said = queries.explain(zone.deliveries, known.message_type, fault.fault, "en")
        assert (fault.position, said.pointer) == (2, "/orderNo")
        assert said.message
        assert said.remedy
        assert queries.faults_of_batch(connection, outcome.batch_id, (fault.position, fault.id)) == []
        assert queries.batch(connection, outcome.batch_id, zone.ids["cosmetics"]) is None
        assert [view.id for view in queries.batches_of(connection, zone.ids["platform_import"])] == [outcome.batch_id]
        assert queries.batches_of(connection, zone.ids["cosmetics"]) == []
        assert queries.raw_message(connection, zone.vault, outcome.batch_id).startswith(b"<?xml")


def test_pointers_into_domain_values_are_told_in_the_sender_s_names(zone: Zone) -> None:
    outcome = zone.send("CEB311Message", first=2, ebcCode=("", "X"))
    (found,) = outcome.faults
    assert found.fault.pointer == "/merchant_code"
    assert queries.explain(zone.deliveries, "CEB311Message", found.fault, "zh").pointer == "/ebcCode"


def test_the_key_of_typed_values_is_the_key_of_the_stored_bill(zone: Zone) -> None:
    zone.send("CEB311Message", first=2)
    key = only(zone, BillKind.ORDER).key
    with zone.database.reading() as connection:
        values = queries.clear_values(connection, zone.vault, zone.deliveries, BillKind.ORDER, key)
        assert queries.key_of(connection, BillKind.ORDER, "I", values) == key


def test_the_named_key_fields_are_what_the_key_is_made_of(zone: Zone) -> None:
    for kind in (BillKind.ORDER, BillKind.PAYMENT, BillKind.WAYBILL, BillKind.LINK):
        for flow in ("E", "I"):
            names = {
                "merchant_code",
                "platform_code",
                "order_no",
                "payment_enterprise_code",
                "payment_no",
                "carrier_code",
                "waybill_no",
            }
            same = dict.fromkeys(names, "A")
            with zone.database.reading() as connection:
                key = queries.key_of(connection, kind, flow, same)
                moved = {name for name in names if queries.key_of(connection, kind, flow, {**same, name: "B"}) != key}
            assert moved == queries.KEY_FIELDS[kind, flow]
