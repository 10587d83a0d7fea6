"""A firm keeps goods in the special area on the site: deliveries, consolidated declarations, files; mistakes are named."""

import re

import pytest
from flask.testing import FlaskClient

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.web.firm.workbooks import XLSX
from tests.tax_refunds.entering import entered
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
