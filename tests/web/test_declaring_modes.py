"""One form for each mode, from draft to the queue; imports with their order typed or picked; orders that are here already."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ccezone.declarations.queries import ListFilter, ListRow, Scope, search_lists
from ccezone.enterprises.service import DefaultsEntry, save_defaults
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.bills import import_bills, order, waybill
from tests.web.declaring_site import EXPORT, begun, declaring_site, standing, typed
from tests.web.zone_site import ZoneSite

pytestmark = pytest.mark.storage
HEAD = {
    "list-customs_code": "4003",
    "list-port_code": "0600",
    "list-transport_mode": "3",
    "list-country": "344",
    "list-pod": "344",
    "list-wrap_type": "2",
    "state-no_export_duty": "yes",
    "state-no_licence": "yes",
    "filing": "at_once",
}
BONDED = {
    "list-bonded_enterprise_code": "360766Y014",
    "list-bonded_enterprise_name": "赣州综保区云仓管理有限公司",
    "list-ems_no": "T4003",
    "lines-0-item_record_no": "R0001",
}


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return declaring_site(database, clock, tmp_path / "keys")


def submitted(site: ZoneSite, who: str, mode: str, values: Mapping[str, str], *, pick: str = "") -> ListRow:
    """Fill a form in, submit it, merge; return the list it became."""
    browser = site.browser(who)
    address = begun(browser, mode)
    if pick:
        typed(browser, address, pick)
    page = typed(browser, address, **values).text
    checked = browser.get(f"{address}/check")
    assert checked.status_code == 200, checked.text[checked.text.index("<main") :]
    answer = browser.post(f"{address}/submit", data={"version": standing(page)["version"]})
    assert answer.status_code == 302, answer.text[answer.text.index("<main") :]
    site.hub.merge()
    with site.hub.database.reading() as connection:
        (found,) = search_lists(connection, Scope(site.hub.party(who).id), ListFilter())
    return found


@pytest.mark.parametrize("mode", ["9610/E", "1210/E", "9710/E", "9810/E"])
def test_an_export_of_every_mode_is_filed_by_form(site: ZoneSite, mode: str) -> None:
    sent = waybill(1)
    site.hub.post(sent)
    parcel = {"carrier_code": sent["carrier_code"], "waybill_no": sent["waybill_no"]}
    yuan = {"currency": "142"}  # no exchange rate is needed for the limit
    found = submitted(site, "furniture", mode, {**EXPORT, **HEAD, **(BONDED if mode == "1210/E" else {}), **parcel, **yuan})
    assert (found.trade_mode, found.flow, found.state) == (*mode.split("/"), "queued")


@pytest.mark.parametrize("mode", ["1210", "9610"])
def test_an_import_is_filed_from_an_order_that_is_here(site: ZoneSite, mode: str) -> None:
    bills = import_bills(1, mode=mode)  # type: ignore[arg-type]
    site.hub.post(*bills)
    with site.hub.database.reading() as connection:
        key = connection.exec_driver_sql("SELECT order_key FROM order_version").scalar_one()
    found = submitted(site, "milk", f"{mode}/I", {"filing": "at_once"}, pick=f"take_order:{key}")
    assert (found.trade_mode, found.flow, found.state) == (mode, "I", "queued")


def test_a_picked_order_stands_read_only_with_its_buyer_masked(site: ZoneSite) -> None:
    sold = order(1, "I")
    site.hub.post(sold)
    with site.hub.database.reading() as connection:
        key = connection.exec_driver_sql("SELECT order_key FROM order_version").scalar_one()
    browser = site.browser("milk")
    address = begun(browser, "1210/I")
    page = typed(browser, address, "take_order:" + str(key)).text
    assert sold["order_no"] in page
    assert sold["buyer_id_number"] not in page
    assert standing(typed(browser, address, "drop_order").text).get("order_key") is None


def test_another_firms_order_is_not_picked(site: ZoneSite) -> None:
    site.hub.post(order(1, "I"))
    with site.hub.database.reading() as connection:
        key = connection.exec_driver_sql("SELECT order_key FROM order_version").scalar_one()
    browser = site.browser("furniture")
    assert typed(browser, begun(browser, "1210/I"), f"take_order:{key}").status_code == 404


def test_a_parcel_above_the_limit_fails_its_test_and_goes_no_further(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser, "9710/E")
    page = typed(browser, address, **{**EXPORT, **HEAD, "currency": "142", "lines-0-qty": "200"}).text
    panel = page[page.index('id="watch-content"') :]
    assert "不符合" in panel
    assert "5000" in panel
    assert browser.get(f"{address}/check").status_code == 422


def test_defaults_of_a_mode_stand_in_its_form(site: ZoneSite) -> None:
    entry = DefaultsEntry(
        trade_mode="9710", flow="E", customs_code="4004", port_code="0600", agent_code="360796Y013", agent_name="关通",
        owner_code="360796Y001", owner_name="木语", transport_mode="3", country="344", pod="344", wrap_type="2",
    )  # fmt: skip
    with site.hub.database.begin() as uow:
        save_defaults(uow, site.hub.party("furniture").id, entry, site.hub.clock)
    browser = site.browser("furniture")
    assert standing(browser.get(begun(browser, "9710/E")).text)["list-customs_code"] == "4004"


def test_a_form_may_be_submitted_before_the_bills_of_others_are_here(site: ZoneSite) -> None:
    bills = import_bills(1)
    site.hub.post(bills[0])
    with site.hub.database.reading() as connection:
        key = connection.exec_driver_sql("SELECT order_key FROM order_version").scalar_one()
    browser = site.browser("milk")
    address = begun(browser, "1210/I")
    page = typed(browser, address, f"take_order:{key}", filing="at_once").text
    assert browser.get(f"{address}/check").status_code == 200
    assert browser.post(f"{address}/submit", data={"version": standing(page)["version"]}).status_code == 302
    site.hub.post(*bills[1:])
    site.hub.merge()
    assert site.hub.states() == ["queued"]
