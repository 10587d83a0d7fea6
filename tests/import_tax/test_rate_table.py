"""The shipped rates read into values without loss, and what nobody knows stays unknown."""

import pytest

from ccezone.import_tax.rules import rate_facts
from schemas.codes import rows

_BY_CODE = {row["hs_code"]: row for row in rows("sample_tariff")}


def test_every_shipped_rate_reads() -> None:
    assert len([rate_facts(row) for row in rows("sample_tariff")]) == 219


def test_spirits_and_cosmetics_keep_their_measures() -> None:
    whisky, cream = rate_facts(_BY_CODE["2208300000"]), rate_facts(_BY_CODE["3304990029"])
    assert (str(whisky["consumption_specific"]), whisky["consumption_specific_measure"]) == ("0.912", "litre")
    assert (str(cream["consumption_threshold"]), cream["consumption_threshold_measure"]) == ("10", "gram_or_millilitre")


def test_a_rate_nobody_gave_is_unknown_and_not_zero() -> None:
    assert rate_facts(_BY_CODE["8517130000"])["tariff_pct"] is None


def test_a_unit_nobody_mapped_is_an_error() -> None:
    with pytest.raises(KeyError):
        rate_facts(dict(_BY_CODE["2208300000"]) | {"ct_specific_unit": "CNY per tonne"})
