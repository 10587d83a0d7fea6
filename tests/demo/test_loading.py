from collections.abc import Iterator

import pytest

from ccezone.demo.loading import LoadFailed, load_traffic
from ccezone.demo.posting import deliveries
from ccezone.demo.zone import Login
from schemas.codes import rows
from tests.demo.month import SEED, SPAN
from tests.submit.hub import FakeHub, serving, taken

CAST = rows("example_parties")
LOGINS = [Login("", row["key"], "", row["customs_code"], row["uscc"], "", "", f"token-{row['key']}") for row in CAST]


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving() as fake:
        yield fake


def load(hub: FakeHub, orders: int = 10) -> tuple[dict[str, int], list[str]]:
    said: list[str] = []
    return dict(load_traffic(hub.url, LOGINS, orders, SEED, SPAN, said.append)), said


def test_every_delivery_goes_out_once_in_order_with_its_senders_token(hub: FakeHub) -> None:
    load(hub)
    planned = [(f"/api/v1/{each.body.resource}", f"token-{each.sender}", each.body.data) for each in deliveries(SEED, 10, SPAN)]
    assert [(asked.path, asked.token, asked.body) for asked in hub.asked] == planned


def test_progress_is_told_day_by_day_and_at_the_end(hub: FakeHub) -> None:
    counts, said = load(hub)
    assert counts["accepted"] == len(hub.asked)
    days = {each.day for each in deliveries(SEED, 10, SPAN)}
    assert len(said) >= len(days)
    assert said[-1].startswith("装载完成 done")


def test_a_hub_that_is_being_restarted_is_waited_for(hub: FakeHub) -> None:
    for resource in {each.body.resource for each in deliveries(SEED, 10, SPAN)}:
        hub.will("POST", f"/api/v1/{resource}", 503, b"restarting")
        hub.will("POST", f"/api/v1/{resource}", 202, taken())
    counts, _ = load(hub)
    assert counts["accepted"] == sum(1 for _ in deliveries(SEED, 10, SPAN))


def test_a_refused_delivery_is_counted_and_the_rest_goes_on(hub: FakeHub) -> None:
    hub.will("POST", "/api/v1/messages", 422, {"detail": "no", "errors": []})
    counts, said = load(hub)
    assert counts["refused"] > 0
    assert counts["accepted"] > 0
    assert any("拒收 refused" in line for line in said)


def test_a_hub_that_does_not_know_the_parties_ends_the_load(hub: FakeHub) -> None:
    hub.will("POST", "/api/v1/messages", 401, {"detail": "who?", "errors": []})
    with pytest.raises(LoadFailed, match="401"):
        load(hub)
