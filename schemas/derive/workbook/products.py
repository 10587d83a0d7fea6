"""The sheet of a firm's products: one row a product, under the names the declaration lists have for the same things."""

from dataclasses import replace

from schemas.derive.workbook.columns import Column, Sheet, column_of, headings_of
from schemas.messages.ceb.definition import Field, definition

_EDITION = "hub"
_LIST = "CEB621Message"
_TAKEN = (
    # (name of the product master, name of the list's line, required)
    ("item_no", "item_no", True),
    ("name", "item_name", True),
    ("declared_name", "goods_name", False),
    ("hs_code", "hs_code", True),
    ("specification", "specification", True),
    ("unit", "unit", True),
    ("unit1", "unit1", False),
    ("unit2", "unit2", False),
    ("barcode", "bar_code", False),
    ("origin_country", "country", False),
    ("item_record_no", "item_record_no", False),
)
_OWN = (
    ("qty1_per_unit", "每申报单位的法定数量", "First legal quantity per declared unit", True),
    ("qty2_per_unit", "每申报单位的第二法定数量", "Second legal quantity per declared unit", False),
    ("net_weight", "每申报单位净重（千克）", "Net weight per declared unit (kg)", True),
    ("price_low", "参考价下限（元）", "Lower reference price (yuan)", False),
    ("price_high", "参考价上限（元）", "Upper reference price (yuan)", False),
)


def _from_list(name: str, line: dict[str, Field], taken: str, required: bool) -> Column:
    column = column_of("head", line[taken])
    return replace(column, name=name, attribute=name, required=required, number=name in ("item_no", "hs_code", "barcode"))


def _own(name: str, zh: str, en: str, required: bool) -> Column:
    limits = {"min_length": 0, "max_length": None, "digits": 19, "decimals": 5, "codes": None}
    told = {"note": "", "source": "", "edition": _EDITION}
    return Column(name, name, "head", zh, en, "decimal", required, number=False, **limits, **told)  # type: ignore[arg-type]


def _products() -> Sheet:
    line = {field.name: field for field in definition(_LIST).lines()}
    taken = [_from_list(name, line, source, required) for name, source, required in _TAKEN]
    columns = (*taken, *(_own(*each) for each in _OWN))
    return Sheet("Products", "商品资料", "Products", columns, "item_no", (), headings_of(columns), _EDITION)


PRODUCTS = _products()
"""The sheet of products; bodies read from it have the names of ``enterprises.service.ProductEntry``."""
