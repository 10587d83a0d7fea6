"""Special-area export over the API: lots, deliveries all or none, consolidated declarations."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from ccezone.tax_refunds.rules.area import period_of
from ccezone.tax_refunds.service.area import Delivery, gather, record_delivery
from tests.api.conftest import Api
from tests.tax_refunds.entering import entered

pytestmark = pytest.mark.storage


def test_deliveries_are_recorded_all_or_none_and_what_is_wrong_is_placed(api: Api) -> None:
    firm, day = api.hub.party("furniture").id, api.hub.clock.now().date()
    lot = entered(api.hub.database, firm, "T恤", day, api.hub.clock)
    address = f"/special-area/lots/{lot}"
    first, second = ({"delivery_no": f"D{n}", "delivered_on": day.isoformat(), "quantity": n} for n in ("60", "41"))
    refused = api.call("POST", f"{address}/deliveries", body={"deliveries": [first, second]})
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.get_json()["errors"]] == [("/deliveries/1/quantity", "area_stock")]
    assert api.call("GET", address).get_json()["deliveries"] == []
    done = api.call("POST", f"{address}/deliveries", body={"deliveries": [first]}).get_json()
    assert (done["entered"], done["open"], done["stock"]) == ("100", "60", "40")
    assert [each["delivery_no"] for each in done["deliveries"]] == ["D60"]
    with api.hub.database.begin() as uow:
        made: UUID = gather(uow, firm, period_of(day, 1), "test", api.hub.clock)
    (row,) = api.call("GET", "/special-area/declarations").get_json()["declarations"]
    assert (row["id"], row["state"], row["deliveries"]) == (str(made), "draft", 1)
    assert [each["id"] for each in api.call("GET", "/special-area/lots?tab=open").get_json()["lots"]] == [str(lot)]
    assert api.call("GET", "/special-area/lots?tab=empty").get_json()["lots"] == []
    assert api.call("GET", address, by="textiles").status_code == 404


def test_deliveries_are_read_page_by_page_to_the_end(api: Api) -> None:
    firm, day = api.hub.party("furniture").id, api.hub.clock.now().date()
    lot, other = (entered(api.hub.database, firm, name, day, api.hub.clock, f"40032026000008120{n}") for n, name in enumerate("AB"))
    with api.hub.database.begin() as uow:
        for number in range(7):
            record_delivery(uow, firm, lot, Delivery(f"D{number}", day, Decimal(1)), "test", api.hub.clock)
        record_delivery(uow, firm, other, Delivery("E1", day, Decimal(1)), "test", api.hub.clock)
        made = gather(uow, firm, period_of(day, 1), "test", api.hub.clock)
    for address, expected in (
        (f"/special-area/lots/{lot}/deliveries", [f"D{n}" for n in range(6, -1, -1)]),
        (f"/special-area/declarations/{made}/deliveries", ["E1", *(f"D{n}" for n in range(6, -1, -1))]),
    ):
        read, after = list[str](), ""
        while True:
            page = api.call("GET", f"{address}?limit=3&after={after}").get_json()
            read += [each["delivery_no"] for each in page["deliveries"]]
            if not (after := page["next"]):
                break
        assert read == expected
        assert api.call("GET", address, by="textiles").status_code == 404
        assert api.call("GET", f"{address}?after=x").status_code == 422
    assert api.call("GET", f"/special-area/lots/{lot}").get_json()["deliveries_total"] == 7


def test_a_period_is_gathered_declared_and_taken_back_by_the_version_read(api: Api) -> None:
    firm, day = api.hub.party("furniture").id, api.hub.clock.now().date() - timedelta(days=3)
    lot = entered(api.hub.database, firm, "T恤", day, api.hub.clock)
    nothing = api.call("POST", "/special-area/declarations", body={"day": day.isoformat()})
    assert [each["code"] for each in nothing.get_json()["errors"]] == ["area_nothing_open"]
    early = api.call("POST", "/special-area/declarations", body={"day": "2000-01-01"})
    assert [(each["pointer"], each["code"]) for each in early.get_json()["errors"]] == [("/day", "area_nothing_open")]
    with api.hub.database.begin() as uow:
        record_delivery(uow, firm, lot, Delivery("D1", day, Decimal(4)), "test", api.hub.clock)
    drafted = api.call("POST", "/special-area/declarations", body={"day": day.isoformat()}).get_json()
    assert (drafted["state"], drafted["deliveries"], drafted["version"]) == ("draft", 1, 1)
    address = f"/special-area/declarations/{drafted['id']}"
    declared = {"version": 1, "declaration_no": "400320260000121001", "declared_on": day.isoformat()}
    assert api.call("POST", f"{address}/declare", by="textiles", body=declared).status_code == 404
    assert api.call("POST", f"{address}/declare", body={**declared, "version": 9}).status_code == 412
    bad = api.call("POST", f"{address}/declare", body={**declared, "declaration_no": "1"})
    assert [each["pointer"] for each in bad.get_json()["errors"]] == ["/declaration_no"]
    done = api.call("POST", f"{address}/declare", body=declared).get_json()
    assert (done["state"], done["declaration_no"]) == ("declared", declared["declaration_no"])
    assert api.call("GET", f"/special-area/lots/{lot}").get_json()["declared"] == "4"
    assert api.call("POST", f"{address}/withdraw", body={"version": 1}).status_code == 412
    back = api.call("POST", f"{address}/withdraw", body={"version": done["version"]}).get_json()
    assert back["state"] == "withdrawn"
    assert api.call("GET", address).get_json() == back
    assert api.hub.rows("SELECT action FROM audit_entry WHERE action LIKE 'special_area.%%' ORDER BY number") == [
        ("special_area.gather",),
        ("special_area.declare",),
        ("special_area.withdraw",),
    ]
