"""After filing: cancel with a reason, change, copy; and general declarations, which are recorded only."""

from pathlib import Path

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.declaring_site import GENERAL, declaring_site, standing
from tests.web.zone_site import ZoneSite

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return declaring_site(database, clock, tmp_path / "keys")


@pytest.fixture
def filed(site: ZoneSite) -> int:
    """A list of the milk merchant, sent."""
    (wanted,) = site.hub.imports(1)
    site.hub.dispatch()
    return wanted


def test_a_list_in_customs_hands_is_cancelled_with_a_reason(site: ZoneSite, filed: int) -> None:
    site.hub.answer(filed, 2, 120, list_no="401720261000000001")
    browser = site.browser("milk")
    assert f"/declarations/{filed}/cancel" in browser.get(f"/declarations/{filed}").text
    empty = browser.post(f"/declarations/{filed}/cancel", data={"reason": " "})
    assert empty.status_code == 422
    assert 'href="#reason"' in empty.text
    assert browser.post(f"/declarations/{filed}/cancel", data={"reason": "买家取消订单"}).status_code == 302
    page = browser.get(f"/declarations/{filed}").text
    assert "申请撤销（第 1 次）" in page
    assert "买家取消订单" in page
    again = browser.post(f"/declarations/{filed}/cancel", data={"reason": "再次"})
    assert again.status_code == 422
    assert "撤销申请正在处理" in again.text


def test_a_cancelled_list_is_filed_again_with_one_button_and_both_pages_lead_to_each_other(site: ZoneSite, filed: int) -> None:
    site.hub.answer(filed, 2, 120, 430, list_no="401720261000000001")
    browser = site.browser("milk")
    assert "生成新清单重新申报" in browser.get(f"/declarations/{filed}").text
    answer = browser.post(f"/declarations/{filed}/submit")
    fresh = site.hub.list_ids()[-1]
    assert answer.location == f"/declarations/{fresh}" != f"/declarations/{filed}"
    assert site.hub.states() == ["430", "queued"]
    assert f'href="/declarations/{filed}"' in browser.get(answer.location).text
    old = browser.get(f"/declarations/{filed}").text
    assert f'href="/declarations/{fresh}"' in old
    assert "已由新清单重新申报" in old
    assert "生成新清单重新申报" not in old
    again = browser.post(f"/declarations/{filed}/submit", follow_redirects=True)
    assert "本清单已由新清单重新申报" in again.text


def test_a_released_list_says_why_it_cannot_be_cancelled_or_changed(site: ZoneSite, filed: int) -> None:
    site.hub.answer(filed, 2, 120, 800, list_no="401720261000000001")
    browser = site.browser("milk")
    page = browser.get(f"/declarations/{filed}").text
    assert f"/declarations/{filed}/cancel" not in page
    assert "变更与撤销的条件" in page
    assert "退货" in browser.get(f"/declarations/{filed}/cancel").text
    assert "目前不能变更" in browser.get(f"/declare/change/{filed}").text


def test_a_rejected_list_is_changed_by_form(site: ZoneSite, filed: int) -> None:
    site.hub.answer(filed, 2, 100)
    browser = site.browser("milk")
    page = browser.get(f"/declare/change/{filed}").text
    form = standing(page.replace('<form method="post" novalidate', '<form id="declaration" method="post" novalidate'))
    answer = browser.post(f"/declare/change/{filed}", data={**form, "list-note": "更正"})
    assert answer.status_code == 302, answer.text
    assert "更正" in browser.get(f"/declarations/{filed}").text


def test_a_filed_list_is_copied_without_its_buyer_and_numbers(site: ZoneSite, filed: int) -> None:
    browser = site.browser("milk")
    answer = browser.post(f"/declare/like/{filed}")
    form = standing(browser.get(answer.location).text)
    assert form["lines-0-item_no"]
    assert not any(form[name] for name in ("order_no", "waybill_no", "buyer_name", "buyer_id_number"))


@pytest.mark.parametrize("action", ["/declarations/{}/cancel", "/declare/change/{}", "/declare/like/{}"])
def test_others_can_do_none_of_it(site: ZoneSite, filed: int, action: str) -> None:
    assert site.browser("furniture").post(action.format(filed), data={"reason": "x"}).status_code == 404
    assert site.browser("officer").post(action.format(filed)).status_code == 403


def test_a_general_declaration_is_recorded_mended_and_removed(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    assert browser.post("/general-declarations/new", data=GENERAL).status_code == 302
    listing = browser.get("/general-declarations").text
    assert "400320260000000001" in listing
    address = "/general-declarations/" + listing.split('href="/general-declarations/')[2].split('"')[0]
    twice = browser.post("/general-declarations/new", data=GENERAL)
    assert twice.status_code == 422
    mended = {**GENERAL, "total_value": "8000", "lines-0-total_price": "8000", "version": "1"}
    assert browser.post(address, data=mended).status_code == 302
    assert browser.post(address, data=mended).status_code == 409
    answer = browser.post(f"{address}/remove")
    assert "400320260000000001" not in browser.get("/general-declarations").text
    assert "undo" in browser.get(answer.location).text
    browser.post(f"{address}/remove", data={"undo": "1"})
    assert "8,000.00" in browser.get("/general-declarations").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("declaration_no", "1"), ("declared_on", "someday"), ("total_value", "1"), ("lines-0-qty", "x"), ("lines-0-hs_code", "94")],
)
def test_a_wrong_value_is_pointed_at(site: ZoneSite, field: str, value: str) -> None:
    answer = site.browser("furniture").post("/general-declarations/new", data={**GENERAL, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_the_office_reads_records_and_writes_none(site: ZoneSite) -> None:
    site.browser("furniture").post("/general-declarations/new", data=GENERAL)
    officer = site.browser("officer")
    assert "400320260000000001" in officer.get("/general-declarations").text
    assert officer.post("/general-declarations/new", data=GENERAL).status_code == 403
    assert "400320260000000001" not in site.browser("textiles").get("/general-declarations").text
