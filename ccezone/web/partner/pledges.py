"""Pledges of refund accounts: a bank asks, drops and releases; the firm's administrator agrees or refuses; the office looks on."""

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.consents.queries import consent
from ccezone.consents.service.pledging import ask_pledge
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.pledges import PledgeView, pledge, search_pledges, steps_of
from ccezone.tax_refunds.rules.pledges import BANK_STEPS, State, Step, Terms, after
from ccezone.tax_refunds.service.pledges import move_pledge
from ccezone.web.hub import hub
from ccezone.web.partner import pledge_words as words
from ccezone.web.partner.bank import BANKS, own_bank
from ccezone.web.shell.access import FIRM, READERS, current_enterprise_id, current_principal, roles_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.moments import read_day
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("pledges", __name__, url_prefix="/refund-pledges")
FIELDS = (
    Field("account_no", _l("退税账户账号"), required=True, max_length=30, help=_l("企业在贵行开立、用于接收退税款的账户。")),
    Field("contract_no", _l("托管（质押）合同编号"), required=True, max_length=60),
    Field("until", _l("合同到期日"), "date", help=_l("只作提示；解除托管须由银行办理。")),
    Field("note", _l("说明"), "textarea", max_length=1000),
)
WORDS = (Field("words", _l("说明"), "textarea", max_length=1000, help=_l("同意时可不填。")),)


def _asked(connection: Connection, principal: Principal) -> int:
    return len(search_pledges(connection, principal.enterprise_id, state=State.ASKED)) if principal.enterprise_id else 0


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.PARTNER, _l("退税账户托管"), "pledges.listing", BANKS, order=4, note=_l("申请托管企业退税账户、解除托管")
        ),
        MenuEntry(
            Group.GOVERNMENT, _l("退税账户托管"), "pledges.listing", FIRM | READERS, order=48,
            note=_l("银行托管的退税账户，退税款只汇入该账户"),
        ),
    ),
    todo=(Todo(_l("退税账户托管申请待答复"), "pledges.listing", FIRM, _asked, urgent=True),),
)  # fmt: skip


@blueprint.get("")
@roles_only(Role.BANK, Role.FIRM, *READERS)
def listing() -> ResponseReturnValue:
    """List pledges of whoever looks, the newest first; the office sees all."""
    firm, bank = _sides()
    with hub().database.reading() as connection:
        rows = search_pledges(connection, firm, bank, after=after_id(), limit=PAGE + 1)
    return render_template("partner/pledges.html", page=page(rows, lambda row: row.id), words=words)


@blueprint.get("/ask/<uuid:consent_id>")
@roles_only(Role.BANK)
def blank(consent_id: UUID) -> ResponseReturnValue:
    """Show an empty question about a firm's refund account."""
    return _new(consent_id, Form(FIELDS))


@blueprint.post("/ask/<uuid:consent_id>")
@roles_only(Role.BANK)
def ask(consent_id: UUID) -> ResponseReturnValue:
    """Ask for a firm's refund account."""
    values = texts(submitted(FIELDS))
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        terms = Terms(values["account_no"], values["contract_no"], values["note"], _day(values["until"]))
        with hub().database.begin() as uow:
            number = ask_pledge(uow, consent_id, terms, current_principal(), hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _new(consent_id, Form(FIELDS, values, refused.faults), 422)
    flash(_("申请已送达企业，等待答复。"))
    return redirect(url_for("pledges.detail", pledge_id=number))


@blueprint.get("/<uuid:pledge_id>")
@roles_only(Role.BANK, Role.FIRM, *READERS)
def detail(pledge_id: UUID) -> ResponseReturnValue:
    """Show one pledge with its story."""
    return _show(_own(pledge_id), Form(WORDS))


@blueprint.post("/<uuid:pledge_id>")
@roles_only(Role.BANK, Role.FIRM)
def move(pledge_id: UUID) -> ResponseReturnValue:
    """Agree, refuse, drop or release."""
    found, values = _own(pledge_id), texts(submitted(WORDS))
    try:
        step = Step(request.form.get("step", ""))
    except ValueError:
        abort(400)
    try:
        if faults := faults_of_form(WORDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            move_pledge(uow, pledge_id, posted_version(), step, values["words"], current_principal(), hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _show(found, Form(WORDS, values, refused.faults), 422)
    flash(str(words.DONE[step]))
    return redirect(url_for("pledges.detail", pledge_id=pledge_id))


def _sides() -> tuple[UUID | None, UUID | None]:
    """Whose pledges are seen: a firm's own, a bank's own, or all."""
    principal = current_principal()
    if principal.role == Role.FIRM:
        return current_enterprise_id(), None
    return None, own_bank() if principal.role == Role.BANK else None


def _own(pledge_id: UUID) -> PledgeView:
    firm, bank = _sides()
    with hub().database.reading() as connection:
        return pledge(connection, pledge_id, firm, bank) or abort(404)


def _steps(found: PledgeView) -> list[Step]:
    """What whoever looks may say now."""
    principal = current_principal()
    bank = principal.role == Role.BANK and principal.may(Permission.BANK_DECIDE)
    firm = principal.role == Role.FIRM and principal.may(Permission.STAFF_WRITE) and not principal.acting
    mine = [step for step in Step if (bank if step in BANK_STEPS else firm)]
    return [step for step in mine if _possible(State(found.state), step)]


def _possible(state: State, step: Step) -> bool:
    try:
        after(state, step)
    except Refused:
        return False
    return True


def _show(found: PledgeView, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        story = steps_of(connection, found.id)
    return render_template("partner/pledge.html", row=found, story=story, steps=_steps(found), form=form, words=words), status


def _new(consent_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        known = consent(connection, consent_id, bank=own_bank()) or abort(404)
    return render_template("partner/pledge_ask.html", consent=known, form=form), status


def _day(typed: str) -> date | None:
    return read_day(typed, "/until") if typed else None
