"""Killing every part in the middle of a thousand orders, or of cancellations: each reaches its end, once; both ends agree."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import requests
from psycopg import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from ccezone.kernel.clock import SHANGHAI
from schemas.messages.ceb.samples import sample, sample_values
from schemas.messages.ceb.trades import party
from tests.hub.waiting import until
from tests.journeys.machine import machine
from tests.journeys.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.storage, pytest.mark.timeout(420)]
ORDERS, PACK = 1000, 50
START = datetime.now(SHANGHAI).replace(microsecond=0)
_SENDERS = {"CEB303Message": "platform_export", "CEB403Message": "payment_export", "CEB505Message": "logistics_export"}
_OWNED = "SELECT d.id, e.uscc FROM declaration_list d JOIN enterprise e ON e.id = d.merchant_id ORDER BY d.id"
_TAKEN_BEFORE = {"cancellation_pending", "declaration_not_cancellable"}
_AGREED = {"order_version": ORDERS, "payment_version": ORDERS, "waybill_version": ORDERS, "link_version": ORDERS,
           "declaration_list": ORDERS, "submission": ORDERS}  # fmt: skip


def test_a_thousand_orders_survive_the_death_of_every_part(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    with machine(tmp_path) as (hub, system):
        fates: dict[int, Callable[[], object]] = {
            4: lambda: hub.kill("--stage", "merge"),
            7: lambda: hub.kill("--stage", "send"),
            10: lambda: hub.kill("--stage", "receive"),
            12: lambda: hub.kill("mock", "single-window"),
            14: hub.kill_postgres,
            17: lambda: [hub.kill("--stage", stage) for stage in ("merge", "send", "receive")],
            19: hub.kill_postgres,
        }
        for pack in range(ORDERS // PACK):
            post_pack(system, pack * PACK + 1)
            if pack in fates:
                assert progress(system) < ORDERS
                fates[pack]()
        until(lambda: progress(system) >= ORDERS, 120, 0.3, what=f"the end of all {ORDERS} lists")
        assert_nothing_lost_or_doubled(system)


def test_cancellations_survive_the_death_of_the_parts_that_carry_them(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    with machine(tmp_path) as (hub, system):
        system.switch(auto_arrival=False)
        post_pack(system, 1)
        until(lambda: states(system) == {"400": PACK}, 60, 0.3, what="lists that rest at customs")
        owners = {party(key)["uscc"]: key for key in system.tokens}
        fates: dict[int, Callable[[], object]] = {
            10: lambda: hub.kill("--stage", "send"),
            20: lambda: hub.kill("--stage", "receive"),
            30: lambda: hub.kill("mock", "single-window"),
            40: hub.kill_postgres,
        }
        for place, (number, merchant) in enumerate(system.rows(_OWNED)):
            cancel(system, number, owners[merchant])
            if place in fates:
                fates[place]()
        until(lambda: states(system) == {"430": PACK}, 90, 0.3, what="the end of all lists")
        assert system.rows("SELECT state, count(*) FROM cancellation GROUP BY 1") == [("399", PACK)]
        counts = system.window("/counts")["documents"]
        assert (counts["CEB605Message"], counts["CEB603Message"]) == ({"399": PACK}, {"430": PACK})
        assert [system.count(table) for table in ("parked_receipt", "exception_case", "unreadable_message")] == [0, 0, 0]


def cancel(system: Running, number: int, merchant: str) -> None:
    """Apply to cancel a list until it is answered; one that was taken before the answer was lost is on its way already."""
    body = json.dumps({"reason": "买家取消订单"}).encode()
    deadline = time.monotonic() + 60
    while True:
        try:
            answer = system.post_raw(f"/api/v1/declarations/{number}/cancel", body, merchant, "application/json")
        except requests.ConnectionError:
            answer = None
        if answer is not None and answer.status_code in (202, 422):
            taken = answer.status_code == 202 or answer.json()["errors"][0]["code"] in _TAKEN_BEFORE
            assert taken, answer.text
            return
        assert answer is None or answer.status_code >= 500, answer.text
        assert time.monotonic() < deadline, f"list {number} is never cancelled"
        time.sleep(0.1)


def states(system: Running) -> dict[str, int]:
    """How many lists are in which state; nothing while the database is away."""
    try:
        return {str(row[0]): int(row[1]) for row in system.rows("SELECT state, count(*) FROM declaration_state GROUP BY 1")}
    except (SQLAlchemyError, OperationalError):
        return {}


def post_pack(system: Running, first: int) -> None:
    """Post the bills of a pack of orders as partners do: whatever was not answered with 202 is posted again."""
    for message_type, sender in _SENDERS.items():
        insist(system, "/api/v1/messages", sample(message_type, PACK, first=first, start=START), sender, "application/xml")
    body = json.dumps(list(links(first))).encode()
    insist(system, "/api/v1/shipping-links?flow=E", body, "platform_export", "application/json")


def links(first: int) -> Iterator[dict[str, object]]:
    """The shipping links of a pack."""
    orders = sample_values("CEB303Message", PACK, first=first, start=START)
    for order, waybill in zip(orders, sample_values("CEB505Message", PACK, first=first, start=START), strict=True):
        named = {"ebcCode": order["merchant_code"], "ebpCode": order["platform_code"], "orderNo": order["order_no"]}
        yield {**named, "logisticsCode": waybill["carrier_code"], "logisticsNo": waybill["waybill_no"]}


def insist(system: Running, path: str, body: bytes, sender: str, media_type: str) -> None:
    """Post until it is answered with 202, as long as the answer is the fault of the system."""
    deadline = time.monotonic() + 60
    while True:
        try:
            answer = system.post_raw(path, body, sender, media_type)
        except requests.ConnectionError:
            answer = None
        if answer is not None and answer.status_code == 202:
            assert answer.json()["rejected"] == 0, answer.text
            return
        assert answer is None or answer.status_code >= 500, answer.text
        assert time.monotonic() < deadline, f"{path} is never answered"
        time.sleep(0.1)


def progress(system: Running) -> int:
    """How many lists are closed; less than none while the database is away."""
    try:
        return int(system.rows("SELECT count(*) FROM declaration_state WHERE state = '899'")[0][0])
    except (SQLAlchemyError, OperationalError):
        return -1


def assert_nothing_lost_or_doubled(system: Running) -> None:
    """Count everything at both ends."""
    assert {table: system.count(table) for table in _AGREED} == _AGREED
    assert [system.count(table) for table in ("parked_receipt", "exception_case", "unreadable_message")] == [0, 0, 0]
    assert system.rows("SELECT count(*) FROM outgoing_message WHERE sent_at IS NULL") == [(0,)]
    counts = system.window("/counts")
    assert counts["documents"]["CEB603Message"] == {"899": ORDERS}, counts
    assert {name: sum(counts["documents"][name].values()) for name in _SENDERS} == dict.fromkeys(_SENDERS, ORDERS)
    assert counts["stuck"] == 0
