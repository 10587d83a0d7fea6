"""Products, declaration defaults, the enterprise itself: labels, lengths and code lists come from the official lists' elements."""

from contextlib import suppress
from typing import Any

from marshmallow import Schema, fields

from schemas.rest.answers import following
from schemas.rest.inputs import Above, Amount, Between, Input, as_in
from schemas.rest.stored import shown_flag, shown_moment, shown_text, shown_texts
from schemas.rest.words import Words, labelled

_ELEMENTS = {"transport_name": "traf_name", "freight_flag": "f_flag", "insurance_flag": "i_flag"}  # where the names differ
_LINE_ELEMENTS = {"name": "item_name", "declared_name": "goods_name", "barcode": "bar_code", "origin_country": "country"}


def _head(name: str, default: str | None = "") -> fields.String:
    """An element of a list's head, of the export list first."""
    known = _ELEMENTS.get(name, name)
    for message_type in ("CEB603Message", "CEB621Message"):
        with suppress(StopIteration):
            return as_in(message_type, "head", known, default=default)
    return as_in("CEB621Message", "list", known, default=default)


def _line(name: str, default: str | None = "", *, help_: Words | None = None) -> fields.String:
    """An element of the import list's lines, which ask for all that the export list's do."""
    return as_in("CEB621Message", "list", _LINE_ELEMENTS.get(name, name), default=default, help_=help_)


def _optional_amount(zh: str, en: str) -> Amount:
    return Amount(load_default=None, allow_none=True, validate=Between(0, None), metadata=labelled(zh, en))


_SHOP_NAME = Words("留空时与企业商品名称相同。", "The name in the shop when left out.")
_BY_CODE = Words("留空时按商品编码填入（2019 年税则）。", "By the commodity code when left out (2019 tariff).")


class ProductBody(Input):
    """How an item is declared; quantities per declared unit, weight in kilograms, prices in yuan."""

    name = _line("name", None)
    declared_name = _line("declared_name", help_=_SHOP_NAME)
    hs_code = _line("hs_code", None)
    specification = _line("specification", None)
    unit = _line("unit", None)
    unit1 = _line("unit1", help_=_BY_CODE)
    qty1_per_unit = Amount(
        required=True, validate=Above(0), metadata=labelled("每申报单位的法定数量", "Legal quantity per declared unit")
    )
    unit2 = _line("unit2")
    qty2_per_unit = _optional_amount("每申报单位的第二法定数量", "Second legal quantity per declared unit")
    net_weight = Amount(
        required=True, validate=Above(0), metadata=labelled("每申报单位净重（千克）", "Net weight per declared unit in kg")
    )
    barcode = _line("barcode")
    origin_country = _line("origin_country")
    item_record_no = _line("item_record_no")
    price_low = _optional_amount("参考价下限（元）", "Lowest plausible price, yuan")
    price_high = _optional_amount("参考价上限（元）", "Highest plausible price, yuan")


class Product(ProductBody):
    """A product."""

    item_no = shown_text("企业商品货号", "Item number")
    updated_at = shown_moment("最后修改", "Last changed")


class ProductPage(Schema):
    """A page of products, by item number."""

    products = fields.List(fields.Nested(Product), required=True, metadata=labelled("商品", "Products"))
    next = following()


_NEEDED = ("customs_code", "port_code", "agent_code", "agent_name", "transport_mode")
_MAY = (
    "owner_code", "owner_name", "bonded_enterprise_code", "bonded_enterprise_name", "ems_no", "assure_code", "transport_name",
    "voyage_no", "bill_no", "total_package_no", "wrap_type", "loct_no", "license_no", "country", "pod", "trade_country", "note",
)  # fmt: skip
_MEMBERS: dict[str, fields.Field[Any]] = {
    **{name: _head(name, None) for name in _NEEDED},
    **{name: _head(name) for name in _MAY},
    "declaration_path": _head("declaration_path", "A"),
    "freight_flag": _head("freight_flag", "3"),
    "insurance_flag": _head("insurance_flag", "3"),
}
DefaultsBody = Input.from_dict(_MEMBERS, name="DefaultsBody")


class _Mode(Schema):
    trade_mode = shown_text("监管方式", "Supervision mode", code_list="trade_mode")
    flow = shown_text("进出口", "Direction")


Defaults = type("Defaults", (DefaultsBody, _Mode), {"__doc__": "What all lists of one mode and direction have in common."})


class DefaultsList(Schema):
    """All declaration defaults of the enterprise."""

    defaults = fields.List(fields.Nested(Defaults), required=True, metadata=labelled("申报默认值", "Declaration defaults"))


class Enterprise(Schema):
    """The enterprise the token belongs to, and what the token may."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    uscc = shown_text("统一社会信用代码", "Unified social credit code")
    customs_code = shown_text("海关注册编码", "Customs registration code", optional=True)
    name = shown_text("名称", "Name")
    name_en = shown_text("英文名称", "English name")
    roles = shown_texts("角色", "Roles")
    node = shown_text("节点", "Node")
    status = shown_text("状态", "Standing")
    auto_submit = shown_flag("比对一致后自动申报", "Lists are filed when bills match")
    permissions = shown_texts("令牌的权限", "What the token may")
