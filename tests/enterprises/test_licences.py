"""Licences that end: filing is suspended and resumed; drafts nobody sends are dropped with their files."""

from datetime import date

import pytest

from ccezone.accounts.queries import audit_of
from ccezone.declarations.service import submit_list
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.terms import registration_terms
from ccezone.enterprises.rules import Role
from ccezone.enterprises.rules.applying import LICENCE_KINDS, Licence
from ccezone.enterprises.service.licensing import drop_abandoned, judge_licences
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Refused
from ccezone.parameters.service import set_parameter
from ccezone.storage.copying import fetch, run
from schemas.codes import code_list
from tests.enterprises.applications import Desk
from tests.hub.bills import export_bills
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
_ADD = """
INSERT INTO licence (id, enterprise_id, kind, number, issued_by, expires_on, created_at)
VALUES (gen_random_uuid(), %(firm)s, %(kind)s, '1', '', %(day)s, now())
"""


def hold(hub: Hub, kind: str, until: date | None) -> None:
    """Let furniture hold a licence."""
    with hub.database.begin() as uow:
        run(uow.connection, _ADD, {"firm": hub.party("furniture").id, "kind": kind, "day": until})


def today(hub: Hub) -> date:
    return hub.clock.now().astimezone(SHANGHAI).date()


def judged(hub: Hub) -> str:
    """Why furniture may not file, after its licences were judged."""
    judge_licences(hub.database, "GZ", hub.clock)
    with hub.database.reading() as connection:
        return directory(connection).by_id[hub.party("furniture").id].filing_block


def test_a_required_licence_suspends_filing_the_day_after_its_last(hub: Hub) -> None:
    hold(hub, "business_licence", today(hub))
    assert judged(hub) == ""
    hub.clock.advance(days=1)
    assert judged(hub) == "licence_expired"
    hold(hub, "business_licence", None)
    assert judged(hub) == ""
    with hub.database.reading() as connection:
        trail = [entry.action for entry in audit_of(connection, f"enterprise:{hub.party('furniture').id}")]
    assert trail[:2] == ["enterprise.filing_resumed", "enterprise.filing_suspended"]


def test_a_licence_the_role_does_not_need_suspends_nothing(hub: Hub) -> None:
    hold(hub, "telecom_licence", date(2020, 1, 1))
    assert judged(hub) == ""


def test_every_licence_the_zone_asks_for_can_be_stated(hub: Hub) -> None:
    with hub.database.reading() as connection:
        asked = registration_terms(connection, "GZ", today(hub)).required(list(Role))
    assert asked
    assert {kind for kind in asked if not code_list(LICENCE_KINDS).contains(kind)} == set()


def test_a_licence_of_an_unknown_kind_is_refused(hub: Hub) -> None:
    desk = Desk(hub.database, hub.clock, hub.vault)
    draft = desk.draft()
    with pytest.raises(Refused, match="unknown_licence"):
        desk.add_licence(draft.id, Licence("driving_licence", "1"))


def test_the_zone_may_decide_that_nothing_is_suspended(hub: Hub) -> None:
    hold(hub, "business_licence", date(2020, 1, 1))
    with hub.database.begin() as uow:
        set_parameter(
            uow,
            hub.clock,
            zone="GZ",
            key="registration.expired_licence_blocks",
            value="false",
            effective_from=today(hub),
            document="zone decision 1",
            created_by="officer",
        )
    assert judged(hub) == ""


def test_nothing_is_filed_for_a_firm_whose_required_licence_has_ended(hub: Hub) -> None:
    hold(hub, "business_licence", date(2020, 1, 1))
    judged(hub)
    hub.post(*export_bills())
    hub.merge()
    found = hub.only_list()
    assert found.state == "ready"
    with pytest.raises(Refused, match="licence_blocks_filing"):
        submit_list(hub.database, hub.vault, hub.clock, found.id, None, "user:x")


def test_a_draft_that_nobody_sends_is_dropped_with_its_files(hub: Hub) -> None:
    desk = Desk(hub.database, hub.clock, hub.vault)
    abandoned = desk.draft()
    desk.add_licence(abandoned.id, Licence("business_licence", "1"))
    hub.clock.advance(days=60)
    sent = desk.submitted()
    hub.clock.advance(days=31)
    assert drop_abandoned(hub.database, "GZ", hub.clock) == 1
    with hub.database.reading() as connection:
        left = fetch(connection, "SELECT id FROM application")
        files = fetch(connection, "SELECT count(*) FROM stored_file WHERE expires_at IS NULL")
    assert left == [(sent,)]
    assert files == [(1,)]
