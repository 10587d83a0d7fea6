"""The sheet of a statistical report: one row a figure, under the keys of ``ccezone/reporting/indicators.csv``."""

from schemas.derive.workbook.columns import Column, ColumnKind, Sheet, headings_of

_EDITION = "hub"
_COLUMNS: tuple[tuple[str, str, str, ColumnKind, bool, int], ...] = (
    ("indicator_key", "指标代码", "Key of the indicator", "text", True, 40),
    ("indicator_name", "指标名称", "Indicator", "text", False, 200),
    ("indicator_unit", "单位", "Unit", "text", False, 40),
    ("reported", "填报数", "Reported figure", "text", False, 40),
    ("hub_figure", "平台数据", "Known to the hub", "text", False, 40),
)


def _column(name: str, zh: str, en: str, kind: ColumnKind, required: bool, most: int) -> Column:
    return Column(name, name, "head", zh, en, kind, required, 0, most, None, None, None, True, "", "", _EDITION)


def _reports() -> Sheet:
    columns = tuple(_column(*each) for each in _COLUMNS)
    return Sheet(
        "StatisticalReport", "统计报告", "Statistical report", columns, "indicator_key", (), headings_of(columns), _EDITION
    )


REPORT = _reports()
"""A country's figure has its code behind a point: ``export_country.502``."""
