"""Supplementary statistics through their pages: a table taken in, bad rows sent back, a word over the rules, a feed taken back."""

import csv
import io
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ccezone.accounts.service import PartnerEntry, add_partner
from ccezone.background.service import run_next_job
from ccezone.demo.supplying import found_supplements
from ccezone.demo.zone import OFFICER
from ccezone.kernel.clock import FixedClock
from ccezone.statistics.service.feeding import JOB, TakeFeedIn
from ccezone.storage import Database
from integrations.workbooks import FeedSheets
from tests.hub.founding import NOW
from tests.statistics.returned import ZONE, traded
from tests.statistics.supplying import count, standings, worth
from tests.web.test_returns import compile_one
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
_TABLE = """日期,进出口（E/I）,国家（地区）,币制,金额,运单号
2026-01-05,E,502,142,100.00,RR1
2026-01-05,E,502,142,50.00,RR2
2026-01-05,X,502,142,50.00,RR3
2026-01-05,E,502,142,-7,
"""
_SAID = {"source": "mail", "method": "roll-up", "sender": "邮政", "period": "2026-01"}


class Site:
    """A zone with traffic, and an officer who stays signed in."""

    def __init__(self, found: ZoneSite) -> None:
        self.hub, self.officer, self.merchant = found.hub, found.browser("officer"), found.browser("cosmetics")


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    found = zone_site(database, FixedClock(NOW), tmp_path / "keys")
    traded(found.hub)
    return Site(found)


def uploaded(site: Site, content: str, **said: str) -> str:
    """Upload a table as a browser does and let the worker take it in; return the job's page."""
    parts = [f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in {**_SAID, **said}.items()]
    file = '--b\r\nContent-Disposition: form-data; name="file"; filename="mail.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = ("".join(parts) + file + content + "\r\n--b--\r\n").encode()
    answer = site.officer.post("/office/supplements", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 303, answer.text
    hub = site.hub
    while run_next_job(hub.database, {JOB: TakeFeedIn(hub.database, hub.vault, hub.clock, FeedSheets())}, hub.clock):
        pass
    return str(answer.location)


def test_a_table_is_taken_in_once_and_bad_rows_come_back_with_their_reasons(site: Site) -> None:
    page = site.officer.get(uploaded(site, _TABLE)).text
    assert [int(each) for each in re.findall(r"<dd>(\d+)</dd>", page)] == [2, 0, 2]
    address = re.search(r'href="(/office/supplements/jobs/[^"]+/file)"', page)
    assert address
    book = CalamineWorkbook.from_filelike(io.BytesIO(site.officer.get(address[1]).data))
    back = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert "E" in back
    assert "进口填 I" in back
    assert [int(each) for each in re.findall(r"<dd>(\d+)</dd>", site.officer.get(uploaded(site, _TABLE)).text)] == [0, 2, 2]
    count(site.hub)
    assert worth(site.hub) == 150


def test_a_feed_is_looked_through_decided_over_and_taken_back_and_a_return_opens_what_it_adds_up(site: Site) -> None:
    uploaded(site, _TABLE)
    count(site.hub)
    [(batch,)] = site.hub.rows("SELECT id FROM supplement_batch")
    assert "BS-" in site.officer.get("/office/supplements?q=rr2").text
    assert "BS-" not in site.officer.get("/office/supplements?q=rr9").text
    detail = site.officer.get(f"/office/supplements/{batch}").text
    assert detail.count("RR") >= 2
    assert "第 3 行" in detail
    exported(site, str(batch))
    back = compile_one(site.officer)
    links = re.findall(
        r'href="([^"]*)" data-sum="100\.00"|href="([^"]*)" data-sum="150\.00"', site.officer.get(f"{back}?table=origin").text
    )
    opened = [site.officer.get((one or other).replace("&amp;", "&")).text for one, other in links]
    assert opened
    assert all("RR1" in page and "RR2" in page for page in opened)
    [(fact,)] = site.hub.rows("SELECT id FROM supplement_fact WHERE document = 'RR1'")
    for word, left in (("no", 50), ("rules", 150)):
        assert (
            site.officer.post(f"/office/supplements/facts/{fact}", data={"recognised": word, "reason": "核对"}).status_code == 302
        )
        count(site.hub)
        assert worth(site.hub) == left
    assert site.officer.post(f"/office/supplements/facts/{fact}", data={"recognised": "rules", "reason": "x"}).status_code == 422
    assert "核对" in site.officer.get(f"/office/supplements/facts/{fact}").text
    assert site.officer.post(f"/office/supplements/{batch}/undo", data={"reason": ""}).status_code == 422
    assert site.officer.post(f"/office/supplements/{batch}/undo", data={"reason": "报错"}).status_code == 302
    count(site.hub)
    assert worth(site.hub) == 0
    assert site.merchant.get("/office/supplements").status_code in (403, 404)


def exported(site: Site, batch: str) -> None:
    """The list and the feed as files: each row that pages show, amounts as numbers, refused rows with their reasons."""
    told = list(csv.reader(io.StringIO(site.officer.get("/office/supplements/batches.csv?q=rr2").data.decode("utf-8-sig"))))
    assert [row[6:8] for row in told[1:]] == [["2", "2"]]
    assert site.officer.get("/office/supplements/batches.csv?source=gossip").status_code == 400
    rows = list(csv.reader(io.StringIO(site.officer.get(f"/office/supplements/{batch}/lines.csv").data.decode("utf-8-sig"))))
    assert [(row[0], row[7], row[10], row[16]) for row in rows[1:3]] == [
        ("1", "100.00", "RR1", "已计入"),
        ("2", "50.00", "RR2", "已计入"),
    ]
    assert [(row[0], row[16], "进口填 I" in row[20]) for row in rows[3:]] == [("3", "退回", True), ("4", "退回", False)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(site.officer.get(f"/office/supplements/{batch}/lines.xlsx").data))
    assert [row[7] for row in book.get_sheet_by_index(0).to_python()[3:5]] == [100.0, 50.0]
    assert site.merchant.get(f"/office/supplements/{batch}/lines.csv").status_code == 403


def test_the_office_issues_a_data_providers_credential_and_takes_it_back(site: Site) -> None:
    with site.hub.database.begin() as uow:
        post = add_partner(uow, PartnerEntry("data_provider", "POST-1", "赣州邮政"), None, site.hub.clock)
        bank = add_partner(uow, PartnerEntry("bank", "BANK-7", "银行"), None, site.hub.clock)
    place = f"/office/partners/{post}/credentials"
    assert place in site.officer.get(f"/office/partners/{post}").text
    assert "还没有接口凭证" in site.officer.get(place).text
    assert site.officer.post(place, data={"name": ""}).status_code == 422
    token = re.search(r'value="(ccez_[^"]+)"', site.officer.post(place, data={"name": "交换系统"}).text)
    assert token
    [(key,)] = site.hub.rows("SELECT id FROM api_credential WHERE partner_id = %(id)s", id=post)
    rotated = site.officer.post(f"{place}/{key}/rotate", data={"overlap": "0"}).text
    assert token[1] not in rotated
    assert place in rotated
    assert site.officer.post(f"{place}/{key}/revoke").status_code == 302
    assert site.hub.rows("SELECT revoked_at IS NOT NULL FROM api_credential WHERE id = %(id)s", id=key) == [(True,)]
    for address in (f"/office/partners/{bank}/credentials", f"/office/partners/{bank}/credentials/{key}/revoke"):
        method = site.officer.post if address.endswith("revoke") else site.officer.get
        assert method(address).status_code == 404  # a bank issues its own
    assert site.merchant.get(place).status_code == 403


def test_the_demo_tells_of_every_source(site: Site) -> None:
    site.hub.change("UPDATE user_account SET login = %(login)s WHERE role = 'zone_officer'", login=OFFICER)
    assert found_supplements(site.hub.database, ZONE, site.hub.clock, print) > 80
    assert found_supplements(site.hub.database, ZONE, site.hub.clock, print) == 0
    count(site.hub)
    assert {"counted"} <= set(standings(site.hub))
    assert site.hub.rows("SELECT count(*) FROM supplement_fact WHERE sign = 'officer' AND standing = 'counted'") == [(1,)]
