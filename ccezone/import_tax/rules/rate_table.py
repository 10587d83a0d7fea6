"""Reads rows of the published-rates table (``schemas/codes/sample_tariff.csv``) into values the tariff table keeps."""

from collections.abc import Mapping
from decimal import Decimal

from ccezone.import_tax.rules.values import ZERO, Measure

_MEASURES = {
    "CNY per litre": Measure.LITRE,
    "CNY per g or ml": Measure.GRAM_OR_MILLILITRE,
    "CNY per piece": Measure.PIECE,
}


def rate_facts(row: Mapping[str, str]) -> dict[str, object]:
    """Turn one CSV row into column values. An empty rate stays unknown; only consumption tax is then none.

    Raises ``KeyError`` for a unit nobody has mapped, ``decimal.InvalidOperation`` for a rate that is no number.
    """
    return {
        "hs_code": row["hs_code"],
        "vat_pct": _known(row["import_vat_rate_pct"]),
        "vat_basis": row["vat_basis"],
        "consumption_pct": _known(row["ct_advalorem_pct"]) or ZERO,
        "consumption_specific": _known(row["ct_specific_amount"]) or ZERO,
        "consumption_specific_measure": _measure(row["ct_specific_unit"]),
        "consumption_threshold": _known(row["ct_price_threshold"]),
        "consumption_threshold_measure": _measure(row["ct_threshold_unit"]),
        "tariff_pct": _known(row["mfn_tariff_pct"]),
        "refund_pct": _known(row["export_refund_rate_pct"]),
        "refund_basis": row["refund_basis"],
        "source": row["source"],
        "edition": row["edition"],
        "note": row["note"],
    }


def _known(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _measure(text: str) -> str | None:
    return str(_MEASURES[text]) if text else None
