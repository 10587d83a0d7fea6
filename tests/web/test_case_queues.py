"""Working the exception queues on the site: taking, asking, answering, closing, and who sees what of it."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from ccezone.cases.queries import case
from ccezone.cases.service import open_case, oversee
from ccezone.clearance.queries import detectors
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database
from tests.hub.bills import import_bills, payment
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


def a_case(site: ZoneSite, firm: str = "", kind: str = "late_correction", subject: int = 1, **detail: str) -> UUID:
    with site.hub.database.begin() as uow:
        firm_id = site.hub.party(firm).id if firm else None
        opened = open_case(uow, kind, "order", subject, firm_id, site.hub.clock.now(), detail)
    assert opened is not None
    return opened


def look(site: ZoneSite) -> None:
    """The background step, once."""
    hub = site.hub
    with hub.database.reading() as connection:
        book = hub.terms.book.current(connection)
    oversee(hub.database, detectors(book, hub.clock.now().astimezone(SHANGHAI).date()), hub.clock)


def test_from_a_conflict_to_a_closed_case(site: ZoneSite) -> None:
    order, wrong, waybill = import_bills(1)
    site.hub.post(order, wrong.but(amount="1.00"), waybill)
    site.hub.merge()
    merchant = next(key for key in ("cosmetics", "milk", "furniture") if _owns(site, key))
    site.hub.clock.advance(hours=25)
    officer, firm = site.browser("officer"), site.browser(merchant)
    look(site)
    assert order["order_no"] in officer.get("/office/cases?kind=merge_conflict").text
    opened = officer.get("/office/cases/next")
    assert opened.status_code == 302
    address = opened.location
    assert "三单长期不符" in officer.get(address).text
    officer.post(f"{address}/take")
    officer.post(f"{address}/ask", data={"question": "哪一方的金额有误？"})
    notice = firm.get("/messages").text
    assert "三单长期不符" in notice
    number = address.rsplit("/", 1)[1]
    own = f"/firm/cases/{number}"
    assert "哪一方的金额有误？" in firm.get(own).text
    assert "综试区办公室等待贵企业答复" in firm.get("/home").text
    assert firm.post(own, data={"answer": "支付机构报错，今日更正"}).status_code == 302
    assert "支付机构报错，今日更正" in officer.get(address).text
    assert "企业已答复" in officer.get("/office/cases?whose=answered").text
    assert "已答复工单" in officer.get("/messages").text
    closed = officer.post(address, data={"code": "mended_by_firm", "cause": "支付单已更正", "then": "next"})
    assert closed.location == f"/office/cases/next?after={number}"
    assert "企业已更正：支付单已更正" in firm.get(own).text
    assert "已办结" in firm.get("/messages").text


def _owns(site: ZoneSite, key: str) -> bool:
    firm = site.hub.party(key).id
    return bool(site.hub.rows("SELECT 1 FROM order_match WHERE merchant_id = %(firm)s", firm=firm))


def test_a_mended_conflict_leaves_the_queue_by_itself(site: ZoneSite) -> None:
    order, wrong, waybill = import_bills(1)
    site.hub.post(order, wrong.but(amount="1.00"), waybill)
    site.hub.merge()
    site.hub.clock.advance(hours=25)
    look(site)
    site.hub.post(payment(1, "I").changed(minutes=90))
    site.hub.merge()
    look(site)
    officer = site.browser("officer")
    assert order["order_no"] not in officer.get("/office/cases").text
    closed = officer.get("/office/cases?standing=closed").text
    assert "已自行消除" in closed


def test_several_cases_are_taken_at_once(site: ZoneSite) -> None:
    numbers = [a_case(site, subject=subject) for subject in (1, 2, 3)]
    officer = site.browser("officer")
    answer = officer.post("/office/cases/take", data={"case": [str(each) for each in numbers[:2]]})
    assert answer.location == "/office/cases?whose=mine"
    assert officer.get(answer.location).text.count('data-label="承办人">officer') == 2
    assert officer.post("/office/cases/take", data={"case": "no-id"}).status_code == 400


def test_a_case_is_handed_to_a_colleague_who_is_told(site: ZoneSite) -> None:
    wanted, officer = a_case(site), site.browser("officer")
    page = officer.get(f"/office/cases/{wanted}").text
    assert "officer" in page
    me = site.hub.rows("SELECT id FROM user_account WHERE login = 'officer@example.org'")[0][0]
    assert officer.post(f"/office/cases/{wanted}/hand", data={"owner": str(uuidv7()), "why": ""}).status_code == 422
    assert officer.post(f"/office/cases/{wanted}/hand", data={"owner": str(me), "why": "由我接办"}).status_code == 302
    with site.hub.database.reading() as connection:
        found = case(connection, wanted)
    assert found is not None
    assert found.owner_id == me
    assert "由我接办" in officer.get(f"/office/cases/{wanted}").text


def test_notes_are_the_offices_own(site: ZoneSite) -> None:
    wanted = a_case(site, "furniture")
    site.browser("officer").post(f"/office/cases/{wanted}/note", data={"note": "疑似系统问题"})
    assert "疑似系统问题" in site.browser("auditor").get(f"/office/cases/{wanted}").text
    assert "疑似系统问题" not in site.browser("furniture").get(f"/firm/cases/{wanted}").text


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("/note", {"note": ""}),
        ("/ask", {"question": " "}),
        ("/ask", {"question": "谁？"}),
        ("/priority", {"priority": "7"}),
        ("/priority", {"priority": "x"}),
        ("", {"code": "", "cause": "已核实"}),
        ("", {"code": "settled_itself", "cause": "已核实"}),
    ],
)
def test_a_form_says_what_is_wrong_and_changes_nothing(site: ZoneSite, form: str, typed: dict[str, str]) -> None:
    wanted = a_case(site)
    answer = site.browser("officer").post(f"/office/cases/{wanted}{form}", data=typed)
    assert answer.status_code == 422
    assert 'id="errors"' in answer.text
    assert site.hub.rows("SELECT 1 FROM case_step") == []


def test_an_answer_needs_words(site: ZoneSite) -> None:
    wanted = a_case(site, "furniture")
    answer = site.browser("furniture").post(f"/firm/cases/{wanted}", data={"answer": ""})
    assert answer.status_code == 422


def test_a_firm_attaches_a_scan_that_the_office_opens_and_no_other_firm(site: ZoneSite) -> None:
    wanted, scan = a_case(site, "furniture"), b"%PDF-1.4 proof"
    firm, officer, other = (site.browser(who) for who in ("furniture", "officer", "oranges"))
    own = f"/firm/cases/{wanted}"
    wrong = {"answer": "见附件", "file": (BytesIO(b"MZ program"), "proof.pdf")}
    assert firm.post(own, data=wrong, content_type="multipart/form-data").status_code == 422
    sent = {"answer": "见附件", "file": (BytesIO(scan), "凭证.pdf")}
    assert firm.post(own, data=sent, content_type="multipart/form-data").status_code == 302
    [(kept,)] = site.hub.rows("SELECT id FROM stored_file")
    assert "附件：凭证.pdf" in officer.get(f"/office/cases/{wanted}").text
    assert officer.get(f"/office/cases/{wanted}/files/{kept}").data == scan
    assert firm.get(f"{own}/files/{kept}").data == scan
    assert other.get(f"{own}/files/{kept}").status_code == 404
    second = a_case(site, "furniture", subject=2)
    assert officer.get(f"/office/cases/{second}/files/{kept}").status_code == 404, "a file opens from its own case only"


def test_the_weight_of_a_case_is_changed(site: ZoneSite) -> None:
    wanted, officer = a_case(site), site.browser("officer")
    officer.post(f"/office/cases/{wanted}/priority", data={"priority": "1"})
    assert "调整优先级：紧急" in officer.get(f"/office/cases/{wanted}").text


def test_a_queue_is_searched_by_firm_and_by_number(site: ZoneSite) -> None:
    a_case(site, "furniture", subject=1, order_no="N-100")
    a_case(site, "oranges", subject=2, order_no="N-200")
    officer = site.browser("officer")
    by_number = officer.get("/office/cases?q=n-200").text
    assert "N-200" in by_number
    assert "N-100" not in by_number
    by_firm = officer.get(f"/office/cases?q={site.hub.party('furniture').name[:4]}").text
    assert "N-100" in by_firm
    assert officer.get("/office/cases?whose=somebody").status_code == 400


def test_overdue_cases_stand_on_the_desk(site: ZoneSite) -> None:
    a_case(site)
    site.hub.clock.advance(hours=49)
    officer = site.browser("officer")
    assert "已超时的异常工单" in officer.get("/home").text
    assert "超时 1 小时" in officer.get("/office/cases?whose=overdue").text


def test_a_case_in_time_is_not_overdue(site: ZoneSite) -> None:
    a_case(site)
    officer = site.browser("officer")
    assert "已超时的异常工单" not in officer.get("/home").text
    assert "还剩 " in officer.get("/office/cases").text


def test_every_step_is_on_record(site: ZoneSite) -> None:
    wanted, officer = a_case(site, "furniture"), site.browser("officer")
    officer.post(f"/office/cases/{wanted}/take")
    officer.post(f"/office/cases/{wanted}/note", data={"note": "一"})
    officer.post(f"/office/cases/{wanted}/ask", data={"question": "二"})
    site.browser("furniture").post(f"/firm/cases/{wanted}", data={"answer": "三"})
    statement = "SELECT action FROM audit_entry WHERE subject = %(case)s ORDER BY id"
    actions = [row[0] for row in site.hub.rows(statement, case=f"case:{wanted}")]
    assert actions == ["case.take", "case.note", "case.ask", "case.answer"]
