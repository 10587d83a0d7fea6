"""The gate of a receipt as it stands today, with the three flows of every order its money is matched to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from ccezone.enterprises.queries import directory
from ccezone.fx.rules.flows import Finding, FlowFacts, Window, compare
from ccezone.fx.rules.parts import Parts
from ccezone.fx.rules.routing import Case, Firm, Gate, Limits, Rule, gate, rule_key
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.storage.personal import fold

DOLLAR = "502"
_RECEIPT = """
SELECT enterprise_id, currency, value_date, payer, kind, declared_at IS NOT NULL, registration_no, amount, open, held, pending,
    settled, leaving, returned, matched
FROM fx_receipt WHERE id = %(id)s
"""
_ORDERS = """
SELECT o.order_key, o.order_no, o.currency, o.expected, o.received + o.netted, o.ordered_on, o.exported_on, o.platform_name,
    v.merchant_code,
    coalesce((SELECT array_agg(DISTINCT p.payment_enterprise_name) FROM payment_version p
        WHERE p.order_key = o.order_key AND p.app_type <> 3), '{}'),
    coalesce((SELECT array_agg(coalesce(w.merchant_code, '')) FROM order_match m
        CROSS JOIN LATERAL jsonb_array_elements(m.waybills) AS parcel(said)
        CROSS JOIN LATERAL (SELECT x.merchant_code FROM waybill_version x
            WHERE x.waybill_key = (said ->> 'waybill')::bigint ORDER BY x.version DESC LIMIT 1) w
        WHERE m.order_key = o.order_key), '{}')
FROM (SELECT DISTINCT order_key FROM fx_match WHERE receipt_id = %(id)s) k JOIN fx_order o ON o.order_key = k.order_key
CROSS JOIN LATERAL (SELECT x.merchant_code FROM order_version x WHERE x.order_key = o.order_key ORDER BY x.version DESC LIMIT 1) v
WHERE (SELECT sum(m.amount) FROM fx_match m WHERE m.receipt_id = %(id)s AND m.order_key = o.order_key) > 0
ORDER BY o.order_no, o.order_key
"""


@dataclass(frozen=True, slots=True)
class OrderFlows:
    """The three flows of one matched order, aspect by aspect."""

    order_key: int
    order_no: str
    exported_on: date | None
    findings: Sequence[Finding]

    @property
    def agree(self) -> bool:
        return not any(finding.blocks for finding in self.findings)


def flows_of(connection: Connection, firm: Firm, receipt_id: UUID, book: ParameterBook, today: date) -> Sequence[OrderFlows]:
    """Compare order, money and waybill of every order a receipt is matched to."""
    enterprise, currency, value_date, payer, kind, *_ = fetch(connection, _RECEIPT, {"id": receipt_id})[0]
    window = Window(book.integer("fx.window_days_before", today), book.integer("fx.window_days_after", today))
    tolerance = book.decimal("fx.match_tolerance", today)
    party = directory(connection).by_id.get(enterprise)
    codes = {party.uscc, party.customs_code or ""} if party else set[str]()
    found = []
    for row in fetch(connection, _ORDERS, {"id": receipt_id}):
        key, number, order_currency, expected, explained, ordered, exported, platform, merchant, institutions, parcels = row
        payers = frozenset(fold(name) for name in (platform, *institutions) if name)
        facts = FlowFacts(
            number, frozenset(codes | {merchant}), parcels, order_currency, currency, expected, explained, tolerance, ordered,
            value_date, fold(payer), payers, direct=kind == "buyer",
        )  # fmt: skip
        found.append(OrderFlows(key, number, exported, compare(facts, window, special_area=firm.special_area)))
    return found


def gate_of(connection: Connection, firm: Firm, receipt_id: UUID, book: ParameterBook, today: date) -> Gate:
    """Return the gate of a receipt for what its firm is today, by the rules in force today."""
    _, currency, value_date, _, _, declared, registration, *parts = fetch(connection, _RECEIPT, {"id": receipt_id})[0]
    flows = flows_of(connection, firm, receipt_id, book, today)
    deferred = max((max(0, (value_date - each.exported_on).days) for each in flows if each.exported_on), default=0)
    flaws = [finding.fault for each in flows for finding in each.findings if finding.blocks and finding.fault]
    stands = Parts(*parts)
    case = Case(stands, currency, declared, registration, flaws, deferred, in_usd(book, stands.amount, currency, value_date))
    limits = Limits(book.integer("fx.deferred_days.BC", today), book.decimal("fx.undeclared_individual", today))
    return gate(firm, case, rule_for(firm, book, today), limits)


def rule_for(firm: Firm, book: ParameterBook, today: date) -> Rule:
    """Return the dated rule that decides a firm's way."""
    row = book.row(rule_key(firm), today)
    return Rule(row.key, str(row.value), row.document, row.effective_from, row.status)


def bop_codes(book: ParameterBook, today: date) -> Mapping[str, str]:
    """Return the balance-of-payments codes to choose from, with how sure they are."""
    row = book.row("fx.bop_codes", today)
    return dict.fromkeys(book.texts("fx.bop_codes", today), row.status)


def in_usd(book: ParameterBook, amount: Decimal, currency: str, day: date) -> Decimal | None:
    """Return an amount in US dollars by customs' rates; ``None`` when one of them is missing."""
    own, dollar = book.exchange_rate(currency, day), book.exchange_rate(DOLLAR, day)
    if currency == DOLLAR:
        return amount
    return None if own is None or dollar is None else (amount * own.cny / dollar.cny).quantize(Decimal("0.01"))
