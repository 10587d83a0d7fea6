"""The tax officer's and the inspector's portals: what is theirs to see, on record, and signing an agency's check in."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ccezone.background.service import run_next_job
from ccezone.consents.queries import reads
from ccezone.enterprises.queries import enterprise
from ccezone.import_tax.service import load_rates
from ccezone.inspection.queries import order
from ccezone.inspection.service import Wanted, add_note, open_order
from ccezone.kernel.clock import SHANGHAI, FixedClock
from ccezone.printing.papers import Letter
from ccezone.printing.refund_packs import JOB, PackRefund, request_pack
from ccezone.storage import Database
from ccezone.storage.copying import run
from ccezone.web.hub import EXTENSION, Hub
from tests.tax_refunds.claiming import SELLER
from tests.web.conftest import Cast, SignIn
from tests.web.refund_rivals import exported_item

pytestmark = pytest.mark.storage
_INVOICE = {"invoice_no": "26362000000012345678", "seller_uscc": SELLER, "issued_on": "2026-05-20"}


def filed(browser: FlaskClient, database: Database, cast: Cast, clock: FixedClock) -> str:
    """Let the merchant file a claim; return its id."""
    with database.begin() as uow:
        load_rates(uow)
    item = str(exported_item(database, cast.merchant_id, "棉制T恤", clock))
    opening = {"method": "exempt-refund", "period": "2026-05", "taxpayer_class": "2"}
    place = browser.post("/tax-refunds/new", data=opening).location
    browser.post(f"{place}/items", data={"item": item})
    browser.post(f"{place}/invoices", data={**_INVOICE, "item_id": item, "amount": "500", "vat_pct": "13", "vat": "65.00"})
    browser.post(f"{place}/check")
    version = re.search(r'name="version" value="(\d+)"', browser.get(place).text)
    assert version is not None
    assert browser.post(f"{place}/submit", data={"version": version[1]}).status_code == 302
    return place.rsplit("/", 1)[-1]


def test_a_tax_officer_sees_a_filed_claim_its_invoices_and_ledger_and_the_look_is_on_record(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock, app: Flask
) -> None:
    firm, officer = signed_in("merchant"), signed_in("taxer")
    claim = filed(firm, database, cast, clock)
    assert "赣南家具" in officer.get("/tax-bureau").text
    shown = officer.get(f"/tax-bureau/{claim}").text
    assert "26362000000012345678" in shown
    assert "65.00" in shown
    item = re.search(r'href="(/tax-bureau/[^"]+/items/[^"]+)"', shown)
    assert item is not None
    assert "93.60" in officer.get(item[1]).text
    told = signed_in("officer").get("/office/consents/looks").text
    assert told.count("依职责查询") == 2
    with database.reading() as connection:
        assert not reads(connection, firm=cast.merchant_id), "the authority's own work is no news to the firm"


def test_a_claim_that_is_not_filed_is_the_firms_own_business(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock
) -> None:
    opening = {"method": "exempt-refund", "period": "2026-05", "taxpayer_class": "2"}
    place = signed_in("merchant").post("/tax-refunds/new", data=opening).location
    officer = signed_in("taxer")
    for tab in ("bureau", "doubt", "paid", "ended"):
        assert "TR0000" not in officer.get(f"/tax-bureau?tab={tab}").text
    assert officer.get(f"/tax-bureau/{place.rsplit('/', 1)[-1]}").status_code == 404


def test_a_tax_officer_takes_the_evidence_of_a_filed_claim_away_and_every_step_is_on_record(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock, app: Flask
) -> None:
    firm, officer = signed_in("merchant"), signed_in("taxer")
    claim = filed(firm, database, cast, clock)
    assert f'action="/tax-bureau/packs/of/{claim}"' in officer.get(f"/tax-bureau/{claim}").text
    place = officer.post(f"/tax-bureau/packs/of/{claim}").location
    assert officer.get(f"{place}/file").status_code == 404, "not made yet"
    work: Hub = app.extensions[EXTENSION]
    letter = Letter("赣州综试区", "zh", lambda code: f"http://hub.example/verify/{code}")
    handler = PackRefund(database, work.vault, work.deliveries, clock, lambda _locale: letter)
    assert run_next_job(database, {JOB: handler}, clock) == 1
    assert f'href="{place}/file"' in officer.get(place).text
    with ZipFile(BytesIO(officer.get(f"{place}/file").data)) as pack:
        assert pack.namelist() == ["evidence.pdf", "data.json", "data.xlsx", "SHA256SUMS"]
        assert "26362000000012345678" in pack.read("data.json").decode()
    zone = signed_in("officer")
    assert zone.get("/office/consents/looks").text.count("退税证据包") == 2, "asked for, and taken away"
    with database.begin() as uow:
        other = request_pack(uow, UUID(claim), None, None, "user:x", "zh", clock)
    assert officer.get(f"/tax-bureau/packs/{other}").status_code == 404, "the office's own pack"
    own = firm.post(f"/tax-refunds/packs/of/{claim}").location
    assert f'action="{own}/stop"' in firm.get(own).text
    while run_next_job(database, {JOB: handler}, clock):
        pass
    assert f'href="{own}/file"' in firm.get(own).text
    assert firm.get(f"{own}/file").data.startswith(b"PK")
    with database.begin() as uow:
        over = {"at": (clock.now() - timedelta(days=1)).isoformat()}
        run(uow.connection, "UPDATE background_job SET result = jsonb_set(result, '{expires_at}', to_jsonb(%(at)s::text))", over)
    for browser, page in ((firm, own), (officer, place)):
        assert f"{page}/file" not in browser.get(page).text
        assert browser.get(f"{page}/file").status_code == 404, "kept no longer"


def ordered(database: Database, firm: UUID, agencies: list[str], clock: FixedClock) -> UUID:
    with database.begin() as uow:
        known = enterprise(uow.connection, firm)
        assert known is not None
        due = clock.now().astimezone(SHANGHAI).date() + timedelta(days=5)
        wanted = Wanted("batch", f"批次 {len(agencies)}", agencies, due, party=known.uscc, what="抽查标签")
        number = open_order(uow, wanted, "test", clock)
        add_note(uow, number, "办公室内部备注", None, "test", clock)
    return number


def test_an_inspector_signs_the_own_agencys_check_in_once_and_sees_no_other_order(
    signed_in: SignIn, database: Database, cast: Cast, clock: FixedClock, tmp_path: Path
) -> None:
    joint = ordered(database, cast.merchant_id, ["customs", "market_supervision"], clock)
    other = ordered(database, cast.merchant_id, ["customs"], clock)
    inspector = signed_in("inspector")
    listed = inspector.get("/agency").text
    assert str(joint) in listed
    assert str(other) not in listed
    assert "办公室内部备注" not in inspector.get(f"/agency/{joint}").text
    poor = inspector.post(f"/agency/{joint}/sign", data={"sign_opinion": "fail"}, content_type="multipart/form-data")
    assert poor.status_code == 422
    said = {"sign_opinion": "pass", "sign_note": "标签齐全", "sign_agency": "customs"}
    assert inspector.post(f"/agency/{joint}/sign", data=said, content_type="multipart/form-data").status_code == 302
    with database.reading() as connection:
        view = order(connection, joint)
    assert view is not None
    assert {check.agency: check.opinion for check in view.checks} == {"customs": "", "market_supervision": "pass"}
    assert inspector.post(f"/agency/{joint}/sign", data=said, content_type="multipart/form-data").status_code == 422
    assert "标签齐全" in signed_in("officer").get(f"/office/inspection/orders/{joint}").text
    assert "标签齐全" in signed_in("merchant").get(f"/firm/inspection/{joint}").text


def test_the_administrators_let_a_partner_and_its_people_in_on_pages(signed_in: SignIn, app: Flask) -> None:
    system, security = signed_in("system"), signed_in("security")
    assert system.post("/office/partners/new", data={"kind": "agency", "code": "moon", "name": "月球局"}).status_code == 422
    answer = system.post("/office/partners/new", data={"kind": "bank", "code": "B-1", "name": "第一银行", "name_en": "First Bank"})
    assert answer.status_code == 302
    place = answer.location
    handed = system.post(f"{place}/people", data={"login": "clerk@bank.example", "name": "李信贷", "reason": "协议"})
    link = re.search(r"/link/[^\"<\s]+", handed.text)
    assert link is not None
    password = {"password": "a-long-enough-word", "repeated": "a-long-enough-word"}
    assert app.test_client().post(link[0], data=password).status_code == 302
    asked = re.search(r'href="(/office/users/requests/[^"]+)"', security.get(place).text)
    assert asked is not None
    assert "银行人员" in security.get(asked[1]).text
    assert security.post(f"{asked[1]}/grant").status_code == 302
    clerk = app.test_client()
    assert clerk.post("/sign-in", data={"login": "clerk@bank.example", "password": "a-long-enough-word"}).status_code == 302
    assert "第一银行" in clerk.get("/home").text
    assert clerk.get("/bank").status_code == 200
    assert clerk.get("/office/enterprises").status_code == clerk.get("/matches").status_code == 403
    assert system.post(f"{place}/active", data={"active": "0"}).status_code == 302
    assert clerk.get("/bank").status_code == 302
