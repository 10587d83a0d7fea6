"""Authorities: what may be granted, when they hold, and that intake and filing know whom an agent acts for."""

from datetime import date, datetime

import pytest

from ccezone.accounts.queries import audit_of
from ccezone.bills.service import BatchOutcome
from ccezone.declarations.service import submit_list
from ccezone.enterprises.queries.authorities import authorities_in_force, authority
from ccezone.enterprises.rules.authority import AuthorityState, Terms, grant_faults, state_on
from ccezone.enterprises.service import Grant, answer_authority, grant_authority, revoke_authority
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage.copying import run
from tests.enterprises.authorities import administrator, authorise, revoke
from tests.hub.bills import export_bills, message, order, payment
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
NOON = datetime(2026, 6, 1, 12, tzinfo=SHANGHAI)
DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("terms", "state"),
    [
        (Terms(DAY, None, None, None, None), AuthorityState.PROPOSED),
        (Terms(DAY, None, NOON, None, None), AuthorityState.IN_FORCE),
        (Terms(DAY, DAY, NOON, None, None), AuthorityState.IN_FORCE),
        (Terms(date(2026, 6, 2), None, NOON, None, None), AuthorityState.FUTURE),
        (Terms(date(2026, 5, 1), date(2026, 5, 31), NOON, None, None), AuthorityState.EXPIRED),
        (Terms(date(2026, 5, 1), date(2026, 5, 31), None, None, None), AuthorityState.EXPIRED),
        (Terms(DAY, None, NOON, None, NOON), AuthorityState.REVOKED),
        (Terms(DAY, None, None, NOON, None), AuthorityState.DECLINED),
    ],
)
def test_an_authority_holds_only_when_accepted_within_its_days_and_not_revoked(terms: Terms, state: AuthorityState) -> None:
    assert state_on(terms, DAY) == state


def test_a_grant_names_a_scope_in_every_direction_and_does_not_begin_in_the_past() -> None:
    found = grant_faults([], ["X"], ["users:write"], date(2026, 5, 31), date(2026, 5, 1), DAY)
    assert {(fault.pointer, fault.code) for fault in found} == {
        ("/modes", "required"),
        ("/flows", "unknown_choice"),
        ("/actions", "unknown_choice"),
        ("/valid_from", "not_yet_from"),
        ("/valid_to", "ends_before_begin"),
    }


@pytest.mark.parametrize(
    ("agent", "code"), [("furniture", "authority_for_self"), ("oranges", "not_an_agent"), ("", "enterprise_unknown")]
)
def test_only_agents_are_authorised(hub: Hub, agent: str, code: str) -> None:
    known = hub.party(agent).uscc if agent else "91360700MA35CAM00K"
    grant = Grant(known, ["9610"], ["E"], ["bills:read"], hub.clock.now().astimezone(SHANGHAI).date())
    with pytest.raises(Refused, match=code), hub.database.begin() as uow:
        grant_authority(uow, hub.party("furniture").id, grant, administrator(hub, "furniture"), hub.clock)


def test_nobody_else_answers_or_ends_an_authority_and_a_second_one_waits_for_the_end_of_the_first(hub: Hub) -> None:
    number = authorise(hub, accepted=False)
    with hub.database.begin() as uow:
        with pytest.raises(NotFound):
            answer_authority(uow, number, hub.party("furniture").id, True, administrator(hub, "furniture"), hub.clock)
        with pytest.raises(NotFound):
            revoke_authority(uow, number, hub.party("oranges").id, administrator(hub, "oranges"), hub.clock)
    with pytest.raises(Refused, match="authority_twice"):
        authorise(hub)
    revoke(hub, number)
    assert authorise(hub)
    with pytest.raises(Refused, match="authority_not_open"):
        revoke(hub, number)


def test_writing_includes_the_reading_it_needs_and_every_step_is_on_record(hub: Hub) -> None:
    number = authorise(hub, actions=["bills:write"])
    revoke(hub, number, by="agent")
    with hub.database.reading() as connection:
        found = authority(connection, number)
        trail = [entry.action for entry in audit_of(connection, f"authority:{number}")]
        held = authorities_in_force(connection, hub.party("agent").id, hub.clock.now().astimezone(SHANGHAI).date())
    assert found is not None
    assert found.actions == ["bills:read", "bills:write"]
    assert trail == ["authority.revoke", "authority.accept", "authority.grant"]
    assert held == []


def codes(outcome: BatchOutcome) -> list[str]:
    return [item.fault.code for item in outcome.faults]


def sent_by_agent(hub: Hub, number: int = 1) -> BatchOutcome:
    return hub.post(order(number).sent_by("agent"))[0]


def test_an_agent_sends_an_order_only_for_a_firm_that_authorised_it(hub: Hub) -> None:
    assert codes(sent_by_agent(hub)) == ["sender_not_entitled"]
    number = authorise(hub)
    assert codes(sent_by_agent(hub)) == []
    assert codes(sent_by_agent(hub, 2)) == ["sender_not_entitled"], "trade 2 belongs to another firm"
    revoke(hub, number)
    assert codes(sent_by_agent(hub, 5)) == ["sender_not_entitled"]


def test_the_authority_ends_with_its_last_day(hub: Hub) -> None:
    authorise(hub, days=3)
    hub.clock.advance(days=3)
    assert codes(sent_by_agent(hub)) == []
    hub.clock.advance(days=1)
    assert codes(sent_by_agent(hub, 5)) == ["sender_not_entitled"]


@pytest.mark.parametrize("scope", [{"flows": ["I"]}, {"actions": ["declarations:write"]}, {"accepted": False}])
def test_an_order_beyond_the_scope_is_refused(hub: Hub, scope: dict[str, list[str]]) -> None:
    authorise(hub, **scope)  # type: ignore[arg-type]  # one dict serves every parameter
    assert codes(sent_by_agent(hub)) == ["sender_not_entitled"]


def test_what_an_agent_sends_travels_in_the_name_of_the_firm_it_acts_for(hub: Hub) -> None:
    authorise(hub)
    hub.post_raw(message(order()), "agent")
    [(transmitter,)] = hub.rows("SELECT transmitter_code FROM outbox_item")
    assert transmitter == order()["merchant_code"]
    hub.pack()
    [(code,)] = hub.rows("SELECT transmitter_code FROM outgoing_message")
    assert code == transmitter
    [(submitter,)] = hub.rows("SELECT submitter_id FROM order_version")
    assert submitter == hub.party("agent").id


def test_a_payment_of_a_payment_enterprise_stays_closed_to_an_agent(hub: Hub) -> None:
    """The merchant may send its receipts itself, and so may its agent; a rival's are the rival's."""
    authorise(hub)
    assert codes(hub.post(payment().sent_by("agent"))[0]) == []
    assert codes(hub.post(payment(2).sent_by("agent"))[0]) == ["sender_not_entitled"]


def test_a_list_filed_by_an_agent_names_agent_and_owner(hub: Hub) -> None:
    hub.post(*export_bills())
    hub.merge()
    found = hub.only_list()
    _execute(hub, "UPDATE declaration_state SET state = 'ready'")
    agent, owner = hub.party("agent"), hub.party("furniture")
    submit_list(hub.database, hub.vault, hub.clock, found.id, owner.id, "user:x", agent)
    filed = hub.only_list()
    assert filed.content["agent_code"] == agent.customs_code
    assert filed.content["agent_name"] == agent.name
    assert filed.content["owner_code"] in (owner.customs_code, owner.uscc)
    [(transmitter,)] = hub.rows("SELECT transmitter_code FROM declaration_list")
    assert transmitter == agent.customs_code


def _execute(hub: Hub, statement: str) -> None:
    with hub.database.begin() as uow:
        run(uow.connection, statement)
