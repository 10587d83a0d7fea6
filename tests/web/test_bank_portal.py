"""A bank asks, a firm agrees, the bank reads, compares and decides; the firm sees every look and withdraws."""

import io
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.queries.partners import search_partners
from ccezone.accounts.rules import PERMISSIONS, Principal, Role
from ccezone.accounts.service import set_partner_active
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database
from tests.fx.money import Zone
from tests.hub.founding import NOW
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
MERCHANT = "cosmetics"
THREE = ["orders", "payments", "logistics"]


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    found = zone_site(database, FixedClock(NOW), tmp_path / "keys")
    found.hub.imports(6)
    return found


def day(site: ZoneSite, days: int) -> str:
    return (site.hub.clock.now().astimezone(SHANGHAI).date() + timedelta(days=days)).isoformat()


def ask(site: ZoneSite, bank: FlaskClient, kinds: list[str], until: int = 30, party: str = MERCHANT) -> str:
    """Ask the merchant; return the address of the consent."""
    data = {"uscc": site.hub.party(party).uscc, "kinds": kinds, "purpose": "loan", "note": "订单融资 1 号"}
    answer = bank.post("/bank/ask", data={**data, "valid_from": day(site, 0), "valid_to": day(site, until)})
    assert answer.status_code == 302, answer.text
    return answer.location


def agree(firm: FlaskClient, address: str, agree: str = "1", words: str = "") -> int:
    version = re.search(r'name="version" value="(\d+)"', firm.get(address).text)
    assert version is not None
    return firm.post(f"{address}/answer", data={"agree": agree, "words": words, "version": version[1]}).status_code


def keys(page: str) -> list[str]:
    return re.findall(r'name="order" value="(-?\d+)"', page)


def test_a_bank_reads_nothing_before_the_firm_agrees_and_the_try_is_on_record(site: ZoneSite) -> None:
    bank, firm = site.browser("banker"), site.browser(MERCHANT)
    place = ask(site, bank, THREE)
    refused = bank.get(f"{place}/data/orders")
    assert refused.status_code == 403
    assert not keys(refused.text)
    assert "已被拒绝并记录" in refused.text
    own = place.replace("/bank", "/firm/consents")
    assert "订单融资 1 号" in firm.get(own).text
    assert "已拒绝" in firm.get(own).text
    assert "银行申请查询贵企业数据" in firm.get("/home").text


def test_bank_and_firm_go_from_the_question_to_the_decision(site: ZoneSite) -> None:
    bank, firm, officer = site.browser("banker"), site.browser(MERCHANT), site.browser("officer")
    place = ask(site, bank, THREE)
    own = place.replace("/bank", "/firm/consents")
    assert agree(firm, own) == 302
    shown = bank.get(f"{place}/data/orders")
    chosen = keys(shown.text)
    own_orders = site.hub.rows("SELECT order_key FROM order_match WHERE merchant_id = %(m)s", m=site.hub.party(MERCHANT).id)
    assert {*chosen} == {str(row[0]) for row in own_orders}
    assert len(chosen) > 1
    assert bank.get(f"{place}/data/payments").status_code == bank.get(f"{place}/data/logistics").status_code == 200
    assert bank.get(f"{place}/data/credit").status_code == 403, "not among what was agreed to"
    compared = bank.get(f"{place}/compare", query_string={"order": chosen[:2]})
    assert 'data-rows="2"' in compared.text
    assert "比对一致" in compared.text
    numbers = [row[0] for row in site.hub.rows("SELECT order_no FROM order_match WHERE order_key = ANY(%(k)s)", k=[int(chosen[0])])]
    scan = {"outcome": "approved", "reference": "LOAN-7", "words": "", "file": (io.BytesIO(b"%PDF-1.7 a scan"), "审批表.pdf")}
    answer = bank.post(f"{place}/decide", data={**scan, "order": chosen[:2]}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    for browser, page in ((bank, place), (firm, own), (officer, place.replace("/bank", "/office/consents"))):
        told = browser.get(page).text
        assert "LOAN-7" in told
        found = re.search(r'href="([^"]+/file)"', told)
        assert found is not None
        assert browser.get(found[1]).data == b"%PDF-1.7 a scan"
    looks = firm.get("/firm/consents/looks").text
    assert "banker" in looks
    assert numbers[0] in looks
    assert "审核决定" in firm.get("/messages").text


def test_a_decision_without_reference_words_or_orders_is_sent_back(site: ZoneSite) -> None:
    bank, firm = site.browser("banker"), site.browser(MERCHANT)
    place = ask(site, bank, THREE)
    assert agree(firm, place.replace("/bank", "/firm/consents")) == 302
    chosen = keys(bank.get(f"{place}/data/orders").text)
    poor = bank.post(f"{place}/decide", data={"outcome": "refused", "reference": "", "words": "", "order": chosen})
    assert poor.status_code == 422
    assert keys(poor.text) == chosen
    bare = bank.post(f"{place}/decide", data={"outcome": "approved", "reference": "L-1", "order": []})
    assert bare.status_code == 422
    assert site.hub.count("bank_decision") == 0
    assert bank.get(f"{place}/compare?order=x").status_code == 400


def test_a_withdrawn_an_expired_and_a_refused_consent_open_nothing(site: ZoneSite) -> None:
    bank, firm = site.browser("banker"), site.browser(MERCHANT)
    withdrawn, expiring = ask(site, bank, THREE), ask(site, bank, ["lists"], until=1)
    for place in (withdrawn, expiring):
        assert agree(firm, place.replace("/bank", "/firm/consents")) == 302
    assert bank.get(f"{withdrawn}/data/orders").status_code == bank.get(f"{expiring}/data/lists").status_code == 200
    assert firm.post(f"{withdrawn.replace('/bank', '/firm/consents')}/withdraw", data={"words": ""}).status_code == 302
    assert bank.get(f"{withdrawn}/data/orders").status_code == 403
    refused = ask(site, bank, ["claims"])
    assert agree(firm, refused.replace("/bank", "/firm/consents"), "0") == 422, "a refusal has a reason"
    assert agree(firm, refused.replace("/bank", "/firm/consents"), "0", "不需要") == 302
    assert bank.get(f"{refused}/data/claims").status_code == 403
    assert "不需要" in bank.get(refused).text
    assert "已撤回授权" in bank.get("/messages").text


def test_a_bank_sees_that_a_receipt_of_money_is_not_used_twice(site: ZoneSite, tmp_path: Path) -> None:
    zone = Zone(site.hub, tmp_path)
    orders, receipt, other = zone.sell_many(2), zone.receive("150.00"), zone.receive("60.00")
    zone.match(receipt, orders[0], gross="100.00")
    zone.match(receipt, orders[1], gross="50.00")
    zone.match(other, orders[1], gross="50.00")
    bank, firm = site.browser("banker"), site.browser("furniture")
    place = ask(site, bank, ["money"], party="furniture")
    proof = f"{place}/money/{receipt}"
    assert bank.get(proof).status_code == 403
    assert "没有重复使用" not in bank.get(proof).text
    assert agree(firm, place.replace("/bank", "/firm/consents")) == 302
    assert f"/money/{receipt}" in bank.get(f"{place}/data/money").text
    shown = bank.get(proof).text
    assert "没有重复使用" in shown
    assert re.findall(r'data-label="(本笔收汇|其他收汇)">([\d.]+)', shown) == [
        *(("本笔收汇", "100.00"), ("其他收汇", "0.00")),
        *(("本笔收汇", "50.00"), ("其他收汇", "50.00")),
    ]
    assert "FX00000001" in firm.get("/firm/consents/looks").text
    site.hub.change("UPDATE fx_receipt SET matched = 140 WHERE id = %(id)s", id=receipt)
    assert "使用金额与记录不符" in bank.get(proof).text
    assert bank.get(f"{place}/money/{UUID(int=5)}").status_code == 404


def test_a_firm_grants_unasked_every_kind_and_the_bank_opens_each(site: ZoneSite) -> None:
    bank, firm = site.browser("banker"), site.browser(MERCHANT)
    with site.hub.database.reading() as connection:
        (known,) = search_partners(connection, "bank")
    every = ["orders", "payments", "logistics", "lists", "credit", "claims", "money"]
    data = {"bank": str(known.id), "kinds": every, "purpose": "settlement", "note": "", "valid_from": day(site, 0)}
    assert firm.post("/firm/consents/new", data={**data, "valid_to": day(site, -1)}).status_code == 422
    answer = firm.post("/firm/consents/new", data={**data, "valid_to": day(site, 9)})
    assert answer.status_code == 302, answer.text
    place = answer.location.replace("/firm/consents", "/bank")
    for kind in every:
        assert bank.get(f"{place}/data/{kind}").status_code == 200, kind
    assert site.hub.count("partner_read") == len(every)


def test_the_same_question_is_not_asked_twice(site: ZoneSite) -> None:
    bank = site.browser("banker")
    ask(site, bank, THREE)
    data = {"uscc": site.hub.party(MERCHANT).uscc, "kinds": THREE, "purpose": "loan", "note": ""}
    again = bank.post("/bank/ask", data={**data, "valid_from": day(site, 0), "valid_to": day(site, 3)})
    assert again.status_code == 422
    assert "尚未答复" in again.text


def test_a_suspended_bank_is_shut_out_at_once(site: ZoneSite) -> None:
    bank = site.browser("banker")
    system = Principal(Role.ADMIN, None, PERMISSIONS[Role.ADMIN], user_id=uuidv7())
    with site.hub.database.begin() as uow:
        (known,) = search_partners(uow.connection, "bank")
        set_partner_active(uow, known.id, False, system, site.hub.clock)
    assert bank.get("/bank").status_code == 302, "to sign in"
    assert site.app.test_client().post("/sign-in", data={"login": "banker@example.org", "password": "x" * 12}).status_code == 401
