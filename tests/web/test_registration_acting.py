"""Agents on the site: they pick for whom they work, see and file for that firm only, as far and as long as it lets them."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.queries import audit_of
from ccezone.accounts.rules import Permission
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import run
from tests.enterprises.authorities import authorise, revoke
from tests.hub.bills import export_bills, message, order
from tests.web.declaring_site import GENERAL
from tests.web.zone_site import ZoneSite, zone_site

pytestmark = pytest.mark.storage


@pytest.fixture
def zone(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    """A zone in which furniture has an export list ready to be filed."""
    zone = zone_site(database, clock, tmp_path)
    zone.hub.post(*export_bills())
    zone.hub.merge()
    with database.begin() as uow:
        run(uow.connection, "UPDATE declaration_state SET state = 'ready'")
    return zone


def act(browser: FlaskClient, number: UUID | str) -> int:
    return browser.post("/firm/authorities/act", data={"authority": str(number)}).status_code


def firm_name(zone: ZoneSite, key: str = "furniture") -> str:
    return zone.hub.party(key).name


def test_a_firm_grants_and_its_agent_accepts_on_the_site(zone: ZoneSite) -> None:
    owner, agent = zone.browser("furniture"), zone.browser("agent")
    day = f"{zone.hub.clock.now():%Y-%m-%d}"
    scope = {"modes": ["9610"], "flows": ["E"], "actions": ["bills:write", "declarations:write"], "valid_from": day}
    code = zone.hub.party("agent").customs_code or ""
    assert owner.post("/firm/authorities/new", data={"agent_code": code, **scope}).status_code == 302
    assert "待接受" in owner.get("/firm/authorities").text
    assert "委托授权待您接受" in agent.get("/home").text
    page = agent.get("/firm/authorities").text
    answers = [part.split('"')[0] for part in page.split('action="') if "/answer" in part.split('"')[0]]
    assert agent.post(answers[0], data={"accept": "1"}).status_code == 302
    assert "有效" in owner.get("/firm/authorities").text
    assert firm_name(zone) in agent.get("/home").text


def test_an_agent_works_for_the_firm_it_picks_and_every_page_says_so(zone: ZoneSite) -> None:
    number = authorise(zone.hub)
    agent = zone.browser("agent")
    assert order()["order_no"] not in agent.get("/bills/orders").text
    assert act(agent, number) == 302
    for address in ("/bills/orders", "/declarations", "/firm/products"):
        page = agent.get(address).text
        assert "您正在代理" in page
        assert firm_name(zone) in page
    assert order()["order_no"] in agent.get("/bills/orders").text
    assert act(agent, "") == 302
    assert "您正在代理" not in agent.get("/bills/orders").text


def test_an_agent_files_and_the_list_names_agent_and_owner_and_the_trail_who_and_for_whom(zone: ZoneSite) -> None:
    number = authorise(zone.hub)
    agent = zone.browser("agent")
    act(agent, number)
    listed = zone.hub.only_list()
    assert agent.post(f"/declarations/{listed.id}/submit").status_code == 302
    filed = zone.hub.only_list()
    assert filed.state == "queued"
    assert filed.content["agent_code"] == zone.hub.party("agent").customs_code
    assert filed.content["owner_name"] == firm_name(zone)
    with zone.hub.database.reading() as connection:
        entry = audit_of(connection, f"enterprise:{zone.hub.party('furniture').id}")[0]
    assert entry.action == "acting"
    assert entry.detail["endpoint"] == "declarations.submit"
    assert entry.detail["agent"] == str(zone.hub.party("agent").id)
    assert entry.actor.startswith("user:")


@pytest.mark.parametrize("who", ["agent", "oranges"])
def test_an_authority_of_others_cannot_be_picked(zone: ZoneSite, who: str) -> None:
    number = authorise(zone.hub, accepted=who != "agent")
    browser = zone.browser(who)
    assert act(browser, number) == 422
    assert order()["order_no"] not in browser.get("/bills/orders").text


def test_a_firm_that_gave_no_authority_stays_closed_while_acting_for_another(zone: ZoneSite) -> None:
    zone.hub.post(*export_bills(2))
    zone.hub.merge()
    rival = next(each for each in zone.hub.lists() if each.order_no == order(2)["order_no"])
    agent = zone.browser("agent")
    act(agent, authorise(zone.hub))
    assert agent.get(f"/declarations/{rival.id}").status_code == 404
    assert agent.post(f"/declarations/{rival.id}/submit").status_code == 404
    assert order(2)["order_no"] not in agent.get("/declarations").text


def test_after_revocation_nothing_more_is_done_and_nothing_falls_back_to_ones_own_firm(zone: ZoneSite) -> None:
    number = authorise(zone.hub)
    agent = zone.browser("agent")
    act(agent, number)
    revoke(zone.hub, number)
    listed = zone.hub.only_list()
    assert agent.post(f"/declarations/{listed.id}/submit").status_code == 403
    assert zone.hub.only_list().state == "ready"
    page = agent.get("/bills/orders").text
    assert "您正在代理" not in page
    assert order()["order_no"] not in page
    assert act(agent, number) == 422


def test_whoever_acted_under_an_authority_that_ended_may_sign_out_and_pick_another(zone: ZoneSite) -> None:
    number = authorise(zone.hub)
    agent = zone.browser("agent")
    act(agent, number)
    revoke(zone.hub, number)
    assert act(agent, authorise(zone.hub, modes=["1210"])) == 302
    assert "您正在代理" in agent.get("/home").text
    agent.post("/sign-out")
    assert agent.get("/home").status_code == 302


def test_the_last_day_ends_it(zone: ZoneSite) -> None:
    number = authorise(zone.hub, days=0)
    agent = zone.browser("agent")
    act(agent, number)
    assert "您正在代理" in agent.get("/bills/orders").text
    with zone.hub.database.begin() as uow:
        run(uow.connection, "UPDATE agent_authority SET valid_from = valid_from - 2, valid_to = valid_to - 1")
    page = agent.get("/bills/orders", follow_redirects=True).text
    assert "委托授权已到期" in page
    assert order()["order_no"] not in page


def test_the_scope_holds_by_flow_mode_and_action(zone: ZoneSite) -> None:
    listed = zone.hub.only_list()
    only_import = authorise(zone.hub, flows=["I"])
    agent = zone.browser("agent")
    act(agent, only_import)
    assert agent.get(f"/declarations/{listed.id}").status_code == 404
    assert order()["order_no"] not in agent.get("/bills/orders").text
    assert order()["order_no"] not in agent.get("/matches?verdict=matched").text
    assert agent.get("/bills/order/new/E").status_code == 403
    assert agent.get("/batches/workbooks").status_code == 403
    revoke(zone.hub, only_import)
    bonded = authorise(zone.hub, modes=["1210"])
    assert act(agent, bonded) == 302
    assert "您正在代理" in agent.get("/home").text
    assert agent.post(f"/declarations/{listed.id}/submit").status_code == 404
    revoke(zone.hub, bonded)
    act(agent, authorise(zone.hub, actions=["declarations:read"]))
    assert agent.get(f"/declarations/{listed.id}").status_code == 200
    assert agent.post(f"/declarations/{listed.id}/submit").status_code == 403
    assert agent.get("/bills/orders").status_code == 403


def test_drafts_and_general_declarations_beyond_the_scope_look_like_none(zone: ZoneSite) -> None:
    owner, agent = zone.browser("furniture"), zone.browser("agent")
    draft = owner.post("/declare/new/9610/E").location
    assert owner.post("/general-declarations/new", data=GENERAL).status_code == 302
    record = owner.get("/general-declarations").text.split('href="/general-declarations/')[2].split('"')[0]
    bonded = authorise(zone.hub, modes=["1210"])
    act(agent, bonded)
    for verb in ("name", "delete", "restore", "template", "copy"):
        assert agent.post(f"{draft}/{verb}", data={"name": "x"}).status_code == 404, verb
    assert owner.get(draft).status_code == 200
    assert "未完成的申报草稿" not in agent.get("/home").text
    assert GENERAL["declaration_no"] not in agent.get("/general-declarations").text
    for verb in ("", "/remove", "/paper"):
        assert agent.post(f"/general-declarations/{record}{verb}", data=GENERAL).status_code == 404, verb
    assert agent.post("/general-declarations/new", data={**GENERAL, "declaration_no": "400320260000000002"}).status_code == 403
    revoke(zone.hub, bonded)
    act(agent, authorise(zone.hub, modes=["9610", "9710"]))
    assert "未完成的申报草稿" in agent.get("/home").text
    assert GENERAL["declaration_no"] in agent.get("/general-declarations").text
    assert agent.post(f"{draft}/delete").status_code == 302


def test_what_is_the_firm_s_own_stays_closed_to_its_agent(zone: ZoneSite) -> None:
    agent = zone.browser("agent")
    act(agent, authorise(zone.hub))
    for address in ("/firm/staff", "/firm/credentials", "/firm/registration", "/firm/authorities", "/firm/webhooks"):
        assert agent.get(address).status_code == 403, address
    assert agent.post("/firm/registration/amend").status_code == 403
    assert agent.post("/firm/authorities/new").status_code == 403
    menu = agent.get("/home").text
    assert "人员管理" not in menu


def test_a_page_drawn_for_one_firm_does_nothing_for_another(zone: ZoneSite) -> None:
    """Two tabs: the first was drawn for one's own firm, then the second switched."""
    agent = zone.browser("agent")
    act(agent, authorise(zone.hub))
    listed = zone.hub.only_list()
    stale = {"for_firm": str(zone.hub.party("agent").id)}
    answer = agent.post(f"/declarations/{listed.id}/submit", data=stale)
    assert answer.status_code == 409
    assert "您已切换到另一企业" in answer.text
    assert zone.hub.only_list().state == "ready"
    fresh = {"for_firm": str(zone.hub.party("furniture").id)}
    assert agent.post(f"/declarations/{listed.id}/submit", data=fresh).status_code == 302


def test_an_uploaded_message_of_the_firm_is_taken_in_while_acting_for_it(zone: ZoneSite) -> None:
    agent = zone.browser("agent")
    act(agent, authorise(zone.hub))
    own = message(order(5).sent_by("furniture"))
    assert agent.post("/batches/upload", data={"files": (BytesIO(own), "order.xml")}).status_code == 302
    assert order(5)["order_no"] in agent.get("/bills/orders").text


def test_a_person_of_the_agent_never_may_more_for_others_than_at_home(zone: ZoneSite) -> None:
    number = authorise(zone.hub)
    agent = zone.browser("agent")
    with zone.hub.database.begin() as uow:
        run(
            uow.connection,
            "UPDATE user_account SET permissions = %(few)s WHERE login = 'agent@example.org'",
            {"few": [Permission.BILLS_READ.value]},
        )
    act(agent, number)
    assert agent.get("/bills/orders").status_code == 200
    assert agent.get("/declarations").status_code == 403
