"""Reading over the API: bills, batches, lists, codes; by pages, by filter, and nobody else's."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests.api.conftest import Api, problem
from tests.hub.bills import Bill, export_bills, import_bills, message, order

pytestmark = pytest.mark.storage
LISTS = ["/orders", "/payments", "/waybills", "/shipping-links"]


@pytest.fixture
def traded(api: Api) -> Api:
    """The merchant and a rival have each sold something abroad; the merchant has an order that waits as well."""
    api.hub.post(*export_bills(1), *export_bills(2), order(3))
    api.hub.merge()
    return api


def merchant_of(api: Api, sold: Bill) -> str:
    """Whose order it is, of the cast."""
    return next(key for key in ("furniture", "oranges", "textiles") if api.hub.party(key).customs_code == sold["merchant_code"])


def test_a_merchant_sees_its_own_bills_and_a_rival_none_of_them(traded: Api) -> None:
    mine, theirs = (merchant_of(traded, order(number)) for number in (1, 2))
    assert mine != theirs
    for path in LISTS:
        look(traded, path, mine, theirs)


def look(traded: Api, path: str, mine: str, theirs: str) -> None:
    """One kind of bill, as its merchant and a rival see it."""
    ours = traded.get(path, mine).get_json()["bills"]
    assert {each["order_no"] for each in ours if each["order_no"]} <= {order(1)["order_no"], order(3)["order_no"]}
    shown = traded.get(f"{path}/{ours[-1]['id']}", mine)
    assert shown.status_code == 200, shown.text
    assert problem(traded.get(f"{path}/{ours[-1]['id']}", theirs), 404)[0]["code"] == "bill_not_found"


def test_an_order_shows_its_document_its_merge_and_its_lists(traded: Api) -> None:
    sold = order(1)
    by = merchant_of(traded, sold)
    row = next(each for each in traded.get("/orders", by).get_json()["bills"] if each["number"] == sold["order_no"])
    shown = traded.get(f"/orders/{row['id']}", by).get_json()
    assert shown["verdict"] == "matched"
    assert shown["document"]["orderNo"] == sold["order_no"]
    assert shown["document"]["lines"][0]["gnum"] == "1"
    assert len(shown["declarations"]) == 1
    assert [each["version"] for each in shown["versions"]] == [1]


def test_values_of_people_are_masked(api: Api) -> None:
    sold = import_bills(1)[0]
    api.hub.post(sold)
    by = next(key for key in ("cosmetics", "milk") if api.hub.party(key).customs_code == sold["merchant_code"])
    row = api.get("/orders", by).get_json()["bills"][0]
    shown = api.get(f"/orders/{row['id']}", by)
    assert "*" in shown.get_json()["document"]["buyerName"]
    assert str(sold["buyer_id_number"]) not in shown.text


def test_pages_of_bills_are_walked_by_their_cursor(api: Api) -> None:
    for number in range(1, 12, 2):
        api.hub.post(order(number))
    seen: list[str] = []
    after: str | None = ""
    by = "platform_export"
    while after is not None:
        page = api.get(f"/orders?scope=sent&limit=2&after={after}", by).get_json()
        assert len(page["bills"]) <= 2
        seen += [each["number"] for each in page["bills"]]
        after = page["next"]
    assert seen == [order(number)["order_no"] for number in range(11, 0, -2)]


WRONG = [
    ("limit=0", "/limit", "out_of_range"),
    ("limit=many", "/limit", "not_an_integer"),
    ("flow=X", "/flow", "not_a_choice"),
    ("after=nonsense", "/after", "bad_cursor"),
    ("after=01a20131-3c85-7957-b18a-62a62ff8899e.99999.1", "/after", "bad_cursor"),
    ("arrived_from=yesterday", "/arrived_from", "bad_moment"),
    ("colour=red", "/colour", "unknown_query"),
    ("text=%00", "/text", "illegal_character"),
]


def test_wrong_queries_are_named(api: Api) -> None:
    for query, pointer, code in WRONG:
        errors = problem(api.get(f"/orders?{query}"), 422)
        assert [(error["pointer"], error["code"]) for error in errors] == [(pointer, code)], query


def test_bills_are_found_by_day_of_arrival(traded: Api) -> None:
    now = traded.hub.clock.now().isoformat().replace("+", "%2B")
    assert traded.get(f"/orders?arrived_from={now}").get_json()["bills"]
    assert traded.get(f"/orders?arrived_before={now}").get_json()["bills"] == []


def test_an_id_beyond_any_number_is_not_found(api: Api) -> None:
    assert problem(api.get(f"/orders/{10**30}"), 404)
    assert problem(api.get(f"/declarations/{10**30}"), 404)
    assert problem(api.get("/orders/abc"), 404)[0]["code"] == "no_such_resource"


def spoilt(api: Api) -> str:
    """A batch of one good and one bad order, and its id."""
    body = message(order(5), order(9)).replace(b"<ceb:goodsValue>", b"<ceb:goodsValue>x", 1)
    return str(api.message(body).get_json()["batch"])


def test_batches_are_listed_and_their_faults_come_as_json_or_workbook(api: Api) -> None:
    api.message(message(order(1)))
    batch = spoilt(api)
    rows = api.get("/batches", "platform_export").get_json()["batches"]
    assert [each["rejected"] for each in rows] == [1, 0]
    assert [each["batch"] for each in api.get("/batches?with_faults=true", "platform_export").get_json()["batches"]] == [batch]
    (fault,) = api.get(f"/batches/{batch}/errors", "platform_export").get_json()["errors"]
    answer = api.get(f"/batches/{batch}/errors", "platform_export", Accept=answer_type())
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert sheet[1] == [1.0, fault["document"], fault["pointer"], fault["code"], fault["message"], fault["remedy"]]
    assert problem(api.get(f"/batches/{batch}/errors", "oranges"), 404)


def answer_type() -> str:
    """The media type of workbooks."""
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_lists_are_filtered_by_stage_and_paged(traded: Api) -> None:
    by = merchant_of(traded, order(1))
    assert len(traded.get("/declarations", by).get_json()["declarations"]) == 1
    for tab in ("preparing", "filed", "rejected", "released", "held", "ready"):
        assert traded.get(f"/declarations?tab={tab}", by).status_code == 200, tab
    assert problem(traded.get("/declarations?tab=lost", by), 422)[0]["code"] == "not_a_choice"


def test_a_list_shows_its_document_in_official_names_without_people(api: Api) -> None:
    api.hub.post(*import_bills(1))
    api.hub.merge()
    made = api.hub.only_list()
    by = next(key for key in ("cosmetics", "milk") if api.hub.party(key).customs_code == made.content["merchant_code"])
    shown = api.get(f"/declarations/{made.id}", by).get_json()
    assert shown["document"]["orderNo"] == made.order_no
    assert shown["tax"]
    assert "buyerIdNumber" not in shown["document"]
    steps = api.get(f"/declarations/{made.id}/timeline", by).get_json()["timeline"]
    assert [step["kind"] for step in steps][:2] == ["prepared", "filed"]


def test_code_lists_are_read_and_searched(api: Api) -> None:
    assert "units" in [each["name"] for each in api.get("/codes").get_json()["lists"]]
    found = api.get("/codes/units?text=千克").get_json()
    assert "035" in [row["code"] for row in found["rows"]]
    page = api.get("/codes/currencies?limit=1").get_json()
    assert page["next"] == "1"
    assert problem(api.get("/codes/colours"), 404)


def test_the_tariff_is_searched_by_number_and_by_words(api: Api) -> None:
    found = api.get("/codes/hs?q=9403&limit=5").get_json()
    assert all(row["hs_code"].startswith("9403") for row in found["codes"])
    assert found["next"] == "5"
    further = api.get("/codes/hs?q=9403&limit=5&after=5").get_json()
    assert further["codes"][0] not in found["codes"]
    assert "咖啡" in api.get("/codes/hs?q=咖啡").get_json()["codes"][0]["name_zh"]
    assert problem(api.get("/codes/hs"), 422)[0]["code"] == "required"
    for blank in ("%1F", "%20", ".", "%E3%80%80"):
        assert api.get(f"/codes/hs?q={blank}").get_json()["codes"] == [], blank


def test_a_token_says_whose_it_is_and_what_it_may(api: Api) -> None:
    found = api.get("/enterprise", "oranges").get_json()
    assert found["uscc"] == api.hub.party("oranges").uscc
    assert "bills:read" in found["permissions"]
