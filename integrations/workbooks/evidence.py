"""Uploaded tables of credit evidence (``ccezone.bills.ports.SheetTables``): classes by their code or by their name."""

from collections.abc import Iterator

from ccezone.bills.ports import SheetDocument
from integrations.workbooks.workbook import SheetTable, found_in
from schemas.codes import code_list
from schemas.derive.workbook import EVIDENCE

_CLASSES = {"customs_class": "customs_credit_classes"}


class EvidenceSheet(SheetTable):
    """One sheet of evidence."""

    def read(self, skip: int = 0) -> Iterator[SheetDocument]:
        """Read the rows from one on, official class names as codes."""
        for document in super().read(skip):
            body = document.body
            if known := _CLASSES.get(str(body.get("factor", ""))):
                names = {label: code.code for code in code_list(known).items() for label in (code.label_zh, code.label_en)}
                body["value"] = names.get(str(body.get("value", "")), body.get("value"))
            yield document


class EvidenceSheets:
    """Opens tables of evidence."""

    def open(self, content: bytes) -> EvidenceSheet:
        """Open a file. Raises ``Refused``: see the port."""
        return EvidenceSheet(*found_in(content, [EVIDENCE]))
