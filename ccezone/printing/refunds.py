"""A refund claim on paper: the evidence pack's document (cover, goods, invoices, declarations, lists, bills, steps)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from ccezone.bills import queries as bills
from ccezone.bills.queries import BillView
from ccezone.bills.rules import BillKind
from ccezone.declarations.queries import GeneralView, ListDetail, general_declaration, list_detail, scope_of
from ccezone.enterprises.queries import directory
from ccezone.matching.queries import MatchRow, match
from ccezone.printing.documents import Column, Composed, Document, Facts, Locale, Section, Source, Step, Steps, Table
from ccezone.printing.words import moment, money, named, say
from ccezone.tax_refunds.queries.claims import ClaimView, claim
from schemas.codes.statuses import status_words

YUAN = "142"
MOST_BILLS = 400
"""As many bills as the digest names one by one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind a claim: recorded declarations, lists with the merge's opinion of their orders, and the bills."""

    view: ClaimView
    merchant: str
    uscc: str
    declarations: Sequence[GeneralView]
    lists: Sequence[ListDetail]
    merges: Sequence[MatchRow]
    bills: Sequence[BillView]


def compose_refund(source: Source, subject: str) -> Composed | None:
    """Read a claim by its id, with the evidence behind it."""
    found = gather(source, UUID(subject))
    if found is None:
        return None
    row = found.view.row
    facts = {
        "number": row.reference,
        "merchant": found.merchant,
        "refund_method": row.method,
        "refund_period": row.period,
        "refund_state": row.state,
        "claimed": f"{row.claimed} {YUAN}" if row.claimed is not None else "",
        "approved": f"{row.approved} {YUAN}" if row.approved is not None else "",
        "paid": f"{row.paid} {YUAN}" if row.paid else "",
        "lines": str(len(found.view.items)),
    }
    content = (facts, found.uscc, _content(found))

    def document(locale: Locale, _clear: bool) -> Document:
        return Document(say("refund_claim", locale), row.reference, found.merchant, sections(found, locale), contents=True)

    return Composed(facts, content, document)


def gather(source: Source, claim_id: UUID) -> Evidence | None:
    """Read a claim and all that stands behind it; another firm's looks like none."""
    connection = source.connection
    view = claim(connection, source.viewer, claim_id)
    if view is None:
        return None
    party = directory(connection).by_id.get(view.row.merchant_id)
    of = {kind: list(dict.fromkeys(each.source_id for each in view.items if each.source == kind)) for kind in ("G", "L")}
    declarations = [general_declaration(connection, source.viewer, UUID(each)) for each in of["G"]]
    scope = scope_of(connection, source.viewer)
    lists = [each for each in (list_detail(connection, source.vault, scope, int(number)) for number in of["L"]) if each]
    merges = [each for each in (match(connection, key, source.viewer) for key in dict.fromkeys(_orders(lists))) if each]
    return Evidence(
        view, party.name if party else "", party.uscc if party else "", [each for each in declarations if each], lists, merges,
        [each for merge in merges for each in _bills(source, merge)][:MOST_BILLS],
    )  # fmt: skip


def bill_digest(found: BillView) -> str:
    """Return the SHA-256 of a bill as it stands, personal values sealed."""
    packed = orjson.dumps(dict(found.newest.values), default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(packed).hexdigest()


def sections(found: Evidence, locale: Locale) -> Sequence[Section]:
    """Write the parts of the pack's document."""
    return [
        _cover(found, locale), _items(found, locale), _invoices(found, locale), _declarations(found, locale),
        _lists(found, locale), _three_bills(found, locale), _steps(found.view, locale),
    ]  # fmt: skip


def _orders(lists: Sequence[ListDetail]) -> Sequence[int]:
    return [each.row.order_key for each in lists]


def _bills(source: Source, merge: MatchRow) -> Sequence[BillView]:
    wanted = [(BillKind.ORDER, merge.order_key), *((BillKind.PAYMENT, key) for key in merge.payments)]
    wanted += [(BillKind.WAYBILL, key) for key in merge.waybills]
    read = (bills.bill(source.connection, source.vault, source.deliveries, kind, key, source.viewer) for kind, key in wanted)
    return [each for each in read if each]


def _content(found: Evidence) -> object:
    view = found.view
    return (
        [(str(each.item_id), each.declaration_no, str(each.value_cny), str(each.refund_pct)) for each in view.items],
        [(each.invoice_no, each.seller_uscc, str(each.amount), str(each.vat)) for each in view.invoices],
        [(each.declaration_no, each.version) for each in found.declarations],
        [(each.row.list_no, each.row.state) for each in found.lists],
        [(str(each.kind), each.number, bill_digest(each)) for each in found.bills],
        [(each.step, each.at, str(each.amount), each.note) for each in view.steps],
    )


def _cover(found: Evidence, locale: Locale) -> Facts:
    row = found.view.row
    amounts = {"claimed": row.claimed, "approved": row.approved, "reversed": row.reversed or None, "paid": row.paid or None}
    amounts["recovered"] = row.recovered or None
    rows = [
        (say("merchant", locale), found.merchant),
        (say("uscc", locale), found.uscc),
        (say("refund_method", locale), say(row.method, locale)),
        (say("refund_period", locale), row.period),
        (say("taxpayer_class", locale), str(row.taxpayer_class)),
        (say("refund_state", locale), say(f"refund_{row.state}", locale)),
        *((say(name, locale), money(value, YUAN, locale)) for name, value in amounts.items() if value is not None),
    ]
    return Facts(say("summary", locale), rows)


def _items(found: Evidence, locale: Locale) -> Table:
    columns = [
        *(Column(say("goods_name", locale)), Column(say("hs", locale)), Column(say("exported_on", locale))),
        *(Column(say("declaration_no", locale)), Column(say("value", locale), True), Column(say("rates", locale), True)),
    ]
    rows = [
        [
            f"{each.goods_name}\n{each.document_no}-{each.line_no}",
            each.hs_code,
            str(each.exported_on or ""),
            each.declaration_no,
            money(each.amount, each.currency, locale) if each.amount is not None else "",
            f"{each.vat_pct.normalize():f}% / {each.refund_pct.normalize():f}%" if each.vat_pct and each.refund_pct else "",
        ]
        for each in found.view.items
    ]
    return Table(say("goods", locale), columns, rows)


def _invoices(found: Evidence, locale: Locale) -> Table:
    names = {each.item_id: each.goods_name for each in found.view.items}
    columns = [
        *(Column(say("invoice_no", locale)), Column(say("seller", locale)), Column(say("issued_on", locale))),
        *(Column(say("goods_name", locale)), Column(say("net_amount", locale), True), Column(say("vat", locale), True)),
    ]
    rows = [
        [
            *(each.invoice_no, each.seller_uscc, str(each.issued_on), names.get(each.item_id, "")),
            *(money(each.amount, YUAN, locale), money(each.vat, YUAN, locale)),
        ]
        for each in found.view.invoices
    ]
    return Table(say("invoices", locale), columns, rows)


def _declarations(found: Evidence, locale: Locale) -> Table:
    names = ("declaration_no", "trade_mode", "declared_on", "released_on")
    columns = [*(Column(say(name, locale)) for name in names), Column(say("total_value", locale), True)]
    rows = [
        [
            *(each.declaration_no, named(each.trade_mode, "supervision_modes", locale)),
            *(str(each.declared_on), str(each.released_on or ""), money(each.total_value, each.currency, locale)),
        ]
        for each in found.declarations
    ]
    return Table(say("declarations", locale), columns, rows)


def _lists(found: Evidence, locale: Locale) -> Table:
    names = ("list_no", "order_no", "waybill_no", "state")
    columns = [*(Column(say(name, locale)) for name in names), Column(say("value", locale), True)]
    rows = [
        [
            *(each.row.list_no or each.row.cop_no, each.row.order_no, each.row.waybill_no),
            f"{each.row.state} {status_words(each.row.state).label(locale)}",
            money(each.row.total_value, each.row.currency, locale),
        ]
        for each in found.lists
    ]
    return Table(say("lists", locale), columns, rows)


def _three_bills(found: Evidence, locale: Locale) -> Table:
    verdicts = {each.order_key: each.verdict.value for each in found.merges}
    columns = [Column(say(name, locale)) for name in ("kind", "number", "version", "verdict", "content")]
    rows = [
        [
            *(say(each.kind.value, locale), each.number, str(each.newest.version)),
            *(say(verdicts.get(each.order_key or each.key, ""), locale), bill_digest(each)),
        ]
        for each in found.bills
    ]
    return Table(say("three_bills", locale), columns, rows)


def _steps(view: ClaimView, locale: Locale) -> Steps:
    told = [
        Step(
            moment(each.at),
            say(f"refund_step_{each.step}", locale) + (f" {money(each.amount, YUAN, locale)}" if each.amount is not None else ""),
            each.note,
        )
        for each in view.steps
    ]
    return Steps(say("course", locale), told)
