"""A firm's consents to banks: what they ask for, what it grants and withdraws, and every look that was taken at its data."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.queries.partners import search_partners
from ccezone.accounts.rules import Permission, Principal
from ccezone.accounts.rules.partners import PartnerKind
from ccezone.consents.queries import (
    TABS,
    ConsentFilter,
    ConsentView,
    consent,
    count_consents,
    decision,
    decisions_of,
    reads,
    search_consents,
    steps_of,
)
from ccezone.consents.rules import Standing
from ccezone.consents.service import answer_consent, grant_consent, withdraw_consent
from ccezone.kernel.errors import Refused
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.partner import words
from ccezone.web.partner.bank import PAPER, TERMS, terms_of, today_of
from ccezone.web.shell.access import FIRM, current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.scans import hand_out

blueprint = Blueprint("consents", __name__, url_prefix="/firm/consents")
ANSWER = (Field("words", _l("给银行的说明"), "textarea", max_length=1000, help=_l("谢绝时必填。")),)
WITHDRAWAL = (Field("words", _l("给银行的说明（可不填）"), "textarea", max_length=1000),)


def _asked(connection: Connection, principal: Principal) -> int:
    if principal.enterprise_id is None or not principal.may(Permission.STAFF_WRITE):
        return 0
    return count_consents(connection, ConsentFilter(today_of(), firm=principal.enterprise_id))["asked"]


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.SPECIAL,
            _l("银行授权"),
            "consents.listing",
            FIRM,
            order=30,
            note=_l("授权银行查询本企业数据，随时撤回，查询有记录"),
        ),
    ),
    todo=(Todo(_l("银行申请查询贵企业数据"), "consents.listing", FIRM, _asked, {"tab": "asked"}, urgent=True),),
)


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the firm's consents by standing, the newest first."""
    tab = request.args.get("tab", "live")
    if tab not in TABS:
        abort(404)
    wanted = ConsentFilter(today_of(), firm=current_enterprise_id(), text=searched())
    with hub().database.reading() as connection:
        rows = search_consents(connection, wanted, tab, after_id(), PAGE + 1)
        counts = count_consents(connection, wanted)
        recent = reads(connection, firm=current_enterprise_id(), limit=10)
    shown = page(rows, lambda row: row.id)
    return render_template(
        "partner/consents.html", page=shown, tab=tab, counts=counts, reads=recent, words=words, today=today_of(), text=searched()
    )


@blueprint.get("/looks")
@firm_only
def looks() -> ResponseReturnValue:
    """Show every look of banks at the firm's data, the last first."""
    refused = request.args.get("show") == "refused"
    with hub().database.reading() as connection:
        rows = reads(
            connection, firm=current_enterprise_id(), text=searched(), only_refused=refused, after=after_id(), limit=PAGE + 1
        )
    shown = page(rows, lambda row: row.id)
    return render_template("partner/own_looks.html", page=shown, text=searched(), refused=refused, words=words)


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty consent."""
    return _show_new(Form(_fields(), {"valid_from": today_of().isoformat(), "bank": request.args.get("bank", "")}))


@blueprint.post("/new")
@firm_only
def grant() -> ResponseReturnValue:
    """Grant a bank a consent unasked."""
    fields = _fields()
    values = submitted(fields)
    try:
        faults = faults_of_form(fields, values)
        bank = next((value for value, _name in fields[0].options if value == texts(values)["bank"]), None)
        if faults or bank is None:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            number = grant_consent(uow, current_enterprise_id(), UUID(bank), terms_of(values), current_principal(), hub().clock)
    except Refused as refused:
        return _show_new(Form(fields, values, refused.faults), 422)
    flash(_("已授权，银行即可在授权范围内查询。"))
    return redirect(url_for("consents.detail", consent_id=number))


@blueprint.get("/<uuid:consent_id>")
@firm_only
def detail(consent_id: UUID) -> ResponseReturnValue:
    """Show one consent: its terms, story, looks and decisions, to answer or withdraw."""
    return _show(consent_id, Form(ANSWER))


@blueprint.post("/<uuid:consent_id>/answer")
@firm_only
def answer(consent_id: UUID) -> ResponseReturnValue:
    """Agree to what a bank asks, or refuse."""
    agree, values = request.form.get("agree", ""), texts(submitted(ANSWER))
    if agree not in ("0", "1"):
        _own(consent_id)
        abort(400)
    by, own, said = current_principal(), current_enterprise_id(), values["words"]
    try:
        with hub().database.begin() as uow:
            answer_consent(uow, own, consent_id, posted_version(), agree == "1", said, by, hub().clock)
    except Refused as refused:
        return _show(consent_id, Form(ANSWER, values, refused.faults), 422)
    flash(_("已同意授权。") if agree == "1" else _("已谢绝。"))
    return redirect(url_for("consents.detail", consent_id=consent_id))


@blueprint.post("/<uuid:consent_id>/withdraw")
@firm_only
def withdraw(consent_id: UUID) -> ResponseReturnValue:
    """Withdraw a consent, at once."""
    values = texts(submitted(WITHDRAWAL))
    try:
        with hub().database.begin() as uow:
            withdraw_consent(uow, current_enterprise_id(), consent_id, values["words"], current_principal(), hub().clock)
    except Refused as refused:
        return _show(consent_id, Form(WITHDRAWAL, values, refused.faults), 422)
    flash(_("授权已撤回，银行不能再查询。"))
    return redirect(url_for("consents.detail", consent_id=consent_id))


@blueprint.get("/<uuid:consent_id>/decisions/<uuid:decision_id>/file")
@firm_only
def file(consent_id: UUID, decision_id: UUID) -> Response:
    """Hand out the document of a decision about the firm."""
    with hub().database.reading() as connection:
        found = decision(connection, decision_id)
    own = found is not None and (found.consent_id, found.enterprise_id) == (consent_id, current_enterprise_id())
    return hand_out(found.file_id if found and own else None, PAPER)


def _fields() -> tuple[Field, ...]:
    spoken = language()
    with hub().database.reading() as connection:
        banks = search_partners(connection, PartnerKind.BANK, limit=400, only_active=True)
    options = tuple((str(each.id), each.called(spoken)) for each in banks)
    return (Field("bank", _l("银行"), "select", required=True, options=options), *TERMS)


def _own(consent_id: UUID) -> ConsentView:
    with hub().database.reading() as connection:
        return consent(connection, consent_id, firm=current_enterprise_id()) or abort(404)


def _show(consent_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    found = _own(consent_id)
    with hub().database.reading() as connection:
        shown = {
            "steps": steps_of(connection, consent_id),
            "decisions": decisions_of(connection, consent_id),
            "reads": reads(connection, consent_id=consent_id, limit=50),
        }
    now = found.standing(today_of())
    return render_template(
        "partner/own_consent.html", consent=found, words=words, today=today_of(), form=form, may=current_principal().may(
            Permission.STAFF_WRITE
        ), asked=now is Standing.ASKED, given=now in (Standing.LIVE, Standing.FUTURE), withdrawal=WITHDRAWAL, **shown,
    ), status  # fmt: skip


def _show_new(form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("partner/own_grant.html", form=form), status
