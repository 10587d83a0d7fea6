"""What a list's rows keep as JSON: what it lacks, and how it was taxed."""

from psycopg.types.json import Jsonb

from ccezone.declarations.rules.facts import Composition
from ccezone.import_tax.rules import TaxAssessment


def missing_json(composition: Composition) -> Jsonb:
    """Spell what is missing or broken."""
    found = composition.missing
    return Jsonb([{"kind": each.kind, "name": each.name, "params": dict(each.params)} for each in found])


def tax_json(tax: TaxAssessment | None) -> Jsonb | None:
    """Spell an assessment, amounts as text."""
    if tax is None:
        return None
    lines = [
        {"line_no": line.line_no, "tariff": str(line.tariff), "consumption_tax": str(line.consumption_tax), "vat": str(line.vat)}
        for line in tax.lines
    ]
    return Jsonb(
        {
            "route": str(tax.route),
            "dutiable_price": str(tax.dutiable_price),
            "tariff": str(tax.tariff),
            "consumption_tax": str(tax.consumption_tax),
            "vat": str(tax.vat),
            "total": str(tax.total),
            "lines": lines,
        }
    )
