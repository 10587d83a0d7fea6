"""The sheet of sales from a warehouse abroad: one row a sale of the goods of one pre-refund."""

from schemas.codes import code_list
from schemas.derive.workbook.columns import Column, ColumnKind, Sheet, headings_of

_EDITION = "hub"
_COLUMNS: tuple[tuple[str, str, str, ColumnKind, bool, int, str], ...] = (
    ("sale_no", "销售单号", "Sale number", "text", True, 60, ""),
    ("sold_on", "销售日期", "Sold on", "date", True, 10, ""),
    ("quantity", "数量", "Quantity", "decimal", True, 19, ""),
    ("amount", "销售金额", "Amount", "decimal", True, 19, ""),
    ("currency", "币制", "Currency", "text", True, 3, "currencies"),
    ("warehouse", "海外仓", "Warehouse abroad", "text", False, 60, ""),
)


def _column(name: str, zh: str, en: str, kind: ColumnKind, required: bool, most: int, codes: str) -> Column:
    listed = code_list(codes) if codes else None
    number = name == "sale_no"
    digits, decimals = (19, 5) if kind == "decimal" else (None, None)
    length = None if kind == "decimal" else most
    return Column(name, name, "head", zh, en, kind, required, 0, length, digits, decimals, listed, number, "", "", _EDITION)


def _sales() -> Sheet:
    columns = tuple(_column(*each) for each in _COLUMNS)
    return Sheet("OverseasSales", "境外销售", "Sales abroad", columns, "sale_no", (), headings_of(columns), _EDITION)


SALES = _sales()
"""Bodies read from it have the names of ``tax_refunds.service.leave.Sale``."""
