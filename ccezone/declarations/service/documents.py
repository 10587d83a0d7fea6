"""What a list's rows keep as JSON: what it says, what it lacks, and how it was taxed."""

import orjson
from psycopg.types.json import Jsonb

from ccezone.declarations.rules.facts import Composition
from ccezone.import_tax.rules import TaxAssessment
from ccezone.kernel.ids import key8

BUYER = ("buyer_id_type", "buyer_id_number", "buyer_name", "buyer_telephone", "consignee_address")
_OF_THE_DAY = ("cop_no", "ie_date", "decl_time")


def content_json(composition: Composition) -> tuple[Jsonb, dict[str, str]]:
    """Spell what a list declares, and apart from it what it tells of the buyer."""
    head = composition.head
    personal = {name: head[name] for name in BUYER if name in head}
    content: dict[str, object] = {**head, "lines": composition.lines}
    for name in personal:
        del content[name]
    return Jsonb(content), personal


def content_digest(composition: Composition) -> int:
    """Digest what a list says, but for its own number and the days it is dated with."""
    said = dict(composition.head)
    for name in _OF_THE_DAY:
        said.pop(name, None)
    return key8(orjson.dumps((said, composition.lines)).decode())  # composed in one order, always


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
