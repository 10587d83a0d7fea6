"""What a bank reads under a live consent: a firm's bills, lists, claims, credit and money; and three bills compared.

Every page is a look that is judged and written down in the transaction that reads; one that is refused shows nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.bills.queries import BillRow, Cursor, Wanted, search_bills
from ccezone.bills.queries import Scope as BillScope
from ccezone.bills.rules import BillKind
from ccezone.consents.queries import ConsentView, consent
from ccezone.consents.queries.comparing import compare
from ccezone.consents.rules import MOST_ORDERS, THREE_BILLS, DataKind
from ccezone.consents.service import Decision, decide, look
from ccezone.credit.queries import listings_of, scores_of, treatments_of
from ccezone.declarations.queries import ListFilter, Scope, search_lists
from ccezone.fx.queries.receipts import receipt, search_receipts
from ccezone.kernel.errors import Fault, Refused
from ccezone.matching.queries import match
from ccezone.storage import Connection, UnitOfWork
from ccezone.tax_refunds.queries.claims import search_claims
from ccezone.web.firm.bills import words as bill_words
from ccezone.web.firm.declarations import words as list_words
from ccezone.web.firm.fx import words as fx_words
from ccezone.web.firm.matches import TONES, VERDICTS, WAITING, label_for
from ccezone.web.firm.refunds import words as refund_words
from ccezone.web.hub import hub
from ccezone.web.office.credit import words as credit_words
from ccezone.web.partner import words
from ccezone.web.partner.bank import PAPER, own_bank, today_of
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, Page, Row, after_id, page, searched
from ccezone.web.shell.scans import MOST_MB, keep_scan

blueprint = Blueprint("bank_reading", __name__, url_prefix="/bank")
FEATURE = Feature(blueprint)
_BILLS: Mapping[str, BillKind] = {
    DataKind.ORDERS: BillKind.ORDER,
    DataKind.PAYMENTS: BillKind.PAYMENT,
    DataKind.LOGISTICS: BillKind.WAYBILL,
}
DECISION = (
    Field(
        "outcome", _l("审核决定"), "select", required=True, options=tuple((code, each[0]) for code, each in words.OUTCOMES.items())
    ),
    Field("reference", _l("本行业务编号"), required=True, max_length=60),
    Field("words", _l("说明"), "textarea", max_length=1000, help=_l("不通过或需补充材料时必填；企业能看到。")),
)


@blueprint.get("/<uuid:consent_id>/data/<any(orders, payments, logistics):kind>")
@roles_only(Role.BANK)
def bills(consent_id: UUID, kind: str) -> ResponseReturnValue:
    """Show a page of the firm's orders, payments or waybills."""
    wanted = Wanted(text=searched(), after=_bill_cursor(), limit=PAGE + 1)
    known = _BILLS[kind]

    def read(connection: Connection, firm: UUID) -> Page[BillRow]:
        return page(search_bills(connection, known, BillScope.OWN, firm, wanted), lambda row: row.cursor)

    return _data(consent_id, kind, read, known)


@blueprint.get("/<uuid:consent_id>/data/lists")
@roles_only(Role.BANK)
def lists(consent_id: UUID) -> ResponseReturnValue:
    """Show a page of the firm's declaration lists."""
    after = request.args.get("after", "")
    if after and not (after.isascii() and after.isdecimal() and len(after) < 19):
        abort(400)
    wanted, older = ListFilter(text=searched()), int(after) if after else None
    return _data(
        consent_id, "lists", lambda c, firm: page(search_lists(c, Scope(firm), wanted, older, PAGE + 1), lambda row: row.id)
    )


@blueprint.get("/<uuid:consent_id>/data/claims")
@roles_only(Role.BANK)
def claims(consent_id: UUID) -> ResponseReturnValue:
    """Show a page of the firm's refund claims."""
    older, text = after_id(), searched()
    return _data(consent_id, "claims", lambda c, firm: page(search_claims(c, firm, "", text, older, PAGE + 1), lambda row: row.id))


@blueprint.get("/<uuid:consent_id>/data/money")
@roles_only(Role.BANK)
def money(consent_id: UUID) -> ResponseReturnValue:
    """Show a page of the firm's receipts of money."""
    older, text = after_id(), searched()
    return _data(consent_id, "money", lambda c, firm: page(search_receipts(c, firm, "", text, older, PAGE + 1), lambda row: row.id))


@blueprint.get("/<uuid:consent_id>/money/<uuid:receipt_id>")
@roles_only(Role.BANK)
def used_once(consent_id: UUID, receipt_id: UUID) -> ResponseReturnValue:
    """Prove what a receipt of money was used for, and that nothing of it is used twice."""
    with hub().database.begin() as uow:
        firm = (consent(uow.connection, consent_id, bank=own_bank()) or abort(404)).enterprise_id
        found = receipt(uow.connection, firm, receipt_id)
        seen = look(uow, consent_id, [DataKind.MONEY], found.row.reference if found else "", current_principal(), hub().clock)
    if not seen.allowed:
        return _shut(seen.consent)
    if found is None:
        abort(404)
    return render_template(
        "partner/bank_used_once.html", consent=seen.consent, words=words, fx=fx_words, found=found, now=hub().clock.now()
    )  # fmt: skip


@blueprint.get("/<uuid:consent_id>/data/credit")
@roles_only(Role.BANK)
def credit(consent_id: UUID) -> ResponseReturnValue:
    """Show the firm's grade, its scores and the lists it stands on."""
    with hub().database.begin() as uow:
        seen = look(uow, consent_id, [DataKind.CREDIT], "", current_principal(), hub().clock)
        if not seen.allowed:
            return _shut(seen.consent)
        firm = seen.consent.enterprise_id
        shown = {
            "treatments": treatments_of(uow.connection, firm, 1),
            "history": scores_of(uow.connection, firm, limit=12),
            "listings": listings_of(uow.connection, firm),
        }
    return render_template("partner/bank_credit.html", consent=seen.consent, words=words, credit=credit_words, **shown)


@blueprint.get("/<uuid:consent_id>/compare")
@roles_only(Role.BANK)
def comparison(consent_id: UUID) -> ResponseReturnValue:
    """Compare three bills of chosen orders, by the hub's own verdicts."""
    return _compare(consent_id, _chosen(request.args.getlist("order")), Form(DECISION))


@blueprint.post("/<uuid:consent_id>/decide")
@roles_only(Role.BANK)
def decision(consent_id: UUID) -> ResponseReturnValue:
    """Record what the bank decided on the orders it compared, perhaps with a document."""
    values, keys, by = texts(submitted(DECISION)), _chosen(request.form.getlist("order")), current_principal()
    try:
        if faults := faults_of_form(DECISION, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            seen = look(uow, consent_id, THREE_BILLS, _numbers(uow, consent_id, keys), by, hub().clock)
            if not seen.allowed:
                return _shut(seen.consent)
            kept = keep_scan(uow, seen.consent.enterprise_id, PAPER)
            said = Decision(values["outcome"], values["reference"], values["words"], keys, kept[0] if kept else None)
            decide(uow, seen.consent, said, by, hub().clock)
    except Refused as refused:
        return _compare(consent_id, keys, Form(DECISION, values, refused.faults), 422)
    flash(_("审核决定已登记，企业已收到通知。"))
    return redirect(url_for("bank.firm", consent_id=consent_id))


def _data(
    consent_id: UUID, kind: str, read: Callable[[Connection, UUID], Page[Row]], bill: BillKind | None = None
) -> ResponseReturnValue:
    """Look at one kind of data; where that is not allowed, say so and show nothing."""
    with hub().database.begin() as uow:
        seen = look(uow, consent_id, [DataKind(kind)], searched(), current_principal(), hub().clock)
        if not seen.allowed:
            return _shut(seen.consent)
        shown = read(uow.connection, seen.consent.enterprise_id)
    template = "bills" if bill else kind
    return render_template(
        f"partner/bank_{template}.html", consent=seen.consent, page=shown, kind=kind, text=searched(), words=words,
        bill=bill, bills=bill_words, lists=list_words, refunds=refund_words, fx=fx_words, most=MOST_ORDERS, today=today_of(),
    )  # fmt: skip


def _compare(consent_id: UUID, keys: Sequence[int], form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.begin() as uow:
        seen = look(uow, consent_id, THREE_BILLS, _numbers(uow, consent_id, keys), current_principal(), hub().clock)
        if not seen.allowed:
            return _shut(seen.consent)
        found = compare(uow.connection, hub().vault, seen.consent.enterprise_id, keys)
    faults = [] if found.orders else [Fault("", "compare_orders_needed", {"most": str(MOST_ORDERS)})]
    shown = Form(form.fields, form.values, [*form.faults, *faults])
    return render_template(
        "partner/bank_compare.html", consent=seen.consent, found=found, form=shown, verdicts=VERDICTS, tones=TONES, waiting=WAITING,
        words=words, bills=bill_words, label_for=label_for, most_mb=MOST_MB,
    ), 422 if faults else status  # fmt: skip


def _numbers(uow: UnitOfWork, consent_id: UUID, keys: Sequence[int]) -> str:
    """Name the chosen orders for the record; those of other firms are not named to this one."""
    known = consent(uow.connection, consent_id, bank=own_bank()) or abort(404)
    found = (match(uow.connection, key, known.enterprise_id) for key in keys)
    return " ".join(each.order_no for each in found if each is not None)


def _chosen(given: Sequence[str]) -> list[int]:
    """Read the keys of chosen orders; 400 for what is none, or too many."""
    if len(given) > MOST_ORDERS or not all(
        each.removeprefix("-").isdecimal() and each.isascii() and len(each) < 21 for each in given
    ):
        abort(400)
    keys = [int(each) for each in given]
    return keys if all(-(2**63) <= key < 2**63 for key in keys) else abort(400)


def _bill_cursor() -> Cursor | None:
    given = request.args.get("after", "")
    try:
        return Cursor.read(given) if given else None
    except ValueError:
        abort(400)


def _shut(found: ConsentView) -> ResponseReturnValue:
    """Say that nothing is shown, and why; the look is on record."""
    return render_template("partner/bank_shut.html", consent=found, words=words, today=today_of()), 403
