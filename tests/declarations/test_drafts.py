"""Drafts that were put away: restored within thirty days, forgotten with all that was typed afterwards."""

from uuid import UUID

import pytest

from ccezone.declarations.queries.drafts import draft
from ccezone.declarations.service.drafts import Whose, delete_draft, forget_deleted_drafts, restore_draft, start_draft
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
DAY = 24 * 60


def forget(hub: Hub) -> int:
    """What the scheduler does."""
    with hub.database.begin() as uow:
        return forget_deleted_drafts(uow, hub.clock)


def started(hub: Hub, by: str = "furniture") -> tuple[Whose, UUID]:
    """A draft of one of the cast, put away at once."""
    whose = Whose(hub.party(by).id, "Mei")
    with hub.database.begin() as uow:
        number = start_draft(uow, hub.vault, whose, ("9610", "E"), {"buyer_name": "王芳"}, hub.clock)
        delete_draft(uow, whose, number, hub.clock)
    return whose, number


def test_a_draft_is_restored_within_thirty_days_with_what_was_typed(hub: Hub) -> None:
    whose, number = started(hub)
    hub.clock.advance(minutes=29 * DAY)
    assert forget(hub) == 0
    with hub.database.begin() as uow:
        restore_draft(uow, whose, number)
    hub.clock.advance(minutes=31 * DAY)
    assert forget(hub) == 0
    with hub.database.reading() as connection:
        found = draft(connection, hub.vault, whose.enterprise_id, number)
    assert found is not None
    assert found.typed == {"buyer_name": "王芳"}


def test_after_thirty_days_it_is_forgotten_whether_or_not_its_firm_comes_back(hub: Hub) -> None:
    started(hub)
    started(hub, "oranges")
    hub.clock.advance(minutes=31 * DAY)
    assert forget(hub) == 2
    assert hub.count("declaration_draft") == 0
