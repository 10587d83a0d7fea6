"""The sheet of a statistical feed: one row a parcel, a document or a sum that no declaration list of the hub tells of."""

from schemas.codes import code_list
from schemas.derive.workbook.columns import Column, ColumnKind, Sheet, headings_of

_EDITION = "hub"
_COLUMNS: tuple[tuple[str, str, str, ColumnKind, bool, int, str], ...] = (
    ("day", "日期", "Day", "date", True, 10, ""),
    ("flow", "进出口（E/I）", "Flow (E/I)", "text", True, 1, ""),
    ("trade_mode", "监管方式", "Procedure", "text", False, 4, "supervision_modes"),
    ("country", "国家（地区）", "Country", "text", True, 3, "countries"),
    ("hs_code", "商品编码", "HS code", "text", False, 10, ""),
    ("currency", "币制", "Currency", "text", True, 3, "currencies"),
    ("amount", "金额", "Value", "decimal", True, 19, ""),
    ("parcels", "件数", "Parcels", "integer", False, 9, ""),
    ("weight", "扩展系数", "Expansion factor", "decimal", False, 19, ""),
    ("waybill_no", "运单号", "Waybill", "text", False, 64, ""),
    ("document_no", "凭证号", "Document", "text", False, 64, ""),
    ("order_no", "订单编号", "Order", "text", False, 64, ""),
    ("mark", "海关加标", "Customs mark", "text", False, 64, ""),
    ("enterprise_code", "企业代码", "Enterprise", "text", False, 18, ""),
    ("node", "节点", "Node", "text", False, 64, ""),
)


def _column(name: str, zh: str, en: str, kind: ColumnKind, required: bool, most: int, codes: str) -> Column:
    listed = code_list(codes) if codes else None
    whole, decimals = (19, 5) if kind == "decimal" else (None, None)
    return Column(name, name, "head", zh, en, kind, required, 0, most, whole, decimals, listed, kind == "text", "", "", _EDITION)


def _feed() -> Sheet:
    columns = tuple(_column(*each) for each in _COLUMNS)
    return Sheet("StatisticalFeed", "统计数据报送", "Statistical feed", columns, "waybill_no", (), headings_of(columns), _EDITION)


FEED = _feed()
"""Bodies read from it have the names of ``statistics.rules.supplements.COLUMNS``."""
