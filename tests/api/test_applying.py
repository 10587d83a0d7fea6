"""Summaries and goods returns, opened, changed and filed over the API: the pages' services, once only, on record, one's own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from ccezone.accounts.rules import FIRM, READS
from ccezone.accounts.service import issue_credential
from ccezone.kernel.clock import SHANGHAI
from tests.api.conftest import Api, problem
from tests.declarations import returning, summing
from tests.declarations.filing import filed

pytestmark = pytest.mark.storage
RECORDED = "SELECT action FROM audit_entry WHERE subject = %(subject)s ORDER BY number"


def group(api: Api) -> dict[str, Any]:
    """The body that opens the month's first group."""
    found = api.get(f"/summaries/candidates?month={summing.MONTH}").get_json()
    return {"month": found["month"], "key": found["groups"][0]["key"]}


def wish(**changes: object) -> dict[str, Any]:
    """The body of a return of one piece."""
    return {"lines": [{"line_no": 1, "quantity": "1"}], "reason": "买家退货", **changes}


def at(errors: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Where and what."""
    return [(each["pointer"], each["code"]) for each in errors]


def test_closed_lists_are_summed_up_filed_and_answered_by_customs(api: Api) -> None:
    first, second = summing.closed_lists(api.hub)
    asked = api.get("/summaries/candidates").get_json()
    assert (asked["month"], asked["months"], [each["lists"] for each in asked["groups"]]) == ("2026-01", ["2026-01"], [2])
    made = api.call("POST", "/summaries", body=group(api))
    assert made.status_code == 201, made.text
    number = made.get_json()["id"]
    left = api.call("POST", f"/summaries/{number}/leave-out", body={"lists": [str(second)]}).get_json()
    assert ([each["id"] for each in left["contents"]], left["tab"]) == ([str(first)], "draft")
    sent = api.call("POST", f"/summaries/{number}/submit")
    assert (sent.status_code, sent.get_json()["state"], sent.get_json()["filings"]) == (202, "queued", 1)
    api.hub.dispatch()
    summing.answer(api.hub, int(number), 2, 399)
    assert api.get(f"/summaries/{number}").get_json()["tab"] == "granted"
    (other,) = api.get("/summaries/candidates").get_json()["left_out"]
    assert (other["id"], other["summary_id"], other["reason"], bool(other["message"])) == (
        str(first),
        number,
        "summary_taken",
        True,
    )
    told = [row[0] for row in api.hub.rows(RECORDED, subject=f"summary:{number}")]
    assert told == ["summary.open", "summary.leave_out", "summary.submit"]


def test_the_same_key_opens_and_files_one_summary(api: Api) -> None:
    summing.closed_lists(api.hub, 1)
    body, token = group(api), api.token("furniture")
    opened = [api.call("POST", "/summaries", body=body, token=token, Idempotency_Key="open") for _ in range(2)]
    assert [each.status_code for each in opened] == [201, 201]
    assert [each.headers.get("Idempotent-Replayed") for each in opened] == [None, "true"]
    place = f"/summaries/{opened[1].get_json()['id']}/submit"
    sent = [api.call("POST", place, token=token, Idempotency_Key="file") for _ in range(2)]
    assert [each.status_code for each in sent] == [202, 202]
    assert (api.hub.count("summary_declaration"), api.hub.count("application_filing")) == (1, 1)


def test_what_cannot_be_summed_up_is_refused_and_nothing_is_kept(api: Api) -> None:
    (item,) = summing.closed_lists(api.hub, 1)
    body = group(api)
    empty = {**body, "key": {**body["key"], "country": "110"}}
    assert at(problem(api.call("POST", "/summaries", body=empty), 422)) == [("", "summary_nothing_to_sum")]
    assert at(problem(api.call("POST", "/summaries", body={**body, "month": "2026-13"}), 422)) == [("/month", "bad_month")]
    assert at(problem(api.get("/summaries/candidates?month=0001-01"), 422)) == [("/month", "bad_month")]
    assert api.hub.count("customs_application") == 0
    number = api.call("POST", "/summaries", body=body).get_json()["id"]
    out = {"lists": [str(item), "5"]}
    missing = problem(api.call("POST", f"/summaries/{number}/leave-out", body=out), 404)
    assert at(missing) == [("/lists/1", "declaration_not_found")]
    assert len(api.get(f"/summaries/{number}").get_json()["contents"]) == 1, "all or none"
    assert at(problem(api.call("POST", "/summaries", body=body), 422)) == [("", "summary_nothing_to_sum")], "it is taken"
    assert api.call("POST", f"/summaries/{number}/drop").get_json()["state"] == "dropped"
    assert at(problem(api.call("POST", f"/summaries/{number}/submit"), 422)) == [("", "application_not_changeable")]
    assert api.call("POST", "/summaries", body=body).status_code == 201, "free again"


def test_goods_that_come_back_are_told_changed_filed_and_noted(api: Api) -> None:
    item = returning.released(api.hub)
    whole = item.content["lines"][0]["qty"]
    body = {"declaration_id": str(item.id), **wish(way={"waybill_no": "BACK1", "country": "502"})}
    made = api.call("POST", "/goods-returns", body=body)
    assert made.status_code == 201, made.text
    number = made.get_json()["id"]
    more = {**wish(reason="错发"), "lines": [{"line_no": 1, "quantity": whole}]}
    changed = api.call("POST", f"/goods-returns/{number}/change", body=more).get_json()
    assert (changed["reason"], changed["lines"][0]["quantity"], changed["state"]) == ("错发", whole, "draft")
    assert at(problem(api.call("POST", "/goods-returns", body=body), 422)) == [("/lines/0/quantity", "return_above_declared")]
    token = api.token("furniture")
    sent = [api.call("POST", f"/goods-returns/{number}/submit", token=token, Idempotency_Key="one") for _ in range(2)]
    assert [each.status_code for each in sent] == [202, 202]
    api.hub.dispatch()
    assert at(problem(api.call("POST", f"/goods-returns/{number}/change", body=more), 422)) == [("", "application_not_changeable")]
    returning.answer(api.hub, int(number), 2, 3, 120, 800)
    day = api.hub.clock.now().astimezone(SHANGHAI).date()
    late = {"day": (day + timedelta(days=1)).isoformat()}
    assert at(problem(api.call("POST", f"/goods-returns/{number}/arrival", body=late), 422)) == [("/day", "return_arrival_wrong")]
    there = api.call("POST", f"/goods-returns/{number}/arrival", body={"day": day.isoformat()}).get_json()
    assert (there["tab"], there["arrived_on"], there["filings"]) == ("granted", day.isoformat(), 1)
    told = [row[0] for row in api.hub.rows(RECORDED, subject=f"goods_return:{number}")]
    assert told == ["goods_return.open", "goods_return.change", "goods_return.submit", "goods_return.arrival"]


def test_a_return_that_is_wrong_is_refused_where_it_is_wrong_and_takes_nothing(api: Api) -> None:
    item = returning.released(api.hub)
    named = {"declaration_id": str(item.id)}
    twice = [{"line_no": 1, "quantity": "1"}] * 2
    for body, status, expected in (
        (wish(lines=twice), 422, [(f"/lines/{place}/line_no", "return_line_twice") for place in (0, 1)]),
        (wish(lines=[{"line_no": 99, "quantity": "1"}]), 422, [("/lines/0/line_no", "return_line_unknown")]),
        (wish(lines=[{"line_no": 1, "quantity": "0"}]), 422, [("/lines/0/quantity", "return_quantity")]),
        (wish(reason="   "), 422, [("/reason", "required")]),
        (wish(way={"country": "XYZ"}), 422, [("/way/country", "unknown_code")]),
        (wish(declaration_id="5"), 404, [("/declaration_id", "declaration_not_found")]),
        (wish(declaration_id="five"), 422, [("/declaration_id", "not_an_integer")]),
    ):
        assert at(problem(api.call("POST", "/goods-returns", body={**named, **body}), status)) == expected, body
    assert (api.hub.count("goods_return"), api.hub.count("returned_quantity")) == (0, 0)


def test_an_imports_return_has_no_way_back_and_no_relief(api: Api) -> None:
    item = returning.released(api.hub, "I")
    with api.hub.database.begin() as uow:
        token = issue_credential(uow, returning.owner(api.hub, item), "test", FIRM, None, api.hub.clock).token
    named = {"declaration_id": str(item.id)}
    for more, place in (({"relief": True}, "/relief"), ({"way": {"country": "502"}}, "/way")):
        wrong = api.call("POST", "/goods-returns", body={**named, **wish(**more)}, token=token)
        assert at(problem(wrong, 422)) == [(place, "return_export_only")]
    assert api.call("POST", "/goods-returns", body={**named, **wish()}, token=token).status_code == 201


def test_goods_of_a_list_that_is_not_released_do_not_come_back(api: Api) -> None:
    item = filed(api.hub, 2, 3, 120)
    found = problem(api.call("POST", "/goods-returns", body={"declaration_id": str(item.id), **wish()}), 422)
    assert at(found) == [("", "return_not_released")]


def test_nobody_writes_for_another_and_a_reader_writes_nothing(api: Api) -> None:
    summing.closed_lists(api.hub, 1)
    body = group(api)
    number = api.call("POST", "/summaries", body=body).get_json()["id"]
    back = str(returning.opened(api.hub, api.hub.lists()[0]))
    assert api.get("/summaries/candidates?month=2026-01", "textiles").get_json()["groups"] == []
    assert problem(api.call("POST", "/summaries", "textiles", body), 422)
    for place in (f"/summaries/{number}/submit", f"/summaries/{number}/drop", f"/goods-returns/{back}/submit"):
        assert problem(api.call("POST", place, "textiles"), 404)
    assert problem(api.call("POST", f"/goods-returns/{number}/submit"), 404), "a summary is no return"
    reader = api.token("furniture", READS)
    for place in (f"/summaries/{number}/submit", f"/goods-returns/{back}/drop"):
        assert at(problem(api.call("POST", place, token=reader), 403))[0][1] == "not_permitted"
