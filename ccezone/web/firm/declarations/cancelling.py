"""Applying to cancel a filed list (CEB605, CEB623): why, on what ground, and while the law allows it."""

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.declarations.queries import ListDetail
from ccezone.declarations.rules.modes import CANCELLATIONS
from ccezone.declarations.service import cancel_list
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.declarations import words as shown
from ccezone.web.firm.declarations.viewing import blueprint, is_mine, own_list
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.forms import Field, Form, message_field
from ccezone.web.shell.i18n import language
from schemas.derive.form import form


@blueprint.get("/<int:declaration_id>/cancel")
@firm_only
def ask_cancel(declaration_id: int) -> ResponseReturnValue:
    """Ask for the reason, or say why the list cannot be cancelled now."""
    found = _mine(declaration_id)
    return _show(found, Form([_reason(found)]))


@blueprint.post("/<int:declaration_id>/cancel")
@firm_only
def cancel(declaration_id: int) -> ResponseReturnValue:
    """Send the application."""
    found, surroundings = _mine(declaration_id), hub()
    reason = request.form.get("reason", "").strip()
    try:
        cancel_list(
            surroundings.database,
            surroundings.vault,
            surroundings.deliveries,
            surroundings.clock,
            declaration_id,
            current_enterprise_id(),
            reason,
            current_principal().actor,
        )
    except Refused as refused:
        if any(fault.code == "declaration_not_found" for fault in refused.faults):
            abort(404)
        return _show(own_list(declaration_id), Form([_reason(found)], {"reason": reason}, refused.faults), 422)
    flash(_("撤销申请已提交，结果会显示在通关进度中。"))
    return redirect(url_for("declarations.detail", declaration_id=declaration_id))


def _mine(declaration_id: int) -> ListDetail:
    found = own_list(declaration_id)
    if not is_mine(found):
        abort(403)
    return found


def _reason(found: ListDetail) -> Field:
    """The field as the message of the application defines it."""
    known = next(each for each in form(CANCELLATIONS[found.row.message_type]).head if each.attribute == "reason")
    return replace(message_field(known, language()), name="reason", kind="textarea", required=True, help=None)


def _show(found: ListDetail, asked: Form, status: int = 200) -> ResponseReturnValue:
    refused = None if found.cancel.allowed else Fault("", found.cancel.reason, {"state": found.row.state})
    state = shown.words(found.row.state)
    page = render_template("declarations/cancel.html", list=found, form=asked, refused=refused, words=state)
    return page, status
