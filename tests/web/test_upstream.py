"""Upstream health: the office sees every system and sender, everybody how systems stand and what is announced."""

from pathlib import Path

import pytest

from ccezone.cases.service import Sightings
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage
NOTICE = {
    "source": "single_window",
    "begins_at": "2026-01-05T10:00",
    "ends_at": "",
    "title_zh": "单一窗口升级",
    "title_en": "Single window upgrade",
    "text_zh": "暂停收发，报文自动补发。",
    "text_en": "Messages are sent later by themselves.",
}


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return zone_site(database, clock, tmp_path / "keys")


def seen(site: ZoneSite, *, worked: int = 0, failed: int = 0, direction: str = "receive") -> None:
    """Let a worker have called the single window."""
    sightings = Sightings(site.hub.clock)
    for _ in range(worked):
        sightings.worked("single_window", direction, 30)
    for _ in range(failed):
        sightings.failed("single_window", direction, 30, "连接被拒绝")
    sightings.keep(site.hub.database, at_once=True)


@pytest.mark.parametrize(("worked", "failed", "standing"), [(0, 0, "尚无数据"), (9, 1, "正常"), (3, 1, "部分失败"), (0, 2, "中断")])
def test_everybody_sees_how_a_system_stands(site: ZoneSite, worked: int, failed: int, standing: str) -> None:
    seen(site, worked=worked, failed=failed)
    page = site.browser("nobody").get("/status")
    assert page.status_code == 200
    assert standing in page.text


def test_a_system_nobody_reaches_any_more_is_down(site: ZoneSite) -> None:
    seen(site, worked=5)
    site.hub.clock.advance(minutes=11)
    assert "中断</span>" in site.browser("nobody").get("/status").text


def test_nothing_to_send_is_no_silence(site: ZoneSite) -> None:
    seen(site, worked=1, direction="send")
    site.hub.clock.advance(minutes=30)
    seen(site, worked=1)
    page = site.browser("nobody").get("/status").text
    assert "正常</span>" in page
    assert "中断</span>" not in page


def test_the_public_sees_no_errors_and_no_firms(site: ZoneSite) -> None:
    site.hub.imports(1)
    seen(site, failed=1)
    public, office = site.browser("nobody").get("/status").text, site.browser("officer").get("/office/upstream").text
    sender = site.hub.rows("SELECT e.name FROM intake_batch b JOIN enterprise e ON e.id = b.submitter_id LIMIT 1")[0][0]
    assert "连接被拒绝" in office
    assert sender in office
    assert "连接被拒绝" not in public
    assert sender not in public


def test_a_notice_is_published_ended_and_kept(site: ZoneSite) -> None:
    officer, public = site.browser("officer"), site.browser("nobody")
    assert officer.post("/office/upstream/outages/new", data=NOTICE).status_code == 302
    assert "正在中断" in public.get("/status").text
    public.set_cookie("ccezone_language", "en")
    assert "Single window upgrade" in public.get("/status").text
    number = site.hub.rows("SELECT id FROM outage_notice")[0][0]
    site.hub.clock.advance(minutes=5)
    officer.post(f"/office/upstream/outages/{number}/end")
    assert "Over within the last 90 days" in public.get("/status").text
    assert "没有这条生效中的公告" in officer.post(f"/office/upstream/outages/{number}/end", follow_redirects=True).text


def test_a_withdrawn_notice_is_gone(site: ZoneSite) -> None:
    officer = site.browser("officer")
    officer.post("/office/upstream/outages/new", data=NOTICE)
    number = site.hub.rows("SELECT id FROM outage_notice")[0][0]
    officer.post(f"/office/upstream/outages/{number}/withdraw")
    assert "单一窗口升级" not in site.browser("nobody").get("/status").text


@pytest.mark.parametrize(
    "wrong", [{"title_en": ""}, {"begins_at": ""}, {"begins_at": "soon"}, {"ends_at": "2026-01-05T09:00"}, {"source": "moon"}]
)
def test_a_notice_that_says_too_little_is_not_published(site: ZoneSite, wrong: dict[str, str]) -> None:
    answer = site.browser("officer").post("/office/upstream/outages/new", data={**NOTICE, **wrong})
    assert answer.status_code == 422
    assert 'id="errors"' in answer.text
    assert site.hub.rows("SELECT 1 FROM outage_notice") == []


def test_only_officers_publish(site: ZoneSite) -> None:
    for who in ("auditor", "furniture"):
        assert site.browser(who).post("/office/upstream/outages/new", data=NOTICE).status_code == 403
