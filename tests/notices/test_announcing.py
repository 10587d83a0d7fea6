"""From the hub's own news to messages and webhooks: bills taken in, matched, declared, answered by customs; jobs and cases."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

import orjson
import pytest
from psycopg.types.json import Jsonb

from ccezone.accounts.rules import FIRM, Principal, Role
from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job, run_next_job
from ccezone.cases.service import open_case
from ccezone.declarations.service import submit_list
from ccezone.kernel.errors import Fault, Refused
from ccezone.notices.queries import Filter, notices_of
from ccezone.notices.queries.webhooks import webhook_kinds
from ccezone.notices.service import tell_digests
from ccezone.notices.service.webhooks import EndpointWish, create_endpoint
from ccezone.storage.copying import run
from schemas.rest.webhook_events import EVENTS
from tests.declarations import returning, summing
from tests.hub.bills import export_bills
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
MERCHANT = "furniture"
MEI = UUID(int=9)
_USER = """
INSERT INTO user_account (id, login, name, role, enterprise_id, locale, status, failed_attempts, created_at)
VALUES (%(id)s, 'mei@example.org', 'Mei', 'firm', %(firm)s, '', 'active', 0, %(at)s)
"""


@dataclass
class Firm:
    """The merchant, with somebody who reads messages and, when asked, an endpoint."""

    hub: Hub
    mei: UUID = MEI

    def __post_init__(self) -> None:
        self.hub.terms.watch.lifetime = 0
        self.id = self.hub.party(MERCHANT).id
        with self.hub.database.begin() as uow:
            run(uow.connection, _USER, {"id": self.mei, "firm": self.id, "at": self.hub.clock.now()})

    def listens(self, *kinds: str) -> None:
        by = Principal(Role.FIRM, self.id, frozenset(FIRM), user_id=self.mei)
        with self.hub.database.begin() as uow:
            create_endpoint(uow, self.hub.vault, self.id, EndpointWish("https://erp.example.com/", kinds=kinds), by, self.hub.clock)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What was told of a kind, each in its published shape."""
        rows = self.hub.rows("SELECT payload FROM webhook_event WHERE kind = %(kind)s ORDER BY id", kind=kind)
        found = [orjson.loads(payload) for (payload,) in rows]
        for event in found:
            assert EVENTS[kind]().validate(event) == {}
            assert event["type"] == kind
        return [event["data"] for event in found]

    def titles(self) -> list[str]:
        """The merchant's messages, when all has settled."""
        self.hub.clock.advance(minutes=2)
        tell_digests(self.hub.database, self.hub.clock)
        with self.hub.database.reading() as connection:
            return [message.title("zh") for message in notices_of(connection, self.mei, Filter())]


@pytest.fixture
def firm(hub: Hub) -> Firm:
    return Firm(hub)


def released(firm: Firm, trades: int = 1) -> None:
    """Let export trades go all the way to release."""
    for number in range(1, trades + 1):
        firm.hub.post(*export_bills(number))
    firm.hub.merge()
    firm.hub.dispatch()
    for item in firm.hub.lists():
        firm.hub.answer(item, 120, 800)


def test_a_trade_is_told_step_by_step(firm: Firm) -> None:
    firm.listens()
    released(firm)
    orders = [entry for data in firm.events("order.verdict_changed") for entry in data["orders"]]
    assert [entry["verdict"] for entry in orders][-1] == "matched"
    moves = [entry for data in firm.events("list.state_changed") for entry in data["lists"]]
    assert [(entry["before"], entry["state"]) for entry in moves] == [
        (None, "queued"), ("queued", "sent"), ("sent", "120"), ("120", "800"),
    ]  # fmt: skip
    (made,) = firm.hub.lists()
    assert {entry["id"] for entry in moves} == {str(made.id)}
    assert {entry["order_no"] for entry in moves} == {made.order_no}
    assert firm.titles() == ["海关已放行 1 份清单"]


def test_a_list_filed_by_hand_is_news(hub: Hub) -> None:
    hub.change("UPDATE parameter SET value = %(no)s WHERE key = 'filing.auto_submit'", no=Jsonb(False))
    hub.change("UPDATE enterprise SET auto_submit = false")
    firm = Firm(hub)
    firm.listens("list.state_changed")
    hub.matched(*export_bills())
    submit_list(hub.database, hub.vault, hub.clock, hub.only_list().id, None, "clerk")
    moves = [entry for data in firm.events("list.state_changed") for entry in data["lists"]]
    assert [(entry["before"], entry["state"]) for entry in moves] == [(None, "ready"), ("ready", "queued")]


def test_a_verdict_that_stays_is_no_news(firm: Firm) -> None:
    firm.listens("order.verdict_changed")
    bills = export_bills()
    firm.hub.post(*bills)
    firm.hub.merge()
    told = len(firm.events("order.verdict_changed"))
    firm.hub.post(bills[0].changed())
    firm.hub.merge()
    assert len(firm.events("order.verdict_changed")) == told


def test_without_an_endpoint_nothing_is_written_for_webhooks(firm: Firm) -> None:
    released(firm)
    assert firm.hub.count("webhook_event") == 0
    assert firm.hub.count("webhook_delivery") == 0


def test_many_lists_of_a_moment_are_one_event_and_one_message(firm: Firm) -> None:
    firm.listens("list.state_changed")
    for number in range(1, 10):
        firm.hub.post(*export_bills(number))
    firm.hub.merge()
    (data,) = firm.events("list.state_changed")
    assert len(data["lists"]) == 3, "every fourth trade is this merchant's"
    firm.hub.dispatch()
    for item in firm.hub.lists():
        firm.hub.answer(item, 100)
    assert firm.titles() == ["3 份清单被退单"]


def test_a_conflict_is_told_once_however_often_it_is_matched_again(firm: Firm) -> None:
    order, paid, *others = export_bills()
    firm.hub.post(order, paid.but(currency="142"), *others)
    firm.hub.merge()
    firm.hub.post(order.changed())
    firm.hub.merge()
    assert "1 笔订单三单比对不符" in firm.titles()


def test_a_list_that_lacks_a_product_is_told(firm: Firm) -> None:
    firm.hub.change("DELETE FROM product")
    firm.hub.post(*export_bills())
    firm.hub.merge()
    assert firm.titles() == ["1 份清单缺少资料，尚未提交"]


def test_the_sender_of_a_delivery_is_told_what_became_of_it(firm: Firm) -> None:
    by = firm.hub.party("platform_export").id
    firm.id = by
    firm.listens("batch.finished")
    order, *_ = export_bills()
    outcome = firm.hub.post_together(order)
    (data,) = firm.events("batch.finished")
    assert data == {"batch": str(outcome.batch_id), "kind": "order", "documents": 1, "accepted": 1, "rejected": 0}


@pytest.mark.parametrize(("state", "title"), [("done", "后台任务已完成：工作簿上传"), ("failed", "后台任务失败：工作簿上传")])
def test_a_finished_job_tells_whoever_asked_for_it(firm: Firm, state: str, title: str) -> None:
    firm.listens()

    def handler(_: Work) -> Outcome:
        if state == "failed":
            raise Refused(Fault("", "file_empty"))
        return Outcome({"accepted": 3})

    with firm.hub.database.begin() as uow:
        request_job(uow, "workbook", firm.hub.clock, enterprise_id=firm.id, user_id=firm.mei)
    run_next_job(firm.hub.database, {"workbook": handler}, firm.hub.clock)
    assert firm.titles() == [title]
    (data,) = firm.events("job.finished")
    assert (data["kind"], data["state"]) == ("workbook", state)


def test_a_case_about_the_firm_is_told_once(firm: Firm) -> None:
    firm.listens()
    for _ in range(2):
        with firm.hub.database.begin() as uow:
            open_case(uow, "contradictory_receipts", "list", 1, firm.id, firm.hub.clock.now(), {})
    assert firm.titles() == ["贵企业的单证出现异常：海关回执相互矛盾"]
    (data,) = firm.events("case.opened")
    assert (data["kind"], data["subject"]) == ("contradictory_receipts", "1")


def test_what_customs_decides_about_summaries_and_returns_is_told_once(firm: Firm) -> None:
    summary = summing.summed_up(firm.hub)
    summing.answer(firm.hub, summary, 2, 100, 100)
    summing.file(firm.hub, summary)
    summing.answer(firm.hub, summary, 399, 399)
    merchant, item = summing.seller(firm.hub), firm.hub.lists()[0]
    assert merchant == firm.id
    number = returning.sent_back(firm.hub, item)
    returning.answer(firm.hub, number, 100)
    returning.file(firm.hub, item, number)
    returning.answer(firm.hub, number, 2, 3, 120, 800)
    told = [title for title in firm.titles() if str(summary) in title or str(number) in title]
    assert sorted(told) == sorted(
        [
            f"汇总申报 {summary} 被退单",
            f"海关已通过汇总申报 {summary}",
            f"退货申请 {number} 被退单",
            f"海关已通过退货申请 {number}",
        ]
    )


def test_each_step_of_a_return_is_told_to_the_firms_system(firm: Firm) -> None:
    firm.listens("application.state_changed")
    number = returning.sent_back(firm.hub, returning.released(firm.hub))
    returning.answer(firm.hub, number, 2, 120, 120)
    told = [each for data in firm.events("application.state_changed") for each in data["applications"]]
    assert {(each["id"], each["kind"]) for each in told} == {(str(number), "return")}
    steps = [(each["before"], each["state"]) for each in told]
    assert (steps[0], steps[-1][1], len(steps)) == (("draft", "queued"), "120", len(set(steps)))
    assert all(after[0] == before[1] for before, after in pairwise(steps[1:])), "none is left out"


def test_every_kind_has_a_published_shape() -> None:
    assert EVENTS.keys() == webhook_kinds().keys()
