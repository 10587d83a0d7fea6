"""Statistical returns through their pages: compiled by one officer, approved by another, sealed, published, verified, corrected."""

import re
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import get_args

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.background.ports import Handler
from ccezone.background.service import run_next_job
from ccezone.kernel.clock import FixedClock
from ccezone.printing.documents import Locale
from ccezone.printing.returns.making import RenderReturn, SignReturn
from ccezone.statistics.service.returns import RENDER_JOB, SIGN_JOB
from ccezone.storage import Database
from ccezone.web.office.return_indicators import PLACES
from integrations.signatures.pdf import PdfSeal
from tests.hub.founding import NOW
from tests.hub.people import PASSWORD, let_in
from tests.statistics.returned import traded
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, tmp_path: Path) -> ZoneSite:
    found = zone_site(database, FixedClock(NOW), tmp_path / "keys")
    traded(found.hub)
    return found


def second(site: ZoneSite) -> FlaskClient:
    """Another officer."""
    with site.hub.database.begin() as uow:
        let_in(uow, Invitation("second@example.org", "second", Role.ZONE_OFFICER, None), site.hub.clock)
    browser = site.app.test_client()
    assert browser.post("/sign-in", data={"login": "second@example.org", "password": PASSWORD}).status_code == 302
    return browser


def work(site: ZoneSite, tmp_path: Path) -> None:
    """Let the background worker do what waits."""
    seal = PdfSeal(tmp_path / "seal.p12", "", "赣州跨境电商综试区")
    handlers: dict[str, Handler] = {
        RENDER_JOB: RenderReturn(site.hub.database, site.hub.clock),
        SIGN_JOB: SignReturn(site.hub.database, site.hub.clock, seal),
    }
    while run_next_job(site.hub.database, handlers, site.hub.clock):
        pass


def compile_one(officer: FlaskClient, period: str = "2026-01", kind: str = "monthly", reason: str = "") -> str:
    typed = {"kind": kind, "period": period, "series": "preliminary", "reason": reason}
    answer = officer.post("/office/returns/new", data=typed)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def sent(browser: FlaskClient, address: str, content: bytes) -> str:
    """Send a file as a browser does; the test client's own encoding leaves a temporary file behind."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="r.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    form = "multipart/form-data; boundary=b"
    return browser.post(address, data=head + content + b"\r\n--b--\r\n", content_type=form).text


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_return_goes_from_the_figures_to_a_sealed_file_that_anybody_verifies(site: ZoneSite, tmp_path: Path) -> None:
    officer, other, auditor, anybody = site.browser("officer"), second(site), site.browser("auditor"), site.browser("nobody")
    address = compile_one(officer, "2026-W02", "weekly")
    assert "文件正在生成" in officer.get(address).text
    early = other.post(f"{address}/approve", data={"version": "1"})
    assert early.status_code == 422
    assert "报表文件尚未生成完毕" in early.text
    work(site, tmp_path)
    page = officer.get(address).text
    assert "须由另一名工作人员批准" in page
    own = officer.post(f"{address}/approve", data={"version": version(page)})
    assert own.status_code == 422
    assert "编制人不能批准" in own.text
    assert auditor.post(f"{address}/approve", data={"version": "1"}).status_code == 403
    assert other.post(f"{address}/approve", data={"version": version(page)}).status_code == 302
    code = re.search(r"/verify/([A-Z0-9-]+)", page)
    assert code
    assert "尚未签章" in anybody.get(f"/verify/{code[1]}").text
    work(site, tmp_path)
    signed = auditor.get(f"{address}/files/zh.pdf").data
    assert other.post(f"{address}/publish", data={"version": version(other.get(address).text)}).status_code == 302
    assert "已发布" in anybody.get(f"/verify/{code[1]}").text
    same = sent(anybody, f"/verify/{code[1]}", signed)
    assert "逐字节相同" in same
    changed = signed[:-9] + bytes([signed[-9] ^ 1]) + signed[-8:]
    assert "都不相同" in sent(anybody, f"/verify/{code[1]}", changed)
    for locale in get_args(Locale):
        assert officer.get(f"{address}/files/{locale}.xlsx").data[:2] == b"PK"


def test_a_refused_return_is_kept_and_its_period_compiled_again_with_a_reason(site: ZoneSite) -> None:
    officer = site.browser("officer")
    address = compile_one(officer)
    again = {"kind": "monthly", "period": "2026-01", "series": "preliminary", "reason": "x"}
    assert "正在办理" in officer.post("/office/returns/new", data=again).text
    assert officer.post(f"{address}/refuse", data={"version": "1", "reason": ""}).status_code == 422
    assert officer.post(f"{address}/refuse", data={"version": "1", "reason": "口径有误"}).status_code == 302
    assert "口径有误" in officer.get(address).text
    assert officer.get(compile_one(officer, reason="改口径")).status_code == 200


def test_every_amount_opens_the_lists_it_adds_up(site: ZoneSite) -> None:
    officer = site.browser("officer")
    address = compile_one(officer)
    opened = 0
    for table in ("mode", "country", "chapter", "node", "park", "enterprise"):
        page = officer.get(f"{address}?table={table}").text
        for link, worth, number in re.findall(r'class="tap" href="([^"]*)" data-sum="([^"]*)" data-count="(\d+)"', page):
            rows = re.findall(r'data-yuan="([^"]*)"', officer.get(link.replace("&amp;", "&")).text)
            assert len(rows) == int(number), link
            assert f"{sum(map(float, rows)):.2f}" == worth, link
            opened += 1
    assert opened > 40


def test_every_indicator_of_what_became_of_the_month_opens_its_rows(site: ZoneSite) -> None:
    officer = site.browser("officer")
    page = officer.get(compile_one(officer)).text
    links = {key: (unescape(link), value) for link, key, value in
             re.findall(r'href="([^"]*)" data-indicator="([^"]*)" data-is="([^"]*)"', page)}  # fmt: skip
    assert {"total", "export", "lists", "match_rate", "release_rate", "rejection_rate", "refund_total", "registered"} <= set(links)
    assert "target_progress" not in links
    for key, (link, value) in links.items():
        told = officer.get(link)
        assert told.status_code == 200, key
        rows = re.findall(r'data-yuan="([^"]*)"', told.text)
        if key in ("total", "export", "import", "refund_total", "settled_total"):
            assert sum(map(Decimal, rows), Decimal(0)) == Decimal(value), key
        if key in ("registered", "warehouses"):
            assert f'data-count="{value}"' in told.text, key
    since = "since=2026-01-01&until=2026-01-31"
    for bad in (f"target_progress?{since}", "registered?since=x", f"registered?{since}&after=x"):
        assert officer.get(f"/office/indicators/{bad}").status_code in (400, 404)
    assert site.browser("cosmetics").get(f"/office/indicators/registered?{since}").status_code == 403


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"period": "2026-13"}, "不是该报表种类的报告期"),
        ({"period": "2027-01"}, "尚未开始"),
        ({"series": "final"}, "才结束"),
    ],
)
def test_a_return_of_no_period_or_of_one_that_is_not_over_is_refused(site: ZoneSite, typed: dict[str, str], code: str) -> None:
    values = {"kind": "monthly", "period": "2026-01", "series": "preliminary", "reason": "", **typed}
    answer = site.browser("officer").post("/office/returns/new", data=values)
    assert answer.status_code == 422
    assert code in answer.text


def test_returns_are_not_for_firms(site: ZoneSite) -> None:
    assert site.browser("cosmetics").get("/office/returns").status_code == 403


def test_rows_behind_an_indicator_open_at_addresses_that_are_there(site: ZoneSite) -> None:
    known = {rule.endpoint: rule.arguments for rule in site.app.url_map.iter_rules() if rule.methods and "GET" in rule.methods}
    assert {page: known.get(page) for page, _name in PLACES.values()} == {page: {name} for page, name in PLACES.values()}
