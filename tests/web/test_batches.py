"""Uploading messages and reading what became of them."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ccezone.accounts.queries import audit_of
from ccezone.enterprises.rules import Status
from ccezone.enterprises.service import set_status
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from schemas.messages.ceb.samples import sample
from tests.web.trading_site import TradingSite, trading_site

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock) -> Iterator[TradingSite]:
    site = trading_site(database, clock)
    yield site
    site.zone.database.close()


def upload(browser: FlaskClient, *files: tuple[str, bytes]) -> TestResponse:
    data = {"files": [(BytesIO(content), name) for name, content in files]}
    return browser.post("/batches/upload", data=data, content_type="multipart/form-data")


def test_one_good_file_leads_to_its_batch_with_counts_that_add_up(site: TradingSite) -> None:
    browser = site.browser("platform_import")
    answer = upload(browser, ("orders.xml", sample("CEB311Message", 3)))
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "<strong>3</strong> = 已接收 3 + 有问题 0" in page
    assert "I20260105000000003" in page


def test_uploading_again_creates_nothing_new(site: TradingSite) -> None:
    browser = site.browser("platform_import")
    upload(browser, ("orders.xml", sample("CEB311Message", 3)))
    again = browser.get(upload(browser, ("orders.xml", sample("CEB311Message", 3))).location).text
    assert "其中重复 3" in again


def test_faults_say_where_what_and_how(site: TradingSite) -> None:
    spoiled = sample("CEB311Message", 2).replace(b"<ceb:qty>", b"<ceb:qty>x", 1)
    browser = site.browser("platform_import")
    page = browser.get(upload(browser, ("orders.xml", spoiled)).location).text
    assert "<strong>2</strong> = 已接收 1 + 有问题 1" in page
    assert "<code>/lines/0/qty</code>" in page
    assert "#1 数量" in page
    assert "请填写十进制数值" in page


def test_several_files_are_several_batches_and_a_bad_one_spoils_no_other(site: TradingSite) -> None:
    answer = upload(
        site.browser("platform_import"),
        ("good.xml", sample("CEB311Message", 1)),
        ("torn.xml", sample("CEB311Message", 1)[:300]),
        ("stranger.xml", sample("CEB411Message", 1)),
        ("list.xml", sample("CEB621Message", 1)),
    )
    assert answer.status_code == 200
    assert answer.text.count("查看批次") == 1
    assert answer.text.count("无法使用") == 3
    assert "报文传输企业" in answer.text
    assert "缺少数字签名" in answer.text


def test_nothing_chosen_is_pointed_out(site: TradingSite) -> None:
    answer = site.browser("platform_import").post("/batches/upload")
    assert (answer.status_code, 'href="#files"' in answer.text) == (422, True)


def test_a_batch_and_its_message_are_its_sender_s_and_the_office_s_and_each_look_is_recorded(site: TradingSite) -> None:
    browser = site.browser("platform_import")
    place = upload(browser, ("orders.xml", sample("CEB311Message", 1, first=2))).location
    assert "CEB311Message" in browser.post(f"{place}/raw").text
    download = browser.post(f"{place}/raw", data={"download": "1"})
    assert download.data == sample("CEB311Message", 1, first=2)
    assert "attachment" in download.headers["Content-Disposition"]
    for who, status in (("cosmetics", 404), ("auditor", 403), ("officer", 200)):
        assert site.browser(who).post(f"{place}/raw").status_code == status, who
    with site.zone.database.reading() as connection:
        assert len(audit_of(connection, f"batch:{place.rsplit('/', 1)[1]}")) == 3


def test_lists_show_own_batches_and_can_be_narrowed_to_faulty_ones(site: TradingSite) -> None:
    browser = site.browser("platform_import")
    upload(browser, ("orders.xml", sample("CEB311Message", 2)))
    site.zone.send("CEB411Message")
    assert browser.get("/batches").text.count('<td data-label="接收时间">') == 1
    assert site.browser("officer").get("/batches").text.count('<td data-label="接收时间">') == 2
    assert "没有有问题的批次" in browser.get("/batches?faults=1").text


def test_a_suspended_enterprise_uploads_nothing(site: TradingSite) -> None:
    browser = site.browser("platform_import")
    with site.zone.database.begin() as uow:
        set_status(uow, site.zone.ids["platform_import"], Status.SUSPENDED, site.zone.clock)
    assert upload(browser, ("orders.xml", sample("CEB311Message", 1))).status_code == 422
