"""The one read model of an order's whole story, for the firm and for the office: the chain of bills and lists, and beside it joint
inspection, refund, money and what banks decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from ccezone.clearance.queries.chain import Chain, ChainStep
from ccezone.consents.queries import decisions_on_order
from ccezone.inspection.queries import order, orders_about
from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.area import left_on_lists
from ccezone.tax_refunds.queries.claims import claim
from ccezone.tracing.ports import MoneyHistory

_ITEMS = """
SELECT i.id, i.made_at, i.document_no || '-' || i.line_no, i.goods_name, i.amount, i.currency,
    (SELECT c.claim_id FROM refund_claim_item c WHERE c.item_id = i.id AND c.live)
FROM goods_ledger_item i WHERE i.source = 'L' AND i.source_id = ANY(%(lists)s) ORDER BY i.source_id, i.line_no
"""
_OFFICE_ONLY = frozenset({"noted", "joined"})


class Strand(StrEnum):
    """The seven, in the order they are named in."""

    CUSTOMS = "customs"
    INSPECTION = "inspection"
    TAX = "tax"
    FX = "fx"
    COMMERCE = "commerce"
    FINANCE = "finance"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step of a strand. ``kind`` says what happened, within its strand; ``chain`` is the step of the chain, where it is one.

    ``subject`` is the id of the inspection, lot of a special area, ledger item, claim or consent it is about; ``code`` a result,
    state or outcome.
    """

    strand: Strand
    at: datetime
    kind: str
    number: str = ""
    subject: str = ""
    code: str = ""
    note: str = ""
    amount: Decimal | None = None
    currency: str = ""
    chain: ChainStep | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """An order's whole story; ``strands`` are those that are watched, each with its steps in order of time."""

    chain: Chain
    steps: Sequence[StoryStep]
    strands: Mapping[Strand, Sequence[StoryStep]]


def story(connection: Connection, found: Chain, firm: UUID | None, money: MoneyHistory | None, *, finance: bool = True) -> Story:
    """Return the story of a chain somebody may see.

    Without ``money`` nobody watches FX; ``finance`` says whether they see what banks decided.
    """
    lists = [str(row.id) for row in found.lists]
    steps = [StoryStep(Strand(each.strand), each.at, each.kind, each.number, chain=each) for each in found.steps]
    steps += [*_inspected(connection, lists), *_refunded(connection, found.match.merchant_id, lists)]
    if money is not None:
        steps += _paid(connection, firm, found.match.order_key, money)
    if finance:
        steps += _decided(connection, found.match.order_key)
    steps.sort(key=lambda step: step.at)
    watched = [each for each in Strand if (money or each is not Strand.FX) and (finance or each is not Strand.FINANCE)]
    return Story(found, steps, {each: [step for step in steps if step.strand is each] for each in watched})


def _inspected(connection: Connection, lists: Sequence[str]) -> Iterator[StoryStep]:
    for known in (row for each in lists for row in orders_about(connection, "list", each)):
        view = order(connection, known.id)
        for step in view.steps if view else ():
            if step.action not in _OFFICE_ONLY:
                code = str(step.detail.get("opinion") or step.detail.get("result") or "")
                more = {"agency": step.agency}
                yield StoryStep(Strand.INSPECTION, step.at, step.action, known.spelled, str(known.id), code, step.note, detail=more)


def _refunded(connection: Connection, merchant: UUID | None, lists: Sequence[str]) -> Iterator[StoryStep]:
    """The goods in the ledger, the lots of a special area they came from, and every step of the claims either stands in."""
    claims: dict[UUID, None] = {}
    for each in left_on_lists(connection, merchant, lists):
        named = " ".join(filter(None, (each.lot_reference, each.goods_name, each.summary_reference)))
        place = (each.delivery_no, str(each.item_id))
        yield StoryStep(Strand.TAX, each.made_at, "area", *place, note=named, amount=each.value, currency=each.currency)
        if each.claim_id:
            claims[each.claim_id] = None
    for item_id, at, number, name, amount, currency, claim_id in fetch(connection, _ITEMS, {"lists": list(lists)}):
        yield StoryStep(Strand.TAX, at, "ledger", number, str(item_id), note=name, amount=amount, currency=currency)
        if claim_id:
            claims[claim_id] = None
    for claim_id in claims:
        view = claim(connection, merchant, claim_id)
        for step in view.steps if view else ():
            number = view.row.reference if view else ""
            yield StoryStep(
                Strand.TAX, step.at, f"claim.{step.step}", number, str(claim_id), step.state, step.note, step.amount, "142"
            )


def _paid(connection: Connection, firm: UUID | None, order_key: int, money: MoneyHistory) -> Iterator[StoryStep]:
    for step in money(connection, firm, order_key):
        yield StoryStep(
            Strand.FX, step.at, step.step, str(step.receipt_number), code=step.kind, amount=step.amount, currency=step.currency
        )


def _decided(connection: Connection, order_key: int) -> Iterator[StoryStep]:
    for each in decisions_on_order(connection, order_key):
        banks = {"zh": each.bank_zh, "en": each.bank_en or each.bank_zh}
        yield StoryStep(
            Strand.FINANCE, each.at, "decided", each.reference, str(each.consent_id), each.outcome, each.words, detail=banks
        )
