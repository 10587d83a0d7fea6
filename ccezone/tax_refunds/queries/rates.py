"""VAT and refund rates of goods on their day of export, each with what it rests on (the rate of the declaration's export date:
MOF/STA Announcement 2026 No.2)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from schemas.codes import Row, rows

_RATES = """
SELECT DISTINCT ON (hs_code) hs_code, vat_pct, refund_pct, refund_basis, source FROM tariff_rate
WHERE effective_from <= %(day)s AND hs_code = ANY(%(codes)s::bpchar[])
ORDER BY hs_code, effective_from DESC
"""


@dataclass(frozen=True, slots=True)
class RefundRate:
    """The rates of a code; ``None``: not known. ``document`` and ``status`` say what the refund rate rests on."""

    vat_pct: Decimal | None
    refund_pct: Decimal | None
    document: str
    status: str

    @property
    def cancelled(self) -> bool:
        """Whether nothing is refunded for such goods on the day."""
        return self.refund_pct == 0


def refund_rates(connection: Connection, hs_codes: Collection[str], day: date) -> Mapping[str, RefundRate]:
    """Return the rates of a day by commodity code; a dated change of a code goes before the tariff snapshot."""
    found = fetch(connection, _RATES, {"day": day, "codes": list(hs_codes)})
    return {code: _changed(code, day) or _rate(vat, refund, basis, source) for code, vat, refund, basis, source in found}


def _rate(vat: Decimal | None, refund: Decimal | None, basis: str, source: str) -> RefundRate:
    return RefundRate(vat, refund, source, "unverified" if basis != "source" else "confirmed-page")


def _changed(code: str, day: date) -> RefundRate | None:
    for row in rows("refund_rate_changes"):
        if code == row["hs_code"] and row["effective_from"] <= day.isoformat() <= (row["effective_to"] or "9999-12-31"):
            return _from_row(row)
    return None


def _from_row(row: Row) -> RefundRate:
    return RefundRate(Decimal(row["vat_rate_pct"]), Decimal(row["refund_rate_pct"]), row["document"], row["status"])
