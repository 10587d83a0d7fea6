"""The bank's portal: the firms that consented or were asked, asking one, and one firm with what was said, read and decided."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal, Role
from ccezone.consents.queries import TABS, ConsentFilter, consent, count_consents, decision, decisions_of, reads, search_consents
from ccezone.consents.queries import steps_of as said_of
from ccezone.consents.rules import DataKind, Terms
from ccezone.consents.service import ask_consent
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Refused
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.partner import words
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts
from ccezone.web.shell.moments import read_day
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.scans import hand_out

blueprint = Blueprint("bank", __name__, url_prefix="/bank")
BANKS = frozenset({Role.BANK})
PAPER = "bank_decision"
TERMS = (
    Field("kinds", _l("数据范围"), "checkboxes", required=True, options=tuple(words.KINDS.items())),
    Field("purpose", _l("用途"), "select", required=True, options=tuple(words.PURPOSES.items())),
    Field("note", _l("说明"), "textarea", max_length=1000, help=_l("业务内容、合同或申请编号等；用途为“其他”时必填。")),
    Field("valid_from", _l("生效日期"), "date", required=True),
    Field("valid_to", _l("截止日期"), "date", required=True, help=_l("最后一天；企业可随时撤回。")),
)
"""What is consented to, for the form of either side."""
FIELDS = (Field("uscc", _l("企业统一社会信用代码"), required=True, max_length=18), *TERMS)


def _live(connection: Connection, principal: Principal) -> int:
    return count_consents(connection, ConsentFilter(today_of(), bank=principal.partner_id))["live"]


def _asked(connection: Connection, principal: Principal) -> int:
    return count_consents(connection, ConsentFilter(today_of(), bank=principal.partner_id))["asked"]


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.PARTNER, _l("企业授权与查询"), "bank.listing", BANKS, order=2, note=_l("在企业授权范围内查询、比对并登记审核决定")
        ),
        MenuEntry(Group.PARTNER, _l("申请企业授权"), "bank.blank", BANKS, order=3, note=_l("说明数据、用途和期限，由企业决定")),
    ),
    todo=(
        Todo(_l("可查询的企业授权"), "bank.listing", BANKS, _live),
        Todo(_l("等待企业答复的申请"), "bank.listing", BANKS, _asked, {"tab": "asked"}),
    ),
)


@blueprint.get("")
@roles_only(Role.BANK)
def listing() -> ResponseReturnValue:
    """List the bank's consents by standing, the newest first."""
    tab = request.args.get("tab", "live")
    if tab not in TABS:
        abort(404)
    wanted = ConsentFilter(today_of(), bank=own_bank(), text=searched())
    with hub().database.reading() as connection:
        rows = search_consents(connection, wanted, tab, after_id(), PAGE + 1)
        counts = count_consents(connection, wanted)
    shown = page(rows, lambda row: row.id)
    return render_template(
        "partner/bank_listing.html", page=shown, tab=tab, counts=counts, words=words, today=today_of(), text=searched()
    )


@blueprint.get("/ask")
@roles_only(Role.BANK)
def blank() -> ResponseReturnValue:
    """Show an empty question to a firm."""
    return _show(Form(FIELDS, {"valid_from": today_of().isoformat(), "uscc": request.args.get("uscc", "")[:18]}))


@blueprint.post("/ask")
@roles_only(Role.BANK)
def ask() -> ResponseReturnValue:
    """Ask a firm for its consent."""
    values = submitted(FIELDS)
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            number = ask_consent(uow, texts(values)["uscc"], terms_of(values), current_principal(), hub().clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), 422)
    flash(_("申请已送达企业，等待答复。"))
    return redirect(url_for("bank.firm", consent_id=number))


@blueprint.get("/<uuid:consent_id>")
@roles_only(Role.BANK)
def firm(consent_id: UUID) -> ResponseReturnValue:
    """Show one consent: its terms, what may be read, what was read and decided."""
    with hub().database.reading() as connection:
        found = consent(connection, consent_id, bank=own_bank()) or abort(404)
        shown = {
            "steps": said_of(connection, consent_id),
            "decisions": decisions_of(connection, consent_id),
            "reads": reads(connection, consent_id=consent_id, limit=20),
        }
    return render_template("partner/bank_firm.html", consent=found, words=words, today=today_of(), kinds=DataKind, **shown)


@blueprint.get("/<uuid:consent_id>/decisions/<uuid:decision_id>/file")
@roles_only(Role.BANK)
def file(consent_id: UUID, decision_id: UUID) -> Response:
    """Hand out the document of a decision of the bank's own."""
    with hub().database.reading() as connection:
        found = decision(connection, decision_id)
    own = found is not None and (found.consent_id, found.partner_id) == (consent_id, own_bank())
    return hand_out(found.file_id if found and own else None, PAPER)


def own_bank() -> UUID:
    """Return the organisation of whoever is signed in; 403 for whoever has none."""
    return current_principal().partner_id or abort(403)


def terms_of(values: Values) -> Terms:
    """Read the terms a form holds. Raises ``Refused``: no days."""
    plain = texts(values)
    begins, ends = read_day(plain["valid_from"], "/valid_from"), read_day(plain["valid_to"], "/valid_to")
    return Terms([*values["kinds"]], plain["purpose"], plain["note"], begins, ends)


def today_of() -> date:
    """The day in Shanghai."""
    return hub().clock.now().astimezone(SHANGHAI).date()


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("partner/bank_ask.html", form=form), status
