"""Over all routes of the office: an officer of one node never sees a row of another's. New routes are covered by being there."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from ccezone.accounts.rules import Role
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.web.shell.access import granted
from ccezone.web.shell.permits import WHOLE_ZONE
from tests.hub.people import PASSWORD
from tests.web.conftest import Cast
from tests.web.rivals import OWN_BY_NATURE, PERSONS_OWN, Rivals
from tests.web.test_isolation import arguments, calls, guarded_rules
from tests.web.zone_of_nodes import HERE, OF_THE_ZONE, OFFICE_ROWS, THERE, addresses, officer_of, zone_of_nodes

pytestmark = pytest.mark.storage

ASKED = {
    "monitor.goods": "?since=2026-06-01&until=2026-06-30",
    "monitor.orders": "?since=2026-06-01&until=2026-06-30",
    "today.bills": "?kind=order&flow=I&day=2026-06-01",
    "today.merges": "?flow=I&day=2026-06-01",
    "today.find": "?q=ORD",
    "trace.find": "?q=ORD",
}
"""What pages are asked that show nothing of themselves."""
SAID = {
    "enterprises.set_status": {"status": "suspended"},
    "users.set_enabled": {"enabled": "0"},
    "fx.decide_over_limit": {"decision": "accept", "note": "x"},
    "office_lists.decide": {"step": "confirm", "note": "x"},
    "recognition.decide": {"recognised": "yes", "reason": "x", "document": "x"},
}
"""What forms are sent that are judged before their row is looked for."""


@pytest.fixture
def others(database: Database, cast: Cast, clock: FixedClock, tmp_path: Path) -> Rivals:
    return zone_of_nodes(database, cast, clock, tmp_path)


ANSWERED = {"office_credit.revoke": 302}
"""What forms answer that say on the page they came from that there is no such row: that page is not there either."""


def browser_of(app: Flask, database: Database, node: str, clock: FixedClock) -> FlaskClient:
    """Sign an officer of a node in."""
    browser = app.test_client()
    login = officer_of(database, node, clock)
    assert browser.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 302
    return browser


def office_rules(app: Flask) -> Iterator[Rule]:
    """All routes that officers open."""
    for rule in guarded_rules(app):
        if Role.ZONE_OFFICER in (granted(app, rule.endpoint) or ()):
            yield rule


def closed(endpoint: str) -> bool:
    """Whether a page is about the zone as a whole."""
    return not WHOLE_ZONE.isdisjoint((endpoint, endpoint.split(".")[0]))


def test_no_page_without_an_address_of_its_own_shows_a_row_of_another_node(
    app: Flask, database: Database, others: Rivals, clock: FixedClock
) -> None:
    here, there = browser_of(app, database, HERE, clock), browser_of(app, database, THERE, clock)
    shown = 0
    for rule in office_rules(app):
        if "GET" not in (rule.methods or ()) or (arguments(rule) and rule.endpoint not in OWN_BY_NATURE):
            continue
        for _method, place in calls(app, rule, OWN_BY_NATURE.get(rule.endpoint)):
            address = place + ASKED.get(rule.endpoint, "")
            answer = here.get(address)
            assert answer.status_code == (403 if closed(rule.endpoint) else 200) or answer.status_code == 302, address
            assert not [secret for secret in others.secrets if secret.encode() in answer.data], address
            shown += any(secret.encode() in there.get(address).data for secret in others.secrets)
            break
    assert shown > 10  # where the rows belong they are shown: what is hidden here is really there


def test_nothing_is_at_the_address_of_a_row_of_another_node(
    app: Flask, database: Database, others: Rivals, clock: FixedClock
) -> None:
    here, there = browser_of(app, database, HERE, clock), browser_of(app, database, THERE, clock)
    open_to_strangers, not_there = [], []
    for rule in office_rules(app):
        endpoint = rule.endpoint
        if not arguments(rule) or endpoint in {*OWN_BY_NATURE, *PERSONS_OWN, *OF_THE_ZONE} or closed(endpoint):
            continue
        assert endpoint in OFFICE_ROWS or endpoint in others.addresses, (
            f"say in tests/web/zone_of_nodes.py where {endpoint} has rows"
        )
        found = others.addresses.get(endpoint) or addresses(database, endpoint)
        assert found, f"no row for {endpoint}"
        for values in found:
            for method, address in calls(app, rule, values):
                status = here.open(address, method=method, data=SAID.get(endpoint, {})).status_code
                if status != ANSWERED.get(endpoint, 404):
                    open_to_strangers.append(f"{status} {method} {address} {endpoint}")
                if method == "GET" and there.get(address).status_code not in (200, 302):
                    not_there.append(address)
    assert not open_to_strangers, "\n".join(open_to_strangers)
    assert not not_there


def test_pages_about_the_whole_zone_are_closed_to_nodes(app: Flask, database: Database, cast: Cast, clock: FixedClock) -> None:
    here = browser_of(app, database, HERE, clock)
    for rule in office_rules(app):
        if closed(rule.endpoint):
            for method, address in calls(app, rule):
                assert here.open(address, method=method).status_code == 403, f"{method} {address}"


def test_a_nodes_officer_is_offered_no_page_that_is_closed_to_nodes(
    app: Flask, database: Database, others: Rivals, clock: FixedClock
) -> None:
    browser, known = browser_of(app, database, THERE, clock), app.url_map.bind("localhost")
    offered, read = set(), 0
    for rule in office_rules(app):
        if "GET" not in (rule.methods or ()) or closed(rule.endpoint):
            continue
        rows = others.addresses.get(rule.endpoint) or (addresses(database, rule.endpoint) if rule.endpoint in OFFICE_ROWS else [{}])
        for address in [address for values in rows for method, address in calls(app, rule, values) if method == "GET"]:
            answer = browser.get(address + ASKED.get(rule.endpoint, ""))
            assert answer.status_code < 500, address
            if answer.status_code != 200 or "html" not in (answer.content_type or ""):
                continue
            read += 1
            for way, place in re.findall(r'(href|action)="(/[^"?#]*)', answer.text):
                method = "GET" if way == "href" else "POST"
                if known.test(unescape(place), method) and closed(str(known.match(unescape(place), method)[0])):
                    offered.add(f"{rule.endpoint} offers {place}")
    assert not offered, "\n".join(sorted(offered))
    assert read > 60
