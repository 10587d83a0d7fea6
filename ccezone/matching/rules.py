"""The merge's vocabulary and its comparison rules, as data (``cross_check_rules.csv``, edition 202205, and three of our own).

A rule compares a field of the order with a field of another bill. Amounts and codes are compared by the database as they
are; names, numbers and addresses of people by keyed digest, after NFKC and folding of white space and case.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Verdict(StrEnum):
    """What the merge says about an order."""

    WAITING = "waiting"
    MATCHED = "matched"
    WARNED = "matched_with_warnings"
    CONFLICT = "conflict"
    DELETED = "deleted"


class Severity(StrEnum):
    """Whether a difference stops the order or only says so."""

    BLOCK = "block"
    WARN = "warn"


class Comparison(StrEnum):
    """How two values are compared."""

    AMOUNT = "amount"
    EQUAL = "equal"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class MergeRule:
    """One comparison of an order with its payments (``right_bill`` payment) or with one of its waybills.

    ``left`` and ``right`` are SQL expressions over ``o`` (order), ``p`` (payments together) or ``w`` (waybill);
    ``shown_left`` and ``shown_right`` name the fields that a page shows for them. ``tolerance`` names the dated
    parameter that holds the permitted difference of an amount, in the order's currency.
    """

    id: str
    flow: str
    right_bill: str
    comparison: Comparison
    left: str
    right: str
    shown_left: str
    shown_right: str
    severity: Severity
    tolerance: str = ""


MERGE_RULES: tuple[MergeRule, ...] = (
    MergeRule(
        "I02", "I", "payment", Comparison.AMOUNT, "o.actual_paid", "p.amount", "actual_paid", "amount",
        Severity.BLOCK, "matching.tolerance.I02",
    ),
    MergeRule(
        "I03", "I", "order", Comparison.AMOUNT, "o.actual_paid", "o.goods_value + o.freight + o.tax_total - o.discount",
        "actual_paid", "goods_value + freight + tax_total - discount", Severity.BLOCK, "matching.tolerance.I03",
    ),
    MergeRule(
        "I04", "I", "payment", Comparison.EQUAL, "o.payment_enterprise_code", "p.payment_enterprise_code",
        "payment_enterprise_code", "payment_enterprise_code", Severity.BLOCK,
    ),
    MergeRule(
        "I05", "I", "payment", Comparison.PERSON,
        "(o.buyer_name_digest, o.buyer_id_digest)", "(p.payer_name_digest, p.payer_id_digest)",
        "buyer_name + buyer_id_number", "payer_name + payer_id_number", Severity.BLOCK,
    ),
    MergeRule(
        "I07", "I", "waybill", Comparison.PERSON, "o.consignee_digest", "w.consignee_digest",
        "consignee_name", "consignee_name", Severity.BLOCK,
    ),
    MergeRule(
        "I08", "I", "waybill", Comparison.PERSON, "o.consignee_telephone_digest", "w.consignee_telephone_digest",
        "consignee_telephone", "consignee_telephone", Severity.BLOCK,
    ),
    MergeRule(
        "I09", "I", "waybill", Comparison.PERSON, "o.consignee_address_digest", "w.consignee_address_digest",
        "consignee_address", "consignee_address", Severity.BLOCK,
    ),
    MergeRule(
        "I12", "I", "waybill", Comparison.EQUAL, "o.order_no", "w.order_no", "order_no", "order_no",
        Severity.BLOCK,
    ),
    MergeRule(
        "X01", "E", "payment", Comparison.AMOUNT, "o.goods_value + o.freight", "p.amount", "goods_value + freight", "amount",
        Severity.WARN, "matching.tolerance.X01",
    ),
    MergeRule(
        "X02", "E", "payment", Comparison.EQUAL, "o.currency", "p.currency", "currency", "currency",
        Severity.BLOCK,
    ),
    MergeRule(
        "X03", "E", "waybill", Comparison.EQUAL,
        "(SELECT uscc FROM enterprise WHERE id = o.merchant_id)", "w.merchant_code", "merchant_code", "merchant_code",
        Severity.BLOCK,
    ),
)  # fmt: skip
RULES_BY_ID = {rule.id: rule for rule in MERGE_RULES}


@dataclass(frozen=True, slots=True)
class Gate:
    """Which bills an order must have before its list may be filed (dated parameter, per flow)."""

    payment: bool
    waybill: bool


@dataclass(frozen=True, slots=True)
class MergeTerms:
    """The dated parameters that are in force on the day of a merge."""

    tolerances: dict[str, Decimal]
    export_gate: Gate
    import_gate: Gate
    orders_share_waybill: bool
    watched: frozenset[UUID] = frozenset()  # merchants who are told of every verdict that changed


class Criterion(StrEnum):
    """What makes a transaction cross-border e-commerce (业务认定标准); which of them count is a dated parameter of the zone."""

    MERCHANT = "merchant"
    PLATFORM = "platform"
    PAYMENT = "payment"
    WAYBILL = "waybill"
    AGREED = "agreed"


Findings = Mapping[Criterion, bool | None]


def recognised(findings: Findings, required: Collection[str]) -> bool | None:
    """Say whether a transaction is recognised: every criterion that counts holds; ``None`` while one of them is not known yet.

    One that fails decides at once, whatever else is still to come.
    """
    counted = [findings.get(criterion) for criterion in Criterion if criterion.value in required]
    if any(each is False for each in counted):
        return False
    return None if not counted or any(each is None for each in counted) else True
