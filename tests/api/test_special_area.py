"""Special-area export over the API: lots, deliveries all or none, consolidated declarations."""

from uuid import UUID

import pytest

from ccezone.tax_refunds.rules.area import period_of
from ccezone.tax_refunds.service.area import gather
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
