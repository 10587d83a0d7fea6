"""Over all routes: who may open them, and that a firm never sees another firm's rows. New routes are covered by being there."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import AnyConverter, Rule

from ccezone.accounts.rules import Role
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.web.shell.access import UnguardedRoute, granted
from ccezone.web.shell.feature import Feature
from tests.web.conftest import Cast, SignIn, a_site
from tests.web.rivals import OWN_BY_NATURE, PERSONS_OWN, PUBLIC, READING_POSTS, Rivals, Values, partners_addresses, rivals

pytestmark = pytest.mark.storage

PEOPLE = {
    "merchant": Role.FIRM,
    "officer": Role.ZONE_OFFICER,
    "auditor": Role.AUDITOR,
    "system": Role.ADMIN,
    "security": Role.SECURITY_ADMIN,
    "audit": Role.AUDIT_ADMIN,
    "newcomer": Role.UNASSIGNED,
    "banker": Role.BANK,
    "taxer": Role.TAX_OFFICER,
    "inspector": Role.AGENCY,
}
SAMPLES = {"UUIDConverter": str(UUID(int=1)), "IntegerConverter": "1", "UnicodeConverter": "x", "PathConverter": "x"}


def guarded_rules(app: Flask) -> Iterator[Rule]:
    """All routes that need an account, but those of the API, which asks for tokens."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in PUBLIC and not rule.rule.startswith("/api/"):
            yield rule


def arguments(rule: Rule) -> set[str]:
    """What an address of a route is written with, beyond what the route itself fixes."""
    return set(rule.arguments) - set(rule.defaults or ())


def sample_of(rule: Rule, argument: str) -> str:
    """A value that fits an argument of a route."""
    converter = rule._converters[argument]
    return min(converter.items) if isinstance(converter, AnyConverter) else SAMPLES[type(converter).__name__]


def calls(app: Flask, rule: Rule, values: Values | None = None) -> Iterator[tuple[str, str]]:
    """Every method and an address of a route."""
    named = {name: (values or {}).get(name) or sample_of(rule, name) for name in arguments(rule)}
    address = app.url_map.bind("localhost").build(rule.endpoint, {**(rule.defaults or {}), **named})
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield method, address


def test_only_the_listed_pages_are_public(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.rule.startswith("/api/")}
    assert {endpoint for endpoint in endpoints if granted(app, endpoint) is None} == PUBLIC


def test_whoever_is_not_signed_in_is_sent_to_sign_in(app: Flask) -> None:
    browser = app.test_client()
    for rule in guarded_rules(app):
        for method, address in calls(app, rule):
            answer = browser.open(address, method=method)
            assert answer.status_code == 302, f"{method} {address}"
            assert answer.location.startswith("/sign-in"), f"{method} {address}"


@pytest.mark.parametrize("who", PEOPLE)
def test_whoever_has_another_role_is_refused(app: Flask, signed_in: SignIn, who: str) -> None:
    browser = signed_in(who)
    for rule in guarded_rules(app):
        roles = granted(app, rule.endpoint)
        if roles is not None and PEOPLE[who] not in roles:
            for method, address in calls(app, rule):
                assert browser.open(address, method=method).status_code == 403, f"{method} {address}"


def test_an_auditor_may_open_pages_but_post_only_about_their_own_account(app: Flask) -> None:
    posts = {
        rule.endpoint
        for rule in guarded_rules(app)
        if "POST" in (rule.methods or set()) and Role.AUDITOR in (granted(app, rule.endpoint) or set())
    }
    assert posts <= READING_POSTS


@pytest.fixture
def others(database: Database, cast: Cast, clock: FixedClock, tmp_path: Path) -> Rivals:
    return rivals(database, cast, clock, tmp_path)


def test_a_firm_gets_nothing_at_the_address_of_a_rival_row(app: Flask, signed_in: SignIn, others: Rivals) -> None:
    browser = signed_in("merchant")
    for rule in guarded_rules(app):
        if Role.FIRM not in (granted(app, rule.endpoint) or ()) or not arguments(rule) or rule.endpoint in OWN_BY_NATURE:
            continue
        assert rule.endpoint in others.addresses, f"add a rival's row for {rule.endpoint} to tests/web/rivals.py"
        for values in others.addresses[rule.endpoint]:
            for method, address in calls(app, rule, values):
                answer = browser.open(address, method=method)
                assert answer.status_code == 404, f"{method} {address}"
                assert not [secret for secret in others.secrets if secret.encode() in answer.data]


@pytest.mark.parametrize("who", ["banker", "taxer", "inspector"])
def test_a_partner_gets_nothing_without_consent_or_competence(
    app: Flask, signed_in: SignIn, others: Rivals, database: Database, cast: Cast, clock: FixedClock, who: str
) -> None:
    browser, role = signed_in(who), PEOPLE[who]
    addresses = partners_addresses(others, database, cast, clock)
    for rule in guarded_rules(app):
        roles = granted(app, rule.endpoint) or frozenset()
        if role not in roles or len(roles) > len(Role) // 2:
            continue  # pages about one's own account are everybody's
        if arguments(rule):
            assert rule.endpoint in addresses, f"add a row that is not {who}'s for {rule.endpoint} to tests/web/portal_rivals.py"
        for values in addresses.get(rule.endpoint, [{}]):
            for method, address in calls(app, rule, values):
                answer = browser.open(address, method=method)
                if arguments(rule) or method == "GET":
                    assert answer.status_code == (404 if arguments(rule) else 200), f"{method} {address}"
                assert not [secret for secret in others.secrets if secret.encode() in answer.data], f"{method} {address}"


def test_no_list_of_a_firm_shows_a_rival_row(app: Flask, signed_in: SignIn, others: Rivals) -> None:
    browser = signed_in("merchant")
    for rule in guarded_rules(app):
        if Role.FIRM not in (granted(app, rule.endpoint) or ()) or "GET" not in (rule.methods or ()):
            continue
        if not arguments(rule) or rule.endpoint in OWN_BY_NATURE:
            [(_method, address)] = calls(app, rule, OWN_BY_NATURE.get(rule.endpoint))
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert not [secret for secret in others.secrets if secret.encode() in answer.data], address


def test_an_officer_does_see_the_rows(app: Flask, signed_in: SignIn, others: Rivals) -> None:
    """The addresses are real: without this, a row that is not there would pass for one that is hidden."""
    browser = signed_in("officer")
    for rule in guarded_rules(app):
        shown = rule.endpoint in others.addresses and rule.endpoint not in PERSONS_OWN
        if Role.ZONE_OFFICER in (granted(app, rule.endpoint) or ()) and shown:
            for values in others.addresses[rule.endpoint]:
                for method, address in calls(app, rule, values):
                    answered = browser.open(address, method=method).status_code
                    assert answered == 200 or (method == "POST" and answered == 302), f"{method} {address}"


def test_a_route_that_does_not_say_who_may_open_it_keeps_the_site_from_starting(database: Database, clock: FixedClock) -> None:
    careless = Blueprint("careless", __name__)
    careless.add_url_rule("/careless", view_func=lambda: "open to all")
    with pytest.raises(UnguardedRoute, match="careless"):
        a_site(database, clock, Feature(careless))
