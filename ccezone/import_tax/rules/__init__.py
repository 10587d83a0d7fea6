"""Import tax as pure functions: values in, values out; no database, no clock.

``price_list`` taxes a whole declaration list, ``assess`` goods whose dutiable prices and rates are already settled.
"""

from ccezone.import_tax.rules.assessment import assess, price_list
from ccezone.import_tax.rules.levy import Levy, Treatment, levy
from ccezone.import_tax.rules.measures import consumption_tax_applies, measured
from ccezone.import_tax.rules.quota import QuotaEntry, QuotaKind
from ccezone.import_tax.rules.rate_table import rate_facts
from ccezone.import_tax.rules.routes import choose_route
from ccezone.import_tax.rules.spread import spread
from ccezone.import_tax.rules.values import (
    DutiableGoods,
    EffectiveRate,
    Limits,
    LineTax,
    Measure,
    Route,
    TariffRate,
    TaxAssessment,
    TaxLine,
    limits_on,
)

__all__ = [
    "DutiableGoods",
    "EffectiveRate",
    "Levy",
    "Limits",
    "LineTax",
    "Measure",
    "QuotaEntry",
    "QuotaKind",
    "Route",
    "TariffRate",
    "TaxAssessment",
    "TaxLine",
    "Treatment",
    "assess",
    "choose_route",
    "consumption_tax_applies",
    "levy",
    "limits_on",
    "measured",
    "price_list",
    "rate_facts",
    "spread",
]
