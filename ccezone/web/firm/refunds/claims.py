"""Refund claims for firms and the office: every claim with the bureau's clock, one with its items, invoices, doubts and history."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Role
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault
from ccezone.kernel.holidays import published_calendar
from ccezone.parameters.queries import book
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.claims import (
    TABS,
    ClaimRow,
    ClaimView,
    awaited,
    claim,
    count_claims,
    facts_of,
    parked_notices,
    review_clocks,
    search_claims,
)
from ccezone.tax_refunds.queries.clawbacks import clawbacks_of_claim
from ccezone.tax_refunds.queries.leave import prerefunds_of_claim
from ccezone.tax_refunds.queries.leave_terms import code_of
from ccezone.tax_refunds.queries.ledger import claimable
from ccezone.tax_refunds.queries.pilots import open_pilot
from ccezone.tax_refunds.queries.pledges import live_pledge
from ccezone.tax_refunds.rules.claims import State, Step, steps_from
from ccezone.tax_refunds.rules.self_check import Doubt, amount_claimed, self_check
from ccezone.tax_refunds.rules.terms import ReviewClock
from ccezone.web.firm.refunds import leave_words, voucher_words, words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office, office_readers
from ccezone.web.shell.forms import Field, Form
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("refund_claims", __name__, url_prefix="/tax-refunds")


_SOON = timedelta(days=30)
FIGURES = (
    Field("domestic_sales", _l("内销额（不含税）"), "decimal"),
    Field("domestic_vat_pct", _l("内销适用税率（%）"), "decimal"),
    Field("input_vat", _l("当期进项税额"), "decimal"),
    Field("carried_credit", _l("上期留抵税额"), "decimal"),
)
OPENING = (
    Field("method", _l("退税办法"), "select", required=True, options=tuple(words.METHODS.items())),
    Field("period", _l("所属期"), required=True, max_length=7, help=_l("年月，例如 2026-05")),
    Field("taxpayer_class", _l("出口企业分类"), "select", required=True, options=tuple(words.CLASSES.items())),
    replace(FIGURES[0], help=_l("以下四项只由生产企业填写")),
    *FIGURES[1:],
)
TEXT = (Field("text", _l("内容"), "textarea", required=True, max_length=1000),)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List claims of a tab, the newest first, with what is still to come."""
    tab = request.args.get("tab", "")
    if tab and tab not in TABS:
        abort(400)
    with hub().database.reading() as connection:
        rows = search_claims(connection, viewer(), tab, searched(), after_id(), PAGE + 1)
        counts = count_claims(connection, viewer())
        coming = awaited(connection, viewer())
        clocks = _clocks(connection, [*rows, *coming])
        parties, firm = directory(connection).by_id, viewer()
        pilot = open_pilot(connection, firm) if firm else None
    shown = page(rows, lambda row: row.id)
    return render_template(
        "refunds/claims.html", page=shown, tab=tab, text=searched(), counts=counts, clocks=clocks, parties=parties, words=words,
        forecast=forecast(coming, clocks, today()), mine=_mine(), pilot=pilot, pilot_words=voucher_words, today=today(),
    )  # fmt: skip


@blueprint.get("/notices")
@office_readers
def parked() -> ResponseReturnValue:
    """List what the bureau told and nobody could place."""
    with hub().database.reading() as connection:
        rows = parked_notices(connection)
    return render_template("refunds/parked.html", rows=rows, words=words)


@blueprint.get("/<uuid:claim_id>")
@firms_and_office
def detail(claim_id: UUID) -> ResponseReturnValue:
    """Show one claim."""
    return show(claim_id)


def show(
    claim_id: UUID, forms: Mapping[str, Form] | None = None, faults: Sequence[Fault] = (), status: int = 200
) -> ResponseReturnValue:
    """Show one claim, with forms as they were filled in and what is wrong with them."""
    with hub().database.reading() as connection:
        view = claim(connection, viewer(), claim_id) or abort(404)
        parameters = book(connection, hub().settings.zone)
        facts = facts_of(view, parameters, today())
        editable = _mine() and view.row.state in ("draft", "checked", "not_accepted")
        offered = claimable(connection, view.row.merchant_id, PAGE) if editable else []
        clock = _clocks(connection, [view.row]).get(claim_id)
        parties = directory(connection).by_id
        bound = live_pledge(connection, view.row.merchant_id)
        owed, unsold = clawbacks_of_claim(connection, claim_id), prerefunds_of_claim(connection, claim_id)
    invoice = Form(invoice_fields(view))
    stated = Form(FIGURES, {each.name: f"{getattr(view.row, each.name):f}" for each in FIGURES})
    given = {"invoice": invoice, "text": Form(TEXT), "figures": stated, **(forms or {})}
    doubts = self_check(facts) if view.row.state in ("draft", "checked", "not_accepted") else ()
    return render_template(
        "refunds/claim.html", view=view, row=view.row, editable=editable, offered=offered, clock=clock, parties=parties,
        words=words, clawbacks=owed, prerefunds=unsold, pledge=bound, leave_states=leave_words.STATES,
        codes={each.item_id: code_of(each, parameters) for each in view.items},
        late={each.subject for each in doubts if "collect" in each.code}, forms=given,
        faults=faults, doubts=[(_fault(each), each.blocks) for each in doubts],
        amount=view.row.claimed if view.row.claimed is not None else amount_claimed(facts), steps=_steps(view),
        invoices={item.item_id: [each for each in view.invoices if each.item_id == item.item_id] for item in view.items},
    ), status  # fmt: skip


def invoice_fields(view: ClaimView) -> Sequence[Field]:
    """Return the fields of an invoice, to be put behind one of the claim's items."""
    items = tuple((str(item.item_id), f"{item.document_no}-{item.line_no} {item.goods_name}") for item in view.items)
    return (
        Field("item_id", _l("对应的出口商品"), "select", required=True, options=items),
        Field("invoice_no", _l("发票号码"), required=True, max_length=20),
        Field("seller_uscc", _l("销售方统一社会信用代码"), required=True, max_length=18),
        Field("issued_on", _l("开票日期"), "date", required=True),
        Field("amount", _l("金额（不含税）"), "decimal", required=True),
        Field("vat_pct", _l("税率（%）"), "decimal", required=True),
        Field("vat", _l("税额"), "decimal", required=True),
    )


def forecast(coming: Sequence[ClaimRow], clocks: Mapping[UUID, ReviewClock], day: date) -> Mapping[str, Decimal | int]:
    """Sum up what is still to come: all, decided, due within thirty days by the bureau's term, waiting for an answer, overdue."""

    def total(rows: Sequence[ClaimRow]) -> Decimal:
        return sum((each.approved if each.approved is not None else each.claimed or Decimal(0) for each in rows), Decimal(0))

    timed = [(each, clocks[each.id]) for each in coming if each.id in clocks]
    return {
        "all": total(coming),
        "decided": total([each for each in coming if each.approved is not None]),
        "soon": total([each for each, clock in timed if clock.due is not None and day <= clock.due <= day + _SOON]),
        "paused": total([each for each, clock in timed if clock.paused]),
        "overdue": sum(clock.overdue for _, clock in timed),
    }


def today() -> date:
    """Return the day in the zone."""
    return hub().clock.now().astimezone(SHANGHAI).date()


def _clocks(connection: Connection, rows: Sequence[ClaimRow]) -> Mapping[UUID, ReviewClock]:
    return review_clocks(connection, rows, book(connection, hub().settings.zone), published_calendar(), today())


def _steps(view: ClaimView) -> frozenset[Step]:
    return steps_from(State(view.row.state)) if _mine() else frozenset()


def _mine() -> bool:
    principal = current_principal()
    return principal.role == Role.FIRM and principal.may(Permission.DECLARATIONS_WRITE)


def _fault(doubt: Doubt) -> Fault:
    return Fault("", doubt.code, {"subject": doubt.subject, **doubt.params})
