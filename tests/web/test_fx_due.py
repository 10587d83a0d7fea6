"""What is due on the site: a firm marks what it reported and takes a mistake back; formulas stand by the figures."""

import re

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.conftest import Cast, SignIn
from tests.web.fx_rivals import parked, received

pytestmark = pytest.mark.storage
_DUE = "/fx/due?tab=advance"


def test_a_firm_marks_what_it_reported_and_takes_a_mistake_back(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock
) -> None:
    receipt = received(database, cast.merchant_id, "Demo Platform Inc", clock)
    clock.advance(days=35)
    browser = signed_in("merchant")
    shown = browser.get(_DUE).text
    assert "逾期未报告" in shown
    assert str(receipt) in shown
    assert "lnmlw" not in shown
    empty = browser.post("/fx/due/report?tab=advance", data={"reported_on": "2099-01-01", "reference": "TC-9"})
    assert empty.status_code == 422
    assert "没有选择要登记的项目" in empty.text
    day = clock.now().date().isoformat()
    made = browser.post("/fx/due/report?tab=advance", data={"subject": str(receipt), "reported_on": day, "reference": "TC-9"})
    assert made.status_code == 302, made.text
    assert "没有待报告的项目" in browser.get(_DUE).text
    done = browser.get("/fx/due?tab=reported").text
    assert "TC-9" in done
    place = re.search(r'action="(/fx/due/[^"]+/withdraw)"', done)
    assert place is not None
    assert browser.post(place[1]).status_code == 302
    assert "逾期未报告" in browser.get(_DUE).text
    assert "总量差额率" in browser.get("/fx/indicators").text
    officer = signed_in("officer")
    assert str(receipt) in officer.get(_DUE).text
    assert "没有超限额的结算行" in browser.get("/fx/over-limit").text
    assert officer.get("/fx/over-limit").status_code == 200


def test_an_officer_decides_about_lines_above_the_limit_each_in_a_form_of_its_own(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock
) -> None:
    for number in (1, 2):
        parked(database, cast.merchant_id, f"PS-{number}", clock)
    officer, firm = signed_in("officer"), signed_in("merchant")
    page = officer.get("/fx/over-limit").text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    first, _second = re.findall(r'action="(/fx/over-limit/[^"]+)"', page)
    assert officer.post(first, data={"decision": "accept", "note": " "}).status_code == 422
    assert officer.post(first, data={"decision": "accept", "note": "银行回单 88"}).status_code == 302
    assert "银行回单 88" in firm.get("/fx/over-limit").text
    assert len(re.findall(r'action="(/fx/over-limit/[^"]+)"', officer.get("/fx/over-limit").text)) == 1
    assert 'action="/fx/over-limit/' not in firm.get("/fx/over-limit").text
