"""What officers do on the pages of risk, what auditors may see, and that firms see nothing."""

import re
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.background.service import run_next_job
from ccezone.kernel.clock import FixedClock
from ccezone.risk.queries.alerts import AlertRow, alert, search_alerts
from ccezone.risk.queries.rulebook import rules
from ccezone.risk.rules.kinds import KINDS
from ccezone.risk.service.looking import look
from ccezone.risk.service.trying import JOB, TryRule
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.hub.bills import import_bills, order
from tests.hub.founding import NOW
from tests.hub.people import PASSWORD, let_in
from tests.risk.test_looking import BUYER
from tests.risk.test_rulebook import cheap
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    return zone_site(database, FixedClock(NOW), tmp_path / "keys")


def looked(site: ZoneSite) -> None:
    look(site.hub.database, "GZ", site.hub.clock)


def one_buyer(site: ZoneSite, count: int = 9) -> AlertRow:
    """An alert about so many orders of one buyer."""
    one = order(1, "I")
    same = {name: one[name] for name in BUYER}
    site.hub.post(*(order(number, "I").but(**same) for number in range(1, 1 + count)))
    looked(site)
    return only(site)


def only(site: ZoneSite) -> AlertRow:
    with site.hub.database.reading() as connection:
        (found,) = search_alerts(connection, ["open", "handling", "closed"])
    return found


def second_officer(site: ZoneSite) -> FlaskClient:
    with site.hub.database.begin() as uow:
        let_in(uow, Invitation("second@example.org", "second", Role.ZONE_OFFICER, None), site.hub.clock)
    browser = site.app.test_client()
    browser.post("/sign-in", data={"login": "second@example.org", "password": PASSWORD})
    return browser


def wording(kind: str, **limits: str) -> dict[str, str]:
    known = {each.name: each.usual for each in KINDS[kind].thresholds}
    return {"name": "低价申报", "level": "red", "type": "compliance", "document": "测试文件", **known, **limits}


def run_jobs(site: ZoneSite) -> None:
    while run_next_job(site.hub.database, {JOB: TryRule(site.hub.database, "GZ", site.hub.clock)}, site.hub.clock):
        pass


def test_an_alert_is_taken_worked_on_by_agencies_and_closed_on_record(site: ZoneSite) -> None:
    known = one_buyer(site)
    officer, address = site.browser("officer"), f"/office/risk/alerts/{known.id}"
    assert "同一身份短期内大量下单" in officer.get("/office/risk").text
    shown = officer.get(address).text
    assert order(3, "I")["order_no"] in shown
    assert "/bills/order/" in shown
    assert officer.post(f"{address}/take").status_code == 302
    assert officer.post(f"{address}/note", data={"found": "已电话联系商家"}).status_code == 302
    assert officer.post(f"{address}/agencies", data={"agency": "customs", "asked": "请核对身份"}).status_code == 302
    assert officer.post(f"{address}/agencies", data={"agency": "tax", "asked": ""}).status_code == 302
    early = officer.post(f"{address}/end", data={"disposition": "confirmed", "cause": "x", "version": only(site).version})
    assert (early.status_code, "仍有会办部门未反馈" in early.text) == (422, True)
    for agency in ("customs", "tax"):
        told = {"answering": agency, "opinion": "confirmed", "told": "身份被冒用"}
        assert officer.post(f"{address}/answers", data=told).status_code == 302
    version = re.search(r'name="version" value="(\d+)"', officer.get(address).text)
    assert version is not None
    ended = {"disposition": "confirmed", "cause": "约谈商家，移出白名单", "version": version[1]}
    assert officer.post(f"{address}/end", data=ended).status_code == 302
    assert only(site).disposition == "confirmed"
    assert "约谈商家" in officer.get(address).text
    assert "约谈商家" not in officer.get("/office/risk").text
    assert "RA-000001" in officer.get("/office/risk?tab=closed").text
    with site.hub.database.reading() as connection:
        found = alert(connection, known.id)
        recorded = fetch(connection, "SELECT action FROM audit_entry WHERE action LIKE 'risk_alert.%%' ORDER BY at, id")
    assert found is not None
    steps = ["raised", "taken", "noted", "asked", "asked", "answered", "answered", "closed"]
    assert [step.action for step in found.steps] == steps
    assert len(recorded) == len(steps) - 1


def test_only_the_owner_closes_an_alert(site: ZoneSite) -> None:
    known = one_buyer(site)
    address = f"/office/risk/alerts/{known.id}/end"
    answer = site.browser("officer").post(address, data={"disposition": "unfounded", "cause": "x", "version": known.version})
    assert (answer.status_code, "只有承办人可以办结" in answer.text) == (422, True)


def test_an_alert_that_grew_is_not_closed_unseen(site: ZoneSite) -> None:
    known = one_buyer(site)
    officer = site.browser("officer")
    officer.post(f"/office/risk/alerts/{known.id}/take")
    ended = {"disposition": "unfounded", "cause": "x", "version": known.version}
    assert officer.post(f"/office/risk/alerts/{known.id}/end", data=ended).status_code == 422
    assert only(site).state == "handling"


def test_open_alerts_stand_on_the_officers_desk(site: ZoneSite) -> None:
    one_buyer(site)
    assert "待承办的风险预警" in site.browser("officer").get("/home").text


def test_alerts_are_chosen_by_kind_level_and_type(site: ZoneSite) -> None:
    one_buyer(site)
    officer = site.browser("officer")
    for query, there in (("kind=identity_reuse", True), ("kind=quota", False), ("level=red", False), ("type=trade", True)):
        assert ("RA-000001" in officer.get(f"/office/risk?{query}").text) == there, query
    assert officer.get("/office/risk?tab=other").status_code == 400


def test_auditors_read_and_firms_see_nothing(site: ZoneSite) -> None:
    known = one_buyer(site)
    auditor, firm = site.browser("auditor"), site.browser("cosmetics")
    for address in ("/office/risk", f"/office/risk/alerts/{known.id}", "/office/risk/rules", f"/office/risk/rules/{known.rule_id}"):
        assert auditor.get(address).status_code == 200, address
        assert firm.get(address).status_code == 403, address
    assert auditor.post(f"/office/risk/alerts/{known.id}/take").status_code == 403
    assert "由我承办" not in auditor.get(f"/office/risk/alerts/{known.id}").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_rule_is_drafted_on_its_form(site: ZoneSite, language: str) -> None:
    looked(site)
    officer = site.browser("officer")
    officer.set_cookie("ccezone_language", language)
    for kind in KINDS:
        assert officer.get(f"/office/risk/rules/new/{kind}").status_code == 200, kind
        answer = officer.post(f"/office/risk/rules/new/{kind}", data=wording(kind))
        assert officer.get(answer.location).status_code == 200, kind
    assert officer.get("/office/risk/rules").text.count("低价申报") == len(KINDS)
    assert officer.get("/office/risk/rules/new/other").status_code == 404


def test_a_form_says_what_is_wrong_beside_each_field(site: ZoneSite) -> None:
    wrong = {**wording("price_band", low="200", days="x"), "document": ""}
    answer = site.browser("officer").post("/office/risk/rules/new/price_band", data=wrong)
    assert answer.status_code == 422
    for name in ("low", "days", "document"):
        assert f'id="{name}-error"' in answer.text


def test_the_next_edition_starts_from_the_one_in_force(site: ZoneSite) -> None:
    looked(site)
    with site.hub.database.reading() as connection:
        live = next(each for each in rules(connection) if each.kind == "quota")
    officer = site.browser("officer")
    form = officer.get(f"/office/risk/rules/new/quota?from={live.id}").text
    assert 'name="share" autocomplete="off"' in form
    answer = officer.post(f"/office/risk/rules/new/quota?from={live.id}", data=wording("quota", share="80"))
    assert "第 2 版" in officer.get(answer.location).text
    assert officer.get(f"/office/risk/rules/new/price_band?from={live.id}").status_code == 404


def test_a_new_price_rule_is_tried_then_live_and_raises_the_planted_alerts_and_no_others(site: ZoneSite) -> None:
    hub = site.hub
    hub.post(*(bill for number in range(1, 31) for bill in import_bills(number)))
    hub.merge()
    looked(site)
    officer, second = site.browser("officer"), second_officer(site)
    drafted = officer.post("/office/risk/rules/new/price_band", data=wording("price_band", samples="5", low="60", high="160"))
    address = drafted.location
    officer.post(f"{address}/trials", data={"since": "2025-10-01", "until": "2026-01-05"})
    assert "hx-get" in officer.get(address).text
    run_jobs(site)
    assert "将会预警</dt><dd>0</dd>" in officer.get(address).text
    assert officer.post(f"{address}/publish", data={"effective_from": "2026-01-05"}).status_code == 422
    assert second.post(f"{address}/publish", data={"effective_from": "2026-01-05"}).status_code == 302
    hub.clock.advance(minutes=10)
    planted = [import_bills(number) for number in (41, 43)]
    hub.post(*(bill for bills in planted for bill in cheap(bills)), *(bill for number in (51, 53) for bill in import_bills(number)))
    hub.merge()
    looked(site)
    rule_id = UUID(address.rsplit("/", 1)[1])
    with hub.database.reading() as connection:
        raised = [row.id for row in search_alerts(connection, ["open"], limit=500) if row.rule_id == rule_id]
    pages = "".join(officer.get(f"/office/risk/alerts/{known}").text for known in raised)
    numbers = {number for number in (import_bills(each)[0]["order_no"] for each in range(1, 60)) if number in pages}
    assert numbers == {bills[0]["order_no"] for bills in planted}
    tried_again = officer.post(f"{address}/trials", data={"since": "2025-10-01", "until": "2026-01-06"})
    run_jobs(site)
    shown = officer.get(tried_again.location).text
    assert f"将会预警</dt><dd>{len(raised)}</dd>" in shown
    assert f"其中现已预警</dt><dd>{len(raised)}</dd>" in shown


def test_a_draft_is_changed_and_dropped_and_a_live_rule_is_stopped(site: ZoneSite) -> None:
    looked(site)
    officer = site.browser("officer")
    address = officer.post("/office/risk/rules/new/quota", data=wording("quota")).location
    assert officer.get(f"{address}/edit").status_code == 200
    assert officer.post(f"{address}/edit", data={**wording("quota", share="70"), "version": "1"}).status_code == 302
    assert "70 %" in officer.get(address).text
    assert officer.post(f"{address}/edit", data={**wording("quota", share="60"), "version": "1"}).status_code == 422
    assert officer.post(f"{address}/drop").status_code == 302
    assert officer.get(f"{address}/edit").status_code == 404
    with site.hub.database.reading() as connection:
        live = rules(connection, ["live"])[0]
    stop = f"/office/risk/rules/{live.id}/stop"
    assert officer.post(stop, data={"effective_to": "2020-01-01"}).status_code == 422
    assert officer.post(stop, data={"effective_to": "someday"}).status_code == 422
    assert officer.post(stop, data={"effective_to": "2026-02-01"}).status_code == 302
    assert "2026-02-01" in officer.get(f"/office/risk/rules/{live.id}").text


def test_a_heavy_parcel_shows_both_weights(site: ZoneSite) -> None:
    sold = import_bills(1)
    site.hub.post(*sold[:2], sold[2].but(weight=Decimal(99)))
    site.hub.merge()
    looked(site)
    with site.hub.database.reading() as connection:
        known = next(row for row in search_alerts(connection, ["open"]) if row.kind == "weight")
    shown = site.browser("officer").get(f"/office/risk/alerts/{known.id}").text
    assert "99.000" in shown
    assert "/declarations/" in shown
