"""The sheet of receipts of money: one row a sum that a bank's advice tells of, as the form of a single receipt takes it."""

from schemas.codes import code_list
from schemas.derive.workbook.columns import Column, ColumnKind, Sheet, headings_of

_EDITION = "hub"
_COLUMNS: tuple[tuple[str, str, str, ColumnKind, bool, int, str], ...] = (
    ("account", "入账账户", "Account", "text", True, 34, ""),
    ("bank_reference", "银行业务编号", "Bank reference", "text", True, 40, ""),
    ("currency", "币制", "Currency", "text", True, 3, "currencies"),
    ("amount", "金额", "Amount", "decimal", True, 12, ""),
    ("value_date", "收汇日期", "Value date", "date", True, 10, ""),
    ("kind", "款项来源", "Source of the money", "text", True, 40, "receipt_kinds"),
    ("payer", "付款方", "Payer", "text", True, 140, ""),
    ("settlement_reference", "订单编号或结算编号", "Order numbers or settlement", "text", False, 500, ""),
)
_NUMBERS = ("account", "bank_reference")


def _column(name: str, zh: str, en: str, kind: ColumnKind, required: bool, most: int, codes: str) -> Column:
    listed = code_list(codes) if codes else None
    digits, decimals = (most, 2) if kind == "decimal" else (None, None)
    length, number = None if kind == "decimal" else most, name in _NUMBERS
    return Column(name, name, "head", zh, en, kind, required, 0, length, digits, decimals, listed, number, "", "", _EDITION)


def _receipts() -> Sheet:
    columns = tuple(_column(*each) for each in _COLUMNS)
    return Sheet("MoneyReceipts", "收汇登记", "Receipts of money", columns, "bank_reference", (), headings_of(columns), _EDITION)


RECEIPTS = _receipts()
"""Bodies read from it have the names of ``fx.service.receipts.Money``."""
