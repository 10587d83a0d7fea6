"""What officers do on the pages of inspection, what firms and the public see of it."""

import io
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from ccezone.cli import main
from ccezone.credit.queries import scores_of
from ccezone.credit.service import keep_credit
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.credit.test_keeping import file
from tests.hub.founding import NOW
from tests.inspection.test_orders import today
from tests.risk.test_pages import one_buyer
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
_SCAN = b"%PDF-1.7 a scan"


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    return zone_site(database, FixedClock(NOW), tmp_path / "keys")


def opened(site: ZoneSite, officer: FlaskClient, subject: str, kind: str = "list", **more: str) -> str:
    """Open an order through the page; return its address."""
    due = (today(site.hub) + timedelta(days=5)).isoformat()
    chosen = {"agencies": ["customs", "market_supervision"], "due_on": due, **more}
    answer = officer.post("/office/inspection/new", data={"subject_kind": kind, "subject": subject, **chosen})
    assert answer.status_code == 302, answer.text
    return answer.location


def sign(officer: FlaskClient, address: str, agency: str, opinion: str, **more: object) -> int:
    data = {"sign_agency": agency, "sign_opinion": opinion, "sign_note": f"seen by {agency}", **more}
    return officer.post(f"{address}/sign", data=data, content_type="multipart/form-data").status_code


def conclude(officer: FlaskClient, address: str, result: str, *findings: str) -> int:
    version = re.search(r'name="version" value="(\d+)"', officer.get(address).text)
    assert version is not None
    data = {"conclude_result": result, "conclude_findings": list(findings), "conclude_words": "as found", "version": version[1]}
    return officer.post(f"{address}/conclude", data=data).status_code


def inspectors(site: ZoneSite, officer: FlaskClient, related: str = "") -> None:
    for code, agency in (("C-1", "customs"), ("C-2", "customs"), ("C-3", "customs"), ("M-1", "market_supervision")):
        firms = related if code == "C-1" else ""
        data = {"code": code, "name": f"检查员{code}", "agency": agency, "since": today(site.hub).isoformat(), "related": firms}
        assert officer.post("/office/inspection/inspectors/new", data=data).status_code == 302


def drawn(site: ZoneSite, officer: FlaskClient) -> tuple[str, str]:
    """Plan, freeze and draw among merchants; return the address of the plan and of its public page."""
    day = today(site.hub)
    days = {"since": day.isoformat(), "until": day.isoformat(), "due_on": (day + timedelta(days=9)).isoformat()}
    agencies = {"agencies": ["customs", "market_supervision"]}
    plan = {"title": "一季度商家抽查", "subject_kind": "firm", "role": "merchant", "each": "1", **days, **agencies}
    address = officer.post("/office/inspection/plans/new", data=plan).location
    assert officer.post(f"{address}/freeze", data={"version": "1"}).status_code == 302
    assert officer.post(f"{address}/draw", data={"version": "2", "word": ""}).status_code == 422
    assert officer.post(f"{address}/draw", data={"version": "2", "word": "八十八"}).status_code == 302
    number = re.search(r"/draws/(\d+)", officer.get(address).text)
    assert number is not None
    return address, f"/draws/{number[1]}"


def test_three_rejected_lists_and_a_failed_inspection_lower_a_grade_on_the_pages(site: ZoneSite) -> None:
    hub = site.hub
    ids = file(hub, range(12))
    (who,) = {row[0] for row in hub.rows("SELECT merchant_id FROM declaration_list")}
    for each in ids[:3]:
        hub.answer(each, 2, 3, 100)
    keep_credit(hub.database, "GZ", hub.clock)
    before = grade(site, who)
    officer = site.browser("officer")
    address = opened(site, officer, str(ids[7]), what="开箱核对")
    assert sign(officer, address, "customs", "pass") == 302
    wrong = officer.post(f"{address}/sign", data={"sign_agency": "market_supervision", "sign_opinion": "fail"})
    assert (wrong.status_code, "发现异常时须选择异常种类" in wrong.text) == (422, True)
    scan = (io.BytesIO(_SCAN), "report.pdf")
    assert sign(officer, address, "market_supervision", "fail", sign_findings=["goods_differ"], file=scan) == 302
    assert conclude(officer, address, "pass") == 422
    assert conclude(officer, address, "fail", "goods_differ") == 302
    assert (before, grade(site, who)) == ("A", "BBB")
    shown = officer.get(address).text
    assert "实货与申报不符" in shown
    assert "联合查验" in officer.get(f"/office/credit/{who}").text
    link = re.search(rf"{address}/files/[0-9a-f-]+", shown)
    assert link is not None
    assert officer.get(link[0]).data == _SCAN


def test_the_firm_is_told_sees_its_order_and_no_notes_and_nobody_elses(site: ZoneSite) -> None:
    officer, firm, other = site.browser("officer"), site.browser("furniture"), site.browser("textiles")
    address = opened(site, officer, site.hub.party("furniture").uscc, "firm", place="三号仓")
    officer.post(f"{address}/note", data={"note_note": "内部意见"}, content_type="multipart/form-data")
    assert "新的查验单 CY-000001" in firm.get("/messages").text
    listing = firm.get("/firm/inspection").text
    own = re.search(r"/firm/inspection/[0-9a-f-]{36}", listing)
    assert own is not None
    page = firm.get(own[0]).text
    assert "三号仓" in page
    assert "内部意见" not in page
    assert "内部意见" in officer.get(address).text
    assert other.get(own[0]).status_code == 404
    assert firm.get(address).status_code == 403
    assert firm.post(f"{own[0]}/paper").data.startswith(b"%PDF")
    assert other.post(f"{own[0]}/paper").status_code == 404
    for agency in ("customs", "market_supervision"):
        sign(officer, address, agency, "pass")
    conclude(officer, address, "pass")
    assert "查验单 CY-000001 的结果：通过" in firm.get("/messages").text
    assert "CY-000001" in firm.get("/firm/inspection?standing=over").text


def test_orders_are_searched_counted_exported_and_a_wrong_filter_is_refused(site: ZoneSite) -> None:
    officer = site.browser("officer")
    opened(site, officer, site.hub.party("furniture").uscc, "firm")
    opened(site, officer, "=7 号柜", "batch", party=site.hub.party("oranges").uscc)
    assert 'data-rows="2"' in officer.get("/office/inspection").text
    assert 'data-rows="1"' in officer.get("/office/inspection?q=CY-000001&reason=hand&agency=customs").text
    assert 'data-rows="1"' in officer.get(f"/office/inspection?q={site.hub.party('oranges').name[:3]}").text
    assert "没有符合条件的查验单" in officer.get("/office/inspection?tab=fail").text
    table = officer.get("/office/inspection/export.csv?tab=open").data.decode("utf-8-sig").splitlines()
    assert len(table) == 3
    assert ",'=7 号柜," in table[1]
    assert officer.get("/office/inspection?tab=other").status_code == 400
    assert site.browser("auditor").get("/office/inspection").status_code == 200


def test_an_order_opens_from_a_case_and_the_case_shows_it(site: ZoneSite) -> None:
    from ccezone.cases.service import open_case

    (number,) = file(site.hub, range(1))
    with site.hub.database.begin() as uow:
        case_id = open_case(uow, "list_stuck", "list", number, None, site.hub.clock.now(), {})
    officer = site.browser("officer")
    form = officer.get(f"/office/inspection/new?case={case_id}").text
    assert f'value="{number}"' in form
    assert f'value="case:{case_id}"' in form
    address = opened(site, officer, str(number), origin=f"case:{case_id}")
    assert f"/office/cases/{case_id}" in officer.get(address).text
    assert "CY-000001" in officer.get(f"/office/cases/{case_id}").text
    assert "CY-000001" in officer.get(f"/declarations/{number}").text
    assert officer.post("/office/inspection/new", data={"origin": "case:nonsense"}).status_code == 404


def test_a_draw_is_published_downloaded_and_recomputed_by_anybody(site: ZoneSite, tmp_path: Path) -> None:
    officer, nobody = site.browser("officer"), site.browser("nobody")
    inspectors(site, officer, site.hub.party("furniture").uscc)
    address, public = drawn(site, officer)
    assert "一季度商家抽查" in nobody.get("/draws").text
    page = nobody.get(f"{public}?replay=1").text
    assert "复算结果一致" in page
    assert "检查员C-2" not in page
    known = tmp_path / "drawn.json"
    known.write_bytes(nobody.get(f"{public}/drawn.json").data)
    good = CliRunner().invoke(main, ["inspection", "replay", str(known)])
    assert (good.exit_code, "不符" in good.output) == (0, False)
    told = known.read_bytes()
    answers = set()
    for word in range(20):  # among so few, another word may happen to draw the same
        known.write_bytes(told.replace("八十八".encode(), f"第{word}".encode()))
        bad = CliRunner().invoke(main, ["inspection", "replay", str(known)])
        answers.add((bad.exit_code, "抽取结果 draw: 不符" in bad.output))
    assert (1, True) in answers
    assert answers <= {(1, True), (0, False)}
    assert "目前" not in officer.get(address).text
    progress = officer.get(f"{address}?only=unfinished").text
    order = re.search(r"/office/inspection/orders/[0-9a-f-]+", progress)
    assert order is not None
    assert "随机抽查" in officer.get(order[0]).text


def test_the_command_replays_a_plan_of_the_database(site: ZoneSite, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = site.browser("officer")
    inspectors(site, officer)
    _address, public = drawn(site, officer)
    monkeypatch.setenv("DATABASE_URL", site.hub.database.url)
    runner = CliRunner()
    assert runner.invoke(main, ["inspection", "replay", f"SJ-000{public[-1]}"]).exit_code == 0
    assert runner.invoke(main, ["inspection", "replay", "99"]).exit_code == 1
    assert runner.invoke(main, ["inspection", "replay", "nothing"]).exit_code == 2


def test_a_plan_that_is_not_published_is_nobodys_to_see(site: ZoneSite) -> None:
    officer, nobody = site.browser("officer"), site.browser("nobody")
    day = today(site.hub).isoformat()
    plan = {
        "title": "草案",
        "subject_kind": "firm",
        "each": "1",
        "since": day,
        "until": day,
        "due_on": day,
        "agencies": ["customs"],
    }
    address = officer.post("/office/inspection/plans/new", data=plan).location
    assert nobody.get("/draws/1").status_code == 404
    assert nobody.get("/draws/1/frozen.json").status_code == 404
    short = officer.post(f"{address}/freeze", data={"version": "1"})
    assert (short.status_code, "部门 海关 在职检查人员不足" in short.text) == (422, True)
    assert officer.post(f"{address}/drop", data={"version": "1"}).status_code == 302
    assert "已作废" in officer.get("/office/inspection/plans").text


def test_an_inspector_is_added_changed_and_found(site: ZoneSite) -> None:
    officer = site.browser("officer")
    inspectors(site, officer, site.hub.party("furniture").uscc)
    listing = officer.get("/office/inspection/inspectors?agency=customs").text
    assert 'data-rows="3"' in listing
    edit = re.search(r"/office/inspection/inspectors/[0-9a-f-]{36}", listing)
    assert edit is not None
    assert site.hub.party("furniture").uscc in officer.get(edit[0]).text
    data = {"code": "C-1", "name": "改名", "agency": "customs", "since": today(site.hub).isoformat(), "version": "1"}
    assert officer.post(edit[0], data={**data, "since": "soon"}).status_code == 422
    assert officer.post(edit[0], data=data).status_code == 302
    assert "改名" in officer.get("/office/inspection/inspectors?q=改").text
    assert site.browser("auditor").get("/office/inspection/inspectors").status_code == 200


def grade(site: ZoneSite, who: UUID) -> str:
    with site.hub.database.reading() as connection:
        return scores_of(connection, who, limit=1)[0].grade.value


def test_an_order_opens_from_a_risk_alert_and_the_alert_shows_it(site: ZoneSite) -> None:
    known = one_buyer(site)
    officer = site.browser("officer")
    alert = f"/office/risk/alerts/{known.id}"
    start = f"/office/inspection/new?alert={known.id}"
    assert start in officer.get(alert).text
    form = officer.get(start).text
    assert f'value="risk_alert:{known.id}"' in form
    subject = re.search(r'name="subject"[^>]*value="(\w+)"', form)
    assert subject is not None
    address = opened(site, officer, subject[1], "firm", origin=f"risk_alert:{known.id}")
    assert alert in officer.get(address).text
    assert "CY-000001" in officer.get(alert).text
    assert officer.get("/office/inspection/new?alert=nonsense").status_code == 404
