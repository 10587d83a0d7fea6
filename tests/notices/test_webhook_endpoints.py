"""Webhook endpoints: secrets, rivals, changes at once, removal, and addresses that are refused."""

from uuid import UUID

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotFound, Refused, Stale
from ccezone.notices.ports import Answer, Call
from ccezone.notices.queries.webhooks import watchers
from ccezone.notices.service.webhooks import (
    EndpointWish,
    change_endpoint,
    create_endpoint,
    drop_old_events,
    remove_endpoint,
    replay,
    replay_failed,
    rotate_secret,
    send_test,
)
from ccezone.storage.personal import PersonalVault
from tests.notices.receivers import GOOD, Desk

pytestmark = pytest.mark.storage


def test_during_a_rotation_both_secrets_sign(desk: Desk, vault: PersonalVault, clock: FixedClock) -> None:
    endpoint_id = desk.add("one")
    with desk.people.database.begin() as uow:
        issued = rotate_secret(uow, vault, desk.people.firm, endpoint_id, desk.by, clock)
    desk.happen()
    desk.round()
    clock.advance(hours=25)
    desk.happen()
    desk.round()
    during, after = desk.receivers.calls
    assert len(during.secrets) == 2
    assert during.secrets[0] == issued.secret
    assert list(after.secrets) == [issued.secret]


def test_secrets_are_sealed_at_rest(desk: Desk, vault: PersonalVault, clock: FixedClock) -> None:
    with desk.people.database.begin() as uow:
        wish = EndpointWish("https://one.example/")
        issued = create_endpoint(uow, vault, desk.people.firm, wish, desk.by, clock)
    with desk.people.database.engine.connect() as connection:
        stored = bytes(connection.exec_driver_sql("SELECT secret FROM webhook_endpoint").scalar_one())
    assert issued.secret.startswith("whsec_")
    assert issued.secret.removeprefix("whsec_").encode() not in stored


def test_a_rival_sees_and_changes_nothing(desk: Desk, vault: PersonalVault, clock: FixedClock) -> None:
    endpoint_id, rival = desk.add("one"), desk.people.rival
    event_id = desk.happen() or UUID(int=0)
    with desk.people.database.begin() as uow:
        for attempt in (
            lambda: change_endpoint(uow, rival, endpoint_id, EndpointWish("https://evil.example/"), desk.by, clock),
            lambda: rotate_secret(uow, vault, rival, endpoint_id, desk.by, clock),
            lambda: remove_endpoint(uow, rival, endpoint_id, desk.by, clock),
            lambda: send_test(uow, rival, endpoint_id, clock),
            lambda: replay(uow, rival, endpoint_id, event_id, desk.by, clock),
            lambda: replay_failed(uow, rival, endpoint_id, clock.now(), desk.by, clock),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert rival not in watchers(uow.connection)


def test_two_who_change_one_endpoint_are_told_apart(desk: Desk, clock: FixedClock) -> None:
    endpoint_id = desk.add("one")
    wish = EndpointWish("https://one.example/", "changed")
    with desk.people.database.begin() as uow:
        change_endpoint(uow, desk.people.firm, endpoint_id, wish, desk.by, clock, version=1)
        with pytest.raises(Stale):
            change_endpoint(uow, desk.people.firm, endpoint_id, wish, desk.by, clock, version=1)


def test_a_removed_endpoint_leaves_nothing_behind(desk: Desk, clock: FixedClock) -> None:
    endpoint_id = desk.add("one")
    desk.happen()
    with desk.people.database.begin() as uow:
        remove_endpoint(uow, desk.people.firm, endpoint_id, desk.by, clock)
    assert desk.round() == 0
    clock.advance(days=31)
    assert drop_old_events(desk.people.database, clock) == 1
    with desk.people.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM webhook_event").scalar_one() == 0


def test_an_endpoint_removed_in_the_middle_of_its_turn_ends_it(desk: Desk, clock: FixedClock) -> None:
    endpoint_id = desk.add("one")
    desk.happen()
    desk.happen()

    def removing(_: Call) -> Answer:
        with desk.people.database.begin() as uow:
            remove_endpoint(uow, desk.people.firm, endpoint_id, desk.by, clock)
        return GOOD

    desk.receivers.moods["https://one.example/"] = removing
    assert desk.round() == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://one.example/", "webhook_url"),
        ("ftp://one.example/", "webhook_url"),
        ("https://", "webhook_url"),
        ("https://one.example:99999/", "webhook_url"),
        ("https://one.example/ x", "webhook_url"),
        ("https://a:b@one.example/", "webhook_url_parts"),
        ("https://one.example/#x", "webhook_url_parts"),
        ("https://localhost/", "webhook_private"),
        ("https://intranet/", "webhook_private"),
        ("https://db.internal/", "webhook_private"),
        ("https://127.0.0.1/", "webhook_private"),
        ("https://10.1.2.3/", "webhook_private"),
        ("https://169.254.169.254/latest", "webhook_private"),
        ("https://[::1]/", "webhook_private"),
        ("https://[::ffff:10.0.0.1]/", "webhook_private"),
        ("https://one.example:22/", "webhook_private"),
        ("https://one.example/" + "x" * 500, "too_long"),
    ],
)
def test_an_address_that_is_none_or_not_public_is_refused(desk: Desk, vault: PersonalVault, url: str, code: str) -> None:
    with desk.people.database.begin() as uow, pytest.raises(Refused, match=code):
        create_endpoint(uow, vault, desk.people.firm, EndpointWish(url), desk.by, desk.clock)


def test_unknown_kinds_and_too_many_endpoints_are_refused(desk: Desk, vault: PersonalVault) -> None:
    for number in range(20):
        desk.add(f"n{number}")
    with desk.people.database.begin() as uow:
        for wish, code in (
            (EndpointWish("https://one.example/", kinds=["gossip"]), "webhook_kind_unknown"),
            (EndpointWish("https://one.example/", kinds=["test.sent"]), "webhook_kind_unknown"),
            (EndpointWish("https://one.example/", note="x" * 101), "too_long"),
            (EndpointWish("https://one.example/"), "webhook_too_many"),
        ):
            with pytest.raises(Refused, match=code):
                create_endpoint(uow, vault, desk.people.firm, wish, desk.by, desk.clock)
