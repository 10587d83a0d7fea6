"""Summaries and goods returns over the API: what the pages show, in shapes that programs read; nothing of others."""

import pytest

from tests.api.conftest import Api, problem
from tests.declarations import returning, summing

pytestmark = pytest.mark.storage
ENTRY = "400320260000000017"


def test_a_firm_reads_its_summaries_with_the_declarations_of_customs_and_its_returns(api: Api) -> None:
    number = summing.summed_up(api.hub)
    summing.answer(api.hub, number, 2, 399)
    inside = summing.view(api.hub, number).lists
    summing.tell(api.hub, summing.result(api.hub, [inside[0].list_no], entry_id=ENTRY))
    item = api.hub.lists()[0]
    back = returning.sent_back(api.hub, item)
    (row,) = api.get("/summaries?tab=granted").get_json()["summaries"]
    assert (row["id"], row["state"], row["lists"], row["entries"], row["filings"]) == (str(number), "399", 2, 1, 1)
    whole = api.get(f"/summaries/{number}").get_json()
    assert {each["list_no"]: each["entry_nos"] for each in whole["contents"]} == {inside[0].list_no: [ENTRY], inside[1].list_no: []}
    assert [each["entry_no"] for each in whole["declarations"]] == [ENTRY]
    found = api.get(f"/goods-returns/{back}").get_json()
    assert (found["declaration_id"], found["state"], [each["quantity"] for each in found["lines"]]) == (str(item.id), "sent", ["1"])
    assert problem(api.get(f"/goods-returns/{number}"), 404), "a summary is no return"
    assert problem(api.get("/summaries?after=x"), 422)
    for place in (f"/summaries/{number}", f"/goods-returns/{back}"):
        assert problem(api.get(place, "textiles"), 404)
