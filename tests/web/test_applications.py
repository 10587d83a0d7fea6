"""Summary declarations, goods returns and clawbacks on their pages: from the candidates to what customs told."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.declarations.summing import MONTH, answer, closed_lists, result, seller, tell, view
from tests.web.declaring_site import declaring_site
from tests.web.zone_site import ZoneSite

pytestmark = pytest.mark.storage
ENTRY = "400320260000000017"


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return declaring_site(database, clock, tmp_path / "keys")


def sheet(content: bytes, name: str) -> list[list[Any]]:
    """The rows of a workbook's sheet."""
    return list(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(name).to_python())


def test_a_firm_sums_lists_up_takes_one_out_files_and_sees_the_declarations_number(site: ZoneSite) -> None:
    first, second = closed_lists(site.hub, 2)
    browser = site.browser("furniture")
    offered = browser.get("/declarations/summaries/new").text
    month = offered.split('type="month" value="')[1][:7]
    assert "汇总这 2 份清单" in offered
    key = offered.split('name="key" value="')[1].split('"')[0].replace("&#34;", '"')
    begun = browser.post("/declarations/summaries/new", data={"month": month, "key": key})
    page = browser.get(begun.location).text
    assert "还没有报关单号" in page
    assert browser.post(f"{begun.location}/lists/{first}").status_code == 302
    assert browser.post(f"{begun.location}/submit").status_code == 302
    again = browser.post(f"{begun.location}/submit")
    assert (again.status_code, "不能更改" in again.text) == (422, True)
    site.hub.dispatch()
    number = int(begun.location.rsplit("/", 1)[1])
    answer(site.hub, number, 2, 399)
    tell(site.hub, result(site.hub, [view(site.hub, number).lists[0].list_no], entry_id=ENTRY))
    page = browser.get(begun.location).text
    assert ENTRY in page
    assert begun.location in browser.get(f"/declarations/{second}").text
    assert begun.location in browser.get(f"/declarations/summaries?q={ENTRY}").text
    assert "汇总这 1 份清单" in browser.get("/declarations/summaries/new").text
    assert ENTRY in site.browser("officer").get(begun.location).text
    rival = site.browser("milk")
    assert rival.get(begun.location).status_code == 404
    address, list_no = "/declarations/summaries/file", view(site.hub, number).lists[0].list_no
    first_row = sheet(browser.get(address).data, "清单 Lists")[1]
    assert (first_row[0], first_row[1], first_row[6]) == (str(number), list_no, ENTRY)
    plain = browser.get(f"{address}?form=csv&q={ENTRY}").text.splitlines()
    assert (len(plain), plain[1].split(",")[0]) == (2, str(number))
    assert len(rival.get(f"{address}?form=csv").text.splitlines()) == 1
    assert site.hub.rows("SELECT count(*) FROM audit_entry WHERE action = 'applications.download'") == [(3,)]
    assert browser.get(f"{address}?form=pdf").status_code == 400


def test_a_firm_asks_for_a_return_mends_it_and_files_it(site: ZoneSite) -> None:
    (item,) = closed_lists(site.hub, 1)
    browser = site.browser("furniture")
    address = f"/goods-returns/new/{item}"
    assert address in browser.get(f"/declarations/{item}").text
    wrong = browser.post(address, data={"lines-1-qty": "900", "reason": "退货", "country": "502"})
    assert (wrong.status_code, "累计超过" in wrong.text) == (422, True)
    assert browser.post(address, data={"reason": "退货"}).status_code == 422
    begun = browser.post(address, data={"lines-1-qty": "1", "reason": "买家退货", "country": "502", "waybill_no": "BACK1"})
    assert begun.status_code == 302
    assert 'value="1' in browser.get(f"{begun.location}/edit").text
    assert browser.post(f"{begun.location}/edit", data={"lines-1-qty": "1", "reason": "破损", "country": "502"}).status_code == 302
    assert browser.post(f"{begun.location}/submit").status_code == 302
    site.hub.dispatch()
    assert site.hub.window.sent_of("CEB213Message")
    page = browser.get(begun.location).text
    assert "破损" in page
    assert "发送单一窗口" in page
    assert browser.post(f"{begun.location}/arrival", data={"day": "someday"}).status_code == 422
    assert begun.location in browser.get(f"/declarations/{item}").text
    officer = site.browser("officer")
    assert begun.location in officer.get("/goods-returns?tab=filed").text
    rows = sheet(officer.get("/goods-returns/file?tab=filed").data, "商品 Goods")
    assert (len(rows), rows[1][0], rows[1][4]) == (2, begun.location.rsplit("/", 1)[1], 1)
    assert "破损" in browser.get("/goods-returns/file?form=csv").text
    assert site.browser("milk").get(begun.location).status_code == 404


def test_a_key_or_month_that_is_none_is_a_bad_request(site: ZoneSite) -> None:
    closed_lists(site.hub, 1)
    browser = site.browser("furniture")
    assert seller(site.hub)
    for data in ({"month": MONTH, "key": "[]"}, {"month": MONTH, "key": "{"}, {"month": "soon", "key": "{}"}):
        assert browser.post("/declarations/summaries/new", data=data).status_code == 400
    for month in ("2026-13", "2026-1", "0001-01", "9999-12"):
        assert browser.get(f"/declarations/summaries/new?month={month}").status_code == 400, month
    nothing = browser.post("/declarations/summaries/new", data={"month": MONTH, "key": "{}"})
    assert (nothing.status_code, "没有可以汇总的清单" in nothing.text) == (422, True)
