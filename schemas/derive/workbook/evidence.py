"""The sheet of credit evidence: one row a statement of an authority or a rater about one enterprise."""

from schemas.codes import code_list
from schemas.derive.workbook.columns import Column, ColumnKind, Sheet, headings_of

_EDITION = "hub"
_COLUMNS: tuple[tuple[str, str, str, ColumnKind, bool, int, str], ...] = (
    ("uscc", "统一社会信用代码", "Unified social credit code", "text", True, 18, ""),
    ("factor", "评价因素", "Factor", "text", True, 40, "credit_factors"),
    ("value", "评价结果", "Result", "text", True, 40, ""),
    ("issuer", "出具机构", "Issuer", "text", True, 100, ""),
    ("document", "文件名称或文号", "Document", "text", True, 200, ""),
    ("valid_from", "有效期起", "Valid from", "date", True, 10, ""),
    ("valid_to", "有效期止", "Valid to", "date", False, 10, ""),
    ("note", "说明", "Note", "text", False, 500, ""),
    ("scan", "扫描件文件名", "Scan", "text", False, 200, ""),
)


def _column(name: str, zh: str, en: str, kind: ColumnKind, required: bool, most: int, codes: str) -> Column:
    listed = code_list(codes) if codes else None
    number = name == "uscc"
    return Column(name, name, "head", zh, en, kind, required, 0, most, None, None, listed, number, "", "", _EDITION)


def _evidence() -> Sheet:
    columns = tuple(_column(*each) for each in _COLUMNS)
    return Sheet("CreditEvidence", "信用证据", "Credit evidence", columns, "uscc", (), headings_of(columns), _EDITION)


EVIDENCE = _evidence()
"""Bodies read from it have the names of ``credit.service.Statement``, and ``uscc``."""
