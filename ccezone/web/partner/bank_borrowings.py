"""A bank's own yuan borrowings of a firm that consented: registering a contract, and what was drawn and repaid of it.

Every page is a look under the consent, on record; a consent that is over shows nothing and takes nothing.
"""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.accounts.rules import Permission, Role
from ccezone.consents.queries import consent
from ccezone.consents.rules import DataKind
from ccezone.consents.service import look
from ccezone.consents.service.lending import move_under_consent, own_name, register_under_consent
from ccezone.consents.service.looking import Look
from ccezone.fx.queries.borrowing import Whose, borrowing, borrowing_steps, borrowings
from ccezone.fx.rules.borrowing import steps_from
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage import UnitOfWork
from ccezone.web.firm.fx import borrowing_words
from ccezone.web.firm.fx.borrowing_forms import SAID, TERMS, read_contract, read_said
from ccezone.web.hub import hub
from ccezone.web.partner import words
from ccezone.web.partner.bank import own_bank, today_of
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Form, posted_version, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("bank_borrowings", __name__, url_prefix="/bank")
FEATURE = Feature(blueprint)


@blueprint.get("/<uuid:consent_id>/borrowings")
@roles_only(Role.BANK)
def listing(consent_id: UUID) -> ResponseReturnValue:
    """List the bank's own borrowings of the firm."""
    with hub().database.begin() as uow:
        seen = _look(uow, consent_id, searched())
        if not seen.allowed:
            return _shut(seen)
        whose = Whose(seen.consent.enterprise_id, own_bank(), "", searched())
        rows = borrowings(uow.connection, whose, after_id(), PAGE + 1)
    return render_template(
        "partner/bank_borrowings.html", consent=seen.consent, page=page(rows, lambda row: row.id), text=searched(), words=words,
        own=borrowing_words, today=today_of(), may=_may(),
    )  # fmt: skip


@blueprint.get("/<uuid:consent_id>/borrowings/new")
@roles_only(Role.BANK)
def blank(consent_id: UUID) -> ResponseReturnValue:
    """Show an empty contract."""
    return _new(consent_id, Form(TERMS))


@blueprint.post("/<uuid:consent_id>/borrowings/new")
@roles_only(Role.BANK)
def enter(consent_id: UUID) -> ResponseReturnValue:
    """Register a contract of the bank's own."""
    values, by = texts(submitted(TERMS)), current_principal()
    try:
        with hub().database.begin() as uow:
            contract = read_contract(TERMS, values, own_name(uow.connection, by))
            number = register_under_consent(uow, consent_id, contract, values["document"], by, hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _new(consent_id, Form(TERMS, values, refused.faults), 422)
    flash(_("借款已登记。"))
    return redirect(url_for("bank_borrowings.detail", consent_id=consent_id, borrowing_id=number))


@blueprint.get("/<uuid:consent_id>/borrowings/<uuid:borrowing_id>")
@roles_only(Role.BANK)
def detail(consent_id: UUID, borrowing_id: UUID) -> ResponseReturnValue:
    """Show one borrowing with its story."""
    return _show(consent_id, borrowing_id, Form(SAID))


@blueprint.post("/<uuid:consent_id>/borrowings/<uuid:borrowing_id>")
@roles_only(Role.BANK)
def note(consent_id: UUID, borrowing_id: UUID) -> ResponseReturnValue:
    """Note what was drawn or repaid, or close the contract."""
    values, by = texts(submitted(SAID)), current_principal()
    try:
        said = read_said(values, request.form.get("step", ""))
        with hub().database.begin() as uow:
            move_under_consent(uow, consent_id, borrowing_id, posted_version(), said, by, hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _show(consent_id, borrowing_id, Form(SAID, values, refused.faults), 422)
    flash(_("已登记。"))
    return redirect(url_for("bank_borrowings.detail", consent_id=consent_id, borrowing_id=borrowing_id))


def _look(uow: UnitOfWork, consent_id: UUID, what: str) -> Look:
    return look(uow, consent_id, [DataKind.MONEY], what, current_principal(), hub().clock)


def _may() -> bool:
    return current_principal().may(Permission.BANK_DECIDE)


def _new(consent_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.begin() as uow:
        seen = _look(uow, consent_id, "")
    if not seen.allowed:
        return _shut(seen)
    return render_template("partner/bank_borrowing_new.html", consent=seen.consent, form=form), status


def _show(consent_id: UUID, borrowing_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.begin() as uow:
        firm = (consent(uow.connection, consent_id, bank=own_bank()) or abort(404)).enterprise_id
        found = borrowing(uow.connection, borrowing_id, firm, own_bank())
        seen = _look(uow, consent_id, found.reference if found else "")
        story = borrowing_steps(uow.connection, borrowing_id) if found else ()
    if not seen.allowed:
        return _shut(seen)
    if found is None:
        abort(404)
    steps = steps_from(found.standing) if _may() else []
    return render_template(
        "partner/bank_borrowing.html", consent=seen.consent, row=found, story_rows=story, steps=steps, form=form,
        own=borrowing_words, today=today_of(),
    ), status  # fmt: skip


def _shut(seen: Look) -> ResponseReturnValue:
    """Say that nothing is shown, and why; the look is on record."""
    return render_template("partner/bank_shut.html", consent=seen.consent, words=words, today=today_of()), 403
