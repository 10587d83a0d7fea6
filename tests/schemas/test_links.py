"""The shipping link: the short way says what marshmallow says."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.rest import links

DEFAULTS = {"appType": "1", "appTime": "20261122080000"}
KEYS = ("ebcCode", "ebpCode", "orderNo", "logisticsCode", "logisticsNo")
TEXTS = st.one_of(st.text(max_size=70), st.sampled_from(["", "x" * 18, "x" * 19, "x" * 60, "x" * 61]), st.integers(), st.none())


@given(st.dictionaries(st.sampled_from([*KEYS, "lines", "appType", "other"]), TEXTS))
def test_the_short_way_accepts_only_what_marshmallow_accepts_and_gives_the_same(body: dict[str, object]) -> None:
    short = links._plainly(body, DEFAULTS)
    if short is not None:
        assert short == links._SCHEMA.load({**DEFAULTS, **body})


def test_a_plain_link_takes_the_short_way() -> None:
    assert {element for element, _name, _most in links._LIMITS} == set(KEYS)
    assert links._plainly(dict.fromkeys(KEYS, "A"), DEFAULTS) is not None


def test_a_link_without_a_waybill_says_which_element_is_missing() -> None:
    found = links.load_link({key: "A" for key in KEYS if key != "logisticsNo"}, DEFAULTS)
    assert [(fault.pointer, fault.code) for fault in found.faults] == [("/logisticsNo", "required")]


def test_an_unknown_element_is_named() -> None:
    found = links.load_link({**dict.fromkeys(KEYS, "A"), "weight": 1}, DEFAULTS)
    assert [(fault.pointer, fault.code) for fault in found.faults] == [("/weight", "unknown_element")]


def test_every_line_number_that_an_order_may_have_can_be_split_over_parcels() -> None:
    body: dict[str, object] = {**dict.fromkeys(KEYS, "A"), "lines": [{"gnum": 99_999, "qty": "1"}]}
    assert links.load_link(body, DEFAULTS).faults == []
    body["lines"] = [{"gnum": 100_000, "qty": "1"}]
    assert [fault.pointer for fault in links.load_link(body, DEFAULTS).faults] == ["/lines/0/gnum"]
