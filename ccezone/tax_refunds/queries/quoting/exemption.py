"""The exemption without invoice: the conditions in force on the example's day, each with its verdict."""

from ccezone.parameters.rules import ParameterMissing
from ccezone.tax_refunds.queries.legal import exemption_terms
from ccezone.tax_refunds.queries.quoting.inputs import Answer, Inputs, Row, Terms, ignored
from ccezone.tax_refunds.rules.exemption import Condition, ExemptionVerdict, judge

_INPUTS = frozenset(
    {"vector_id", "regime", "zone_registered", "zone_recorded", "zone_customs", "refund_cancelled", "source", "note"}
)


def quote_exemption(row: Row, terms: Terms) -> Answer:
    """Answer one example; ``exempt`` is written as it was asked: ``true`` as text, or a JSON boolean. Raises ``Refused``."""
    inputs = Inputs(row)
    met: dict[Condition, bool | None] = {
        Condition.ZONE_REGISTERED: inputs.yes("zone_registered"),
        Condition.ZONE_RECORDED: inputs.yes("zone_recorded"),
        Condition.ZONE_CUSTOMS: inputs.yes("zone_customs"),
        Condition.NOT_REFUND_CANCELLED: not inputs.yes("refund_cancelled"),
    }
    try:
        day = inputs.day("regime", terms.today)
        required, basis = exemption_terms(terms.book, day)
    except (ValueError, ParameterMissing):
        inputs.fault("regime", "quote_exemption_day", value=inputs.text("regime"))
        required, basis = (), None
    inputs.refuse_faults()
    verdict = judge(required, met, basis)
    in_json = isinstance(row.get("zone_registered"), bool)
    exempt: object = verdict.exempt if in_json else str(verdict.exempt).lower()
    return {"exempt": exempt, **_told(verdict), **ignored(row, _INPUTS)}


def _told(verdict: ExemptionVerdict) -> Answer:
    if verdict.basis is None:
        return {}
    return {
        "conditions": {str(finding.condition): finding.met for finding in verdict.findings},
        "document": verdict.basis.document,
        "effective_from": verdict.basis.effective_from.isoformat(),
        "status": verdict.basis.status,
    }
