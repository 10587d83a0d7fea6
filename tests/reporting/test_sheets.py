"""A report's workbook comes back as it went out, and what is wrong with it is named by row."""

from ccezone.reporting.queries.definitions import asked
from ccezone.reporting.rules.checking import read_figures
from integrations.workbooks import ReportFiles
from schemas.derive.workbook import REPORT, template_of


def test_what_is_filled_in_is_read_by_key_with_its_row() -> None:
    rows = [
        {"indicator_key": "orders", "indicator_name": "订单数", "reported": "12", "hub_figure": "11"},
        {"indicator_key": "export_country.502", "reported": "1,200.50"},
        {"indicator_key": "employees"},
    ]
    sheet = ReportFiles().read(template_of(REPORT, "zh", rows=rows))
    assert sheet.typed == {"orders": "12", "export_country.502": "1,200.50", "employees": ""}
    assert (dict(sheet.rows), list(sheet.faults)) == ({"orders": 2, "export_country.502": 3, "employees": 4}, [])
    figures, faults = read_figures(asked("monthly"), sheet.typed, {"502"})
    assert (str(figures["export_country.502"]), faults) == ("1200.50", [])


def test_a_key_that_comes_twice_is_named_by_its_row() -> None:
    sheet = ReportFiles().read("指标代码,单位,填报数\norders,笔,1\nparcels,件,2\norders,笔,3\n".encode())
    assert [(row, fault.code) for row, fault in sheet.faults] == [(4, "report_twice")]
