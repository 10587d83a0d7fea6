"""Products and declaration defaults over the API: who changes one must have read it."""

from collections.abc import Mapping

import pytest

from tests.api.conftest import Api, problem

pytestmark = pytest.mark.storage
CHAIR: Mapping[str, object] = {
    "name": "实木餐椅",
    "hs_code": "9401690090",
    "specification": "橡木",
    "unit": "007",
    "qty1_per_unit": "1",
    "net_weight": 6.5,
}
PATH = "/products/CHAIR-1"


def saved(api: Api, **changes: object) -> str:
    """Make the chair, and return its ETag."""
    answer = api.call("PUT", PATH, body={**CHAIR, **changes})
    assert answer.status_code == 201, answer.text
    return answer.headers["ETag"]


def test_a_product_is_made_read_changed_and_removed(api: Api) -> None:
    tag = saved(api)
    read = api.get(PATH)
    assert read.headers["ETag"] == tag
    assert {name: read.get_json()[name] for name in ("net_weight", "unit1", "declared_name")} == {
        "net_weight": "6.5",
        "unit1": "007",
        "declared_name": "实木餐椅",
    }
    changed = api.call("PUT", PATH, body={**CHAIR, "name": "藤椅"}, If_Match=tag)
    assert (changed.status_code, changed.get_json()["name"]) == (200, "藤椅")
    assert api.call("DELETE", PATH, If_Match=changed.headers["ETag"]).status_code == 204
    assert problem(api.get(PATH), 404)[0]["code"] == "not_found"


def test_a_change_without_if_match_is_refused(api: Api) -> None:
    saved(api)
    assert problem(api.call("PUT", PATH, body=CHAIR), 428)[0]["code"] == "precondition_required"
    assert problem(api.call("DELETE", PATH), 428)[0]["code"] == "precondition_required"


def test_who_changes_what_somebody_else_changed_meanwhile_is_told(api: Api) -> None:
    tag = saved(api)
    assert api.call("PUT", PATH, body={**CHAIR, "name": "first"}, If_Match=tag).status_code == 200
    late = api.call("PUT", PATH, body={**CHAIR, "name": "second"}, If_Match=tag)
    assert problem(late, 412)[0]["code"] == "precondition_failed"
    assert api.get(PATH).get_json()["name"] == "first"


def test_what_is_known_already_is_not_sent_again(api: Api) -> None:
    tag = saved(api)
    answer = api.get(PATH, If_None_Match=tag)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)


def test_who_wants_a_new_one_only_does_not_overwrite(api: Api) -> None:
    saved(api)
    assert problem(api.call("PUT", PATH, body=CHAIR, If_None_Match="*"), 412)
    assert problem(api.call("PUT", "/products/OTHER", body=CHAIR, If_Match='"x"'), 412)


WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"hs_code": "12"}, "/hs_code", "bad_hs_code"),
    ({"net_weight": "heavy"}, "/net_weight", "not_a_number"),
    ({"net_weight": "NaN"}, "/net_weight", "not_a_number"),
    ({"net_weight": "1e999999999"}, "/net_weight", "too_many_digits"),
    ({"net_weight": "0.0000001"}, "/net_weight", "too_many_decimals"),
    ({"net_weight": True}, "/net_weight", "not_a_number"),
    ({"qty1_per_unit": -1}, "/qty1_per_unit", "must_be_positive"),
    ({"unit": "zzz"}, "/unit", "unknown_code"),
    ({"unit": None}, "/unit", "required"),
    ({"name": "x" * 251}, "/name", "too_long"),
    ({"name": "a\u0000b"}, "/name", "illegal_character"),
    ({"name": ["x"]}, "/name", "not_text"),
    ({"unit2": "035"}, "/qty2_per_unit", "second_unit_pair"),
    ({"colour": "red"}, "/colour", "unknown_element"),
]


def test_wrong_values_are_named_with_their_remedy(api: Api) -> None:
    for changes, pointer, code in WRONG:
        errors = problem(api.call("PUT", PATH, body={**CHAIR, **changes}), 422)
        assert (pointer, code) in {(error["pointer"], error["code"]) for error in errors}, (changes, errors)
    assert api.hub.rows("SELECT id FROM product WHERE item_no = 'CHAIR-1' AND removed_at IS NULL") == []


def test_a_product_is_its_enterprises_own(api: Api) -> None:
    saved(api)
    assert problem(api.get(PATH, "oranges"), 404)
    assert api.call("PUT", PATH, "oranges", {**CHAIR, "name": "theirs"}).status_code == 201
    assert api.get(PATH).get_json()["name"] == "实木餐椅"


def test_a_number_that_orders_could_not_name_is_refused(api: Api) -> None:
    assert problem(api.call("PUT", f"/products/{'X' * 31}", body=CHAIR), 422)[0]["code"] == "too_long"


def test_products_are_paged_by_number_and_found_by_name(api: Api) -> None:
    for number in range(5):
        assert api.call("PUT", f"/products/ZZ-{number}", body={**CHAIR, "name": f"小板凳 {number}"}).status_code == 201
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = api.get(f"/products?limit=2&after={after}&text=小板凳").get_json()
        seen += [each["item_no"] for each in page["products"]]
        after = page["next"]
    assert seen == [f"ZZ-{number}" for number in range(5)]


DEFAULTS = "/declaration-defaults/9610/E"


def test_defaults_are_read_and_changed_by_their_tag(api: Api) -> None:
    known = api.get(DEFAULTS)
    body = {name: value for name, value in known.get_json().items() if name not in ("trade_mode", "flow")}
    changed = api.call("PUT", DEFAULTS, body={**body, "note": "changed"}, If_Match=known.headers["ETag"])
    assert (changed.status_code, changed.get_json()["note"]) == (200, "changed")
    assert problem(api.call("PUT", DEFAULTS, body=body, If_Match=known.headers["ETag"]), 412)
    assert [each["trade_mode"] for each in api.get("/declaration-defaults").get_json()["defaults"]] == ["9610"]


def test_defaults_name_what_their_mode_needs(api: Api) -> None:
    known = api.get(DEFAULTS)
    body = {name: value for name, value in known.get_json().items() if name not in ("trade_mode", "flow")}
    errors = problem(api.call("PUT", DEFAULTS, body={**body, "pod": ""}, If_Match=known.headers["ETag"]), 422)
    assert [(error["pointer"], error["code"]) for error in errors] == [("/pod", "required")]
    errors = problem(api.call("PUT", "/declaration-defaults/9999/E", body=body), 422)
    assert errors[0]["code"] == "unknown_mode"


def test_defaults_of_no_mode_are_not_found(api: Api) -> None:
    assert problem(api.get("/declaration-defaults/1210/I"), 404)
