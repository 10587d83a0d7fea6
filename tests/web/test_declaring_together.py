"""Two people in one draft: the second is told who and when, sees what differs, chooses, and nothing is lost."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD, let_in
from tests.web.declaring_site import EXPORT, begun, declaring_site, standing, typed
from tests.web.zone_site import ZoneSite

pytestmark = pytest.mark.storage


@pytest.fixture
def site(database: Database, clock: FixedClock, tmp_path: Path) -> ZoneSite:
    return declaring_site(database, clock, tmp_path / "keys")


@pytest.fixture
def colleague(site: ZoneSite) -> FlaskClient:
    """A second person of the same firm."""
    with site.hub.database.begin() as uow:
        let_in(uow, Invitation("li@example.org", "李四", Role.FIRM, site.hub.party("furniture").id), site.hub.clock)
    browser = site.app.test_client()
    assert browser.post("/sign-in", data={"login": "li@example.org", "password": PASSWORD}).status_code == 302
    return browser


def test_the_second_to_save_sees_both_versions_and_chooses(site: ZoneSite, colleague: FlaskClient) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    typed(browser, address, **EXPORT)
    mine = standing(browser.get(address).text)
    typed(colleague, address, **{"order_no": "LI-0001", "lines-0-qty": "9"})

    answer = browser.post(address, data={**mine, "lines-0-qty": "5", "note": "加急", "do": "save"})
    assert answer.status_code == 409
    assert "李四" in answer.text
    compared = answer.text[answer.text.index("<main") :]
    for text in ("LI-0001", "FORM-0001", "加急", ">9<", ">5<"):
        assert text in compared, text
    hidden = {name: answer.text.split(f'name="{name}" value="')[1].split('"')[0] for name in ("version", "mine", "base")}
    hidden = {name: value.replace("&#34;", '"') for name, value in hidden.items()}
    picks = {"pick-order_no": "theirs", "pick-lines-0-qty": "mine", "pick-note": "mine"}
    assert browser.post(f"{address}/settle", data={**hidden, **picks}).status_code == 302
    settled = standing(browser.get(address).text)
    assert (settled["order_no"], settled["lines-0-qty"], settled["note"]) == ("LI-0001", "5", "加急")


def test_saving_while_typing_tells_and_overwrites_nothing(site: ZoneSite, colleague: FlaskClient) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    mine = standing(browser.get(address).text)
    typed(colleague, address, order_no="LI-0001")
    answer = browser.post(f"{address}/keep-up", data={**mine, "order_no": "MINE"}, headers={"HX-Request": "true"})
    assert "李四" in answer.text
    assert 'id="diverged"' in answer.text
    assert standing(browser.get(address).text)["order_no"] == "LI-0001"


def test_what_comes_a_second_time_differs_from_nobody(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    form = standing(browser.get(address).text) | {"order_no": "TWICE"}
    for _attempt in range(2):
        answer = browser.post(f"{address}/keep-up", data=form, headers={"HX-Request": "true"})
        assert 'id="diverged"' not in answer.text
    changed_since = browser.post(f"{address}/keep-up", data=form | {"order_no": "OTHER"}, headers={"HX-Request": "true"})
    assert 'id="diverged"' in changed_since.text


def test_saving_while_typing_counts_on(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    form = standing(browser.get(address).text)
    for number in ("A-1", "A-2"):
        answer = browser.post(f"{address}/keep-up", data={**form, "order_no": number}, headers={"HX-Request": "true"})
        form["version"] = answer.text.split('id="version" value="')[1].split('"')[0]
    assert standing(browser.get(address).text)["order_no"] == "A-2"


def test_a_version_that_came_once_more_is_compared_once_more(site: ZoneSite, colleague: FlaskClient) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    typed(colleague, address, order_no="LI-0001")
    answer = browser.post(f"{address}/settle", data={"version": "1", "mine": '{"order_no": "MINE"}', "base": "{}"})
    assert answer.status_code == 409
    assert "LI-0001" in answer.text
    assert "MINE" in answer.text


def test_what_makes_no_sense_changes_nothing(site: ZoneSite) -> None:
    browser = site.browser("furniture")
    address = begun(browser)
    typed(browser, address, **EXPORT)
    version = standing(browser.get(address).text)["version"]
    assert browser.post(f"{address}/settle", data={"version": version, "mine": "no json"}).status_code == 302
    assert standing(browser.get(address).text)["version"] in (version, str(int(version) + 1))
