"""A firm keeps goods in the special area on the site: deliveries, consolidated declarations, files; mistakes are named."""

import re

import pytest
from flask.testing import FlaskClient

from ccezone.kernel.clock import FixedClock
from ccezone.parameters.queries import default_book
from ccezone.storage import Database
from ccezone.storage.copying import run
from ccezone.tax_refunds.queries import area
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service import claims
from ccezone.web.shell.files import XLSX
from tests.tax_refunds.entering import delivered_and_gathered, entered
from tests.web.conftest import Cast, SignIn

pytestmark = pytest.mark.storage


def _main(browser: FlaskClient, address: str) -> str:
    shown = browser.get(address).text
    return shown[shown.index("<main") :]


def test_goods_are_delivered_gathered_and_declared_and_the_office_reads_it(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock
) -> None:
    browser, day = signed_in("merchant"), clock.now().date().isoformat()
    place = f"/special-area/lots/{entered(database, cast.merchant_id, '棉制T恤', clock.now().date(), clock)}"
    too_many = browser.post(place, data={"delivery_no": "D1", "delivered_on": day, "quantity": "101"})
    assert too_many.status_code == 422
    assert "不超过在区 100" in too_many.text
    assert browser.post(place, data={"delivery_no": "D1", "delivered_on": day, "quantity": "40"}).status_code == 302
    assert "已送未报" in _main(browser, place)
    assert "汇集 1 笔" in _main(browser, "/special-area/declarations")
    made = browser.post("/special-area/declarations", data={"since": day}).location
    version = re.findall(r'name="version" value="(\d+)"', _main(browser, made))[0]
    wrong = browser.post(f"{made}/declare", data={"version": version, "declaration_no": "4003", "declared_on": day})
    assert wrong.status_code == 422
    done = browser.post(f"{made}/declare", data={"version": version, "declaration_no": "4" * 18, "declared_on": day})
    assert done.status_code == 302
    officer = signed_in("officer")
    for who in (browser, officer):
        assert "4" * 18 in _main(who, made)
        assert "SA0000000" in _main(who, place)
        assert who.get("/special-area/file?tab=stock").mimetype == XLSX
        assert who.get("/special-area/declarations/file").mimetype == XLSX
    assert officer.post(place, data={}).status_code == 403
    assert browser.get("/special-area/file?tab=x").status_code == 400


def test_what_was_recorded_wrongly_is_taken_back_step_by_step_and_long_pages_lead_to_the_file(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("merchant")
    lot, delivery, draft = delivered_and_gathered(database, cast.merchant_id, "棉制T恤", clock)
    place, made = f"/special-area/lots/{lot}", f"/special-area/declarations/{draft}"
    monkeypatch.setattr(area, "MOST_SHOWN", 1)
    shown = [_main(browser, page) for page in (place, made)]
    assert "请先撤回该集中申报" in browser.post(f"{place}/deliveries/{delivery}").text
    assert browser.post(f"{made}/withdraw", data={"version": "1"}).status_code == 302
    again = browser.post(f"{made}/withdraw", data={"version": "2"})
    assert (again.status_code, "请先更正以下问题" in again.text) == (422, True)
    assert "棉制T恤运单" in _main(browser, made)
    shown.append(_main(browser, made))
    assert ["只列出 1 笔" in page for page in shown] == [True, True, True]
    assert ["/file?q=" in page for page in shown] == [True, True, False], "a withdrawn one has no deliveries in the file"
    assert browser.post(f"{place}/deliveries/{delivery}").status_code == 302
    assert "还没有登记出区" in _main(browser, place)
    assert "已撤回" in _main(browser, "/special-area/declarations")


def test_a_lot_shows_its_use_the_list_it_left_on_and_that_its_declaration_is_gone(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock
) -> None:
    browser, day = signed_in("merchant"), clock.now().date().isoformat()
    lot = entered(database, cast.merchant_id, "棉制T恤", clock.now().date(), clock)
    place = f"/special-area/lots/{lot}"
    assert place in _main(browser, f"/goods-ledger/{lot}")
    with database.begin() as uow:
        claim = claims.open_claim(uow, cast.merchant_id, claims.Opening(Method.EXEMPT_REFUND, "2026-05", 1), "test", clock)
        claims.add_items(uow, cast.merchant_id, claim, [lot], default_book("GZ"), "test", clock)
    assert f"/tax-refunds/{claim}" in _main(browser, place)
    assert "已列入退税申报" in _main(browser, "/special-area")
    assert browser.post(place, data={"delivery_no": "D1", "delivered_on": day, "quantity": "1"}).status_code == 302
    with database.begin() as uow:
        run(uow.connection, "UPDATE area_delivery SET list_no = 'L1'", {})
        claims.drop_item(uow, cast.merchant_id, claim, lot, "test", clock)
        run(uow.connection, "UPDATE general_declaration SET removed_at = %(at)s", {"at": clock.now()})
    shown = _main(browser, place)
    assert ["/trace?q=L1" in shown, "入区报关单已撤销" in shown, "登记分送出区" in shown] == [True, True, False]
    assert "/trace" not in _main(signed_in("officer"), place)
