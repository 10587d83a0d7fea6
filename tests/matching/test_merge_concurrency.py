"""Several mergers at once: they take turns, and no news falls between them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ccezone.matching.service import merge_touched
from tests.hub.bills import export_bills, import_bills
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_several_mergers_end_like_one(hub: Hub) -> None:
    trades = [export_bills(number) for number in range(1, 25, 4)] + [import_bills(number) for number in range(1, 13, 2)]
    for bills in trades:
        hub.post(*bills)

    def merge_all(_: int) -> None:
        while merge_touched(hub.database, hub.clock, hub.terms.merging, limit=3):
            pass

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(merge_all, range(3)))
    assert {hub.match(bills[0]).verdict for bills in trades} == {"matched"}
    assert hub.count("declaration_list") == hub.count("submission") == len(trades)
    assert hub.count("merge_queue") == 0


def test_a_failed_merge_leaves_its_news_in_the_queue(hub: Hub) -> None:
    hub.post(*export_bills())
    queued = hub.count("merge_queue")
    broken = hub.database.subscriptions
    hub.database.subscriptions = {event: [_fail] for event in broken}
    with pytest.raises(RuntimeError):
        hub.merge()
    assert (hub.count("merge_queue"), hub.count("order_match")) == (queued, 0)
    hub.database.subscriptions = broken
    hub.merge()
    assert hub.states() == ["queued"]


def _fail(_: object, __: object) -> None:
    raise RuntimeError("the power fails")
