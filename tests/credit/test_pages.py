"""The pages of credit with rows on them: an officer states and decides, a firm reads and appeals, everybody looks up."""

import io
from datetime import timedelta
from pathlib import Path
from re import findall
from uuid import UUID

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.credit.test_keeping import file, keep
from tests.web.conftest import NOON
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
PDF = b"%PDF-1.4 a scan"


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    return zone_site(database, FixedClock(NOON), tmp_path / "keys")


def traded(site: ZoneSite) -> UUID:
    """Let a merchant trade, with a rejection, and be judged."""
    ids = file(site.hub, range(4))
    site.hub.answer(ids[0], 2, 3, 100)
    keep(site.hub)
    who: UUID = site.hub.rows("SELECT merchant_id FROM declaration_list LIMIT 1")[0][0]
    return who


def statement(**changes: str) -> dict[str, object]:
    said = {
        "value": "customs_class:advanced",
        "issuer": "赣州海关",
        "document": "认证证书 1 号",
        "valid_from": "2026-05-01",
        **changes,
    }
    return {**said, "valid_to": changes.get("valid_to", ""), "note": "", "file": (io.BytesIO(PDF), "证书.pdf")}


def test_an_officer_states_evidence_with_its_scan_and_the_grade_follows(site: ZoneSite) -> None:
    who, officer = traded(site), site.browser("officer")
    before = officer.get(f"/office/credit/{who}").text
    assert "按当日证据和权重重算，结果一致" in before
    assert "10%" in before  # one rejected of fewer than ten counts as of ten
    answer = officer.post(f"/office/credit/{who}/evidence", data=statement(), content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    after = officer.get(f"/office/credit/{who}").text
    assert "高级认证企业" in after
    (scan,) = set(findall(rf"/office/credit/{who}/evidence/[0-9a-f-]+/file", after))
    assert officer.get(scan).data == PDF
    (back,) = set(findall(rf"/office/credit/{who}/evidence/[0-9a-f-]+/revoke", after))
    officer.post(back, data={"reason": "登记有误"})
    assert "已撤回" in officer.get(f"/office/credit/{who}").text


@pytest.mark.parametrize(
    "changes", [{"value": "customs_class:"}, {"document": ""}, {"valid_from": "2027-01-01"}, {"valid_to": "soon"}]
)
def test_a_statement_that_is_wrong_comes_back_with_its_faults(site: ZoneSite, changes: dict[str, str]) -> None:
    who, officer = traded(site), site.browser("officer")
    answer = officer.post(f"/office/credit/{who}/evidence", data=statement(**changes), content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_the_four_queries_show_rows(site: ZoneSite) -> None:
    who, officer = traded(site), site.browser("officer")
    for view in ("record", "identity", "goods", "trade"):
        assert officer.get(f"/office/credit/{who}?view={view}").status_code == 200, view
    assert officer.get(f"/office/credit/{who}?view=fifth").status_code == 404
    assert officer.get(f"/office/credit/{who}?day=someday").status_code == 400
    assert "海关" in officer.get("/office/credit?standing=AA").text


def test_a_listing_goes_from_notice_to_exit_on_the_pages(site: ZoneSite) -> None:
    who, officer = traded(site), site.browser("officer")
    uscc = _uscc(site, who)
    firm = site.browser(_key(site, who))
    proposal = {"kind": "negative", "uscc": uscc, "name": "", "ground": "虚假贸易", "document": "决定书 1 号"}
    opened = officer.post("/office/credit-lists/new", data=proposal)
    number = opened.location.rpartition("/")[2]
    assert "可以申辩" in firm.get("/home").text
    appeal = {"step": "appeal", "note": "货物真实，有物流凭证", "file": (io.BytesIO(PDF), "凭证.pdf")}
    assert firm.post(f"/firm/credit/lists/{number}", data=appeal, content_type="multipart/form-data").status_code == 302
    page = officer.get(f"/office/credit-lists/{number}").text
    assert "货物真实" in page
    (scan,) = findall(rf"/office/credit-lists/{number}/files/[0-9a-f-]+", page)
    assert officer.get(scan).data == PDF
    assert officer.post(f"/office/credit-lists/{number}", data={"step": "confirm", "note": ""}).status_code == 422
    assert officer.post(f"/office/credit-lists/{number}", data={"step": "confirm", "note": "证据充分"}).status_code == 302
    assert uscc in site.browser("nobody").get("/credit/lists").text
    assert "暂停" in firm.get("/firm/credit").text
    repair = {"step": "repair", "note": "已整改"}
    assert firm.post(f"/firm/credit/lists/{number}", data=repair).status_code == 302
    assert officer.post(f"/office/credit-lists/{number}", data={"step": "end", "note": "整改到位"}).status_code == 302
    assert uscc not in site.browser("nobody").get("/credit/lists").text


def test_a_firm_may_not_take_the_office_s_steps(site: ZoneSite) -> None:
    who, officer = traded(site), site.browser("officer")
    uscc = _uscc(site, who)
    said = {"kind": "negative", "uscc": uscc, "name": "", "ground": "g", "document": "d"}
    number = officer.post("/office/credit-lists/new", data=said).location.rpartition("/")[2]
    firm = site.browser(_key(site, who))
    assert firm.post(f"/firm/credit/lists/{number}", data={"step": "drop", "note": "x"}).status_code == 400


def test_everybody_looks_up_what_is_public_and_an_officer_sees_more(site: ZoneSite) -> None:
    who, officer = traded(site), site.browser("officer")
    uscc = _uscc(site, who)
    public, seen = site.browser("nobody").get(f"/credit/of/{uscc}").text, officer.get(f"/credit/of/{uscc}").text
    assert ("信用等级" in public, "信用分</dt>" in public) == (True, False)
    assert "信用分</dt>" in seen
    assert site.browser("nobody").get("/credit/of/91360700MA35CNE01X").status_code == 404
    assert site.hub.rows("SELECT viewer FROM credit_lookup ORDER BY id") == [("public",), ("agency",), ("public",)]
    own = site.browser(_key(site, who))
    assert "公众" in own.get("/firm/credit").text


def test_a_past_day_is_computed_again_on_the_page(site: ZoneSite) -> None:
    who, first = traded(site), (NOON + timedelta(hours=8)).date()
    site.hub.clock.advance(days=2)
    keep(site.hub)
    officer = site.browser("officer")
    page = officer.get(f"/office/credit/{who}?day={first}").text
    assert f"{first} 评价" in page
    assert "结果一致" in page
    site.hub.change("UPDATE credit_score SET grade = 'AAA' WHERE day = %(day)s", day=first)
    assert "重算结果不一致" in officer.get(f"/office/credit/{who}?day={first}").text


def _uscc(site: ZoneSite, who: UUID) -> str:
    found: str = site.hub.rows("SELECT uscc FROM enterprise WHERE id = %(id)s", id=who)[0][0]
    return found


def _key(site: ZoneSite, who: UUID) -> str:
    keys = ("furniture", "oranges", "textiles", "electronics", "cosmetics", "milk")
    return next(key for key in keys if site.hub.party(key).id == who)
