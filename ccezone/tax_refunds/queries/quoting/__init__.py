"""Worked examples, for ``ccezone quote`` and the calculator page: values by the published vectors' column names in and out.

Inputs are the columns without ``expected_``; answers are the ``expected_…`` columns without that prefix, as text, ``None`` for
what the kind of example has no answer to. Faults name the keys.
"""

from collections.abc import Callable, Mapping

from ccezone.tax_refunds.queries.quoting.exemption import quote_exemption
from ccezone.tax_refunds.queries.quoting.import_tax import quote_import_tax
from ccezone.tax_refunds.queries.quoting.income_tax import quote_assessed_income_tax
from ccezone.tax_refunds.queries.quoting.inputs import Answer, Inputs, Row, Terms, ignored
from ccezone.tax_refunds.queries.quoting.refund import quote_refund

QUOTES: Mapping[str, Callable[[Row, Terms], Answer]] = {
    "import-tax": quote_import_tax,
    "refund": quote_refund,
    "exemption": quote_exemption,
    "assessed-income-tax": quote_assessed_income_tax,
}

__all__ = ["QUOTES", "Answer", "Inputs", "Row", "Terms", "ignored", "quote_import_tax"]
