"""Filled-in workbooks of statistical reports (``ccezone.reporting.ports.ReportSheets``)."""

from ccezone.kernel.errors import Fault
from ccezone.reporting.ports import FilledSheet
from integrations.workbooks.workbook import open_table
from schemas.derive.workbook import REPORT


class ReportFiles:
    """Reads workbooks of reports."""

    def read(self, content: bytes) -> FilledSheet:
        """Read a file. Raises ``Refused``: see the port."""
        typed: dict[str, str] = {}
        rows: dict[str, int] = {}
        faults: list[tuple[int, Fault]] = []
        for document in open_table(content, REPORT).read():
            faults += [(each.row, each.fault) for each in document.faults]
            key = str(document.body.get("indicator_key", "")).strip()
            again = [*([document.rows[0]] if key in typed else ()), *document.rows[1:]]
            faults += [(row, Fault("", "report_twice", {"value": key, "line": str(row)})) for row in again]
            typed[key], rows[key] = str(document.body.get("reported") or "").strip(), document.rows[0]
        return FilledSheet(typed, rows, faults)
