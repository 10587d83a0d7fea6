"""Where declaring begins: three questions and a mode, one's drafts and templates, a copy of what was filed before."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal, Role
from ccezone.bills import queries as bills
from ccezone.bills.rules import BillKind
from ccezone.declarations.queries.drafts import DraftRow, drafts_of
from ccezone.declarations.rules.modes import MODE
from ccezone.declarations.service.drafts import delete_draft, rename_draft, restore_draft, start_draft
from ccezone.storage import Connection
from ccezone.web.firm.declarations.viewing import own_list
from ccezone.web.firm.declaring import words
from ccezone.web.firm.declaring.opening import agent_named, declarant, opened, whose
from ccezone.web.firm.declaring.prefill import copied, first_values, from_list, own_codes
from ccezone.web.firm.declaring.proposing import QUESTIONS, propose
from ccezone.web.firm.declaring.shape import shape_of
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firm_only
from ccezone.web.shell.acting import reaches
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo

blueprint = Blueprint("declaring", __name__, url_prefix="/declare")


def _within_reach(connection: Connection, principal: Principal, *, template: bool = False) -> Sequence[DraftRow]:
    """Return the drafts or templates somebody may open: an agent's end with the authority."""
    rows = drafts_of(connection, principal.enterprise_id, template=template) if principal.enterprise_id else ()
    return [row for row in rows if reaches(principal, row.flow, row.trade_mode)]


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("填报清单"),
            "declaring.begin",
            frozenset({Role.FIRM}),
            order=5,
            note=_l("按监管方式逐项填写，随填随查，草稿自动保存"),
        ),
    ),
    todo=(
        Todo(
            _l("未完成的申报草稿"),
            "declaring.begin",
            frozenset({Role.FIRM}),
            lambda connection, principal: len(_within_reach(connection, principal)),
        ),
    ),
)
PERSONAL = bills.PERSONAL[BillKind.ORDER] | {"buyer_reg_no"}


@blueprint.get("")
@firm_only
def begin() -> ResponseReturnValue:
    """Show one's drafts and templates, and the questions that lead to a mode."""
    whose()
    principal = current_principal()
    answers = {name: request.args.get(name, "") for name in QUESTIONS}
    with hub().database.reading() as connection:
        drafts = _within_reach(connection, principal)
        templates = _within_reach(connection, principal, template=True)
    return render_template(
        "declaring/begin.html",
        drafts=drafts,
        templates=templates,
        answers=answers,
        questions=QUESTIONS,
        proposal=propose(**answers),
        asked=any(answers.values()),
        words=words,
        modes=MODE,
    )


@blueprint.post("/new/<trade_mode>/<any(E, I):flow>")
@firm_only
def new(trade_mode: str, flow: str) -> ResponseReturnValue:
    """Start a draft that knows what can be known."""
    if (trade_mode, flow) not in MODE:
        abort(404)
    firm, shape = declarant(), shape_of(trade_mode, flow)
    with hub().database.begin() as uow:
        typed = {**first_values(uow.connection, shape, firm), **agent_named(shape)}
        draft_id = start_draft(uow, hub().vault, whose(), shape.mode.key, typed, hub().clock)
    return redirect(url_for("declaring.edit", draft_id=draft_id))


@blueprint.post("/<uuid:draft_id>/copy")
@firm_only
def again(draft_id: UUID) -> ResponseReturnValue:
    """Start a draft from a template or another draft: all but numbers and people."""
    firm, page = declarant(), opened(draft_id)
    typed = {**copied(page.shape, page.typed, PERSONAL), **own_codes(firm)}
    with hub().database.begin() as uow:
        fresh = start_draft(uow, hub().vault, whose(), page.shape.mode.key, typed, hub().clock, name="")
    return redirect(url_for("declaring.edit", draft_id=fresh))


@blueprint.post("/like/<int:declaration_id>")
@firm_only
def like(declaration_id: int) -> ResponseReturnValue:
    """Start a draft from a list that was filed before."""
    firm = declarant()
    found = own_list(declaration_id)
    if (found.row.trade_mode, found.row.flow) not in MODE:
        abort(404)
    shape = shape_of(found.row.trade_mode, found.row.flow)
    with hub().database.begin() as uow:
        typed = {**first_values(uow.connection, shape, firm), **from_list(shape, found), **own_codes(firm)}
        draft_id = start_draft(uow, hub().vault, whose(), shape.mode.key, typed, hub().clock)
    return redirect(url_for("declaring.edit", draft_id=draft_id))


@blueprint.post("/<uuid:draft_id>/name")
@firm_only
def rename(draft_id: UUID) -> ResponseReturnValue:
    """Give a draft or template a name."""
    opened(draft_id)
    with hub().database.begin() as uow:
        rename_draft(uow, whose(), draft_id, request.form.get("name", ""))
    flash(_("名称已保存。"))
    return redirect(url_for("declaring.edit", draft_id=draft_id))


@blueprint.post("/<uuid:draft_id>/template")
@firm_only
def keep(draft_id: UUID) -> ResponseReturnValue:
    """Keep what a draft says as a template: all but numbers and people."""
    page = opened(draft_id)
    name = request.form.get("name", "") or page.row.name or str(words.MODES[page.shape.mode.key])
    typed = copied(page.shape, page.typed, PERSONAL)
    with hub().database.begin() as uow:
        start_draft(uow, hub().vault, whose(), page.shape.mode.key, typed, hub().clock, name=name, template=True)
    flash(_("已存为模板“%(name)s”，不含单号和个人信息。", name=name))
    return redirect(url_for("declaring.edit", draft_id=draft_id))


@blueprint.post("/<uuid:draft_id>/delete")
@firm_only
def delete(draft_id: UUID) -> ResponseReturnValue:
    """Put a draft away, and offer to bring it back."""
    opened(draft_id)
    with hub().database.begin() as uow:
        delete_draft(uow, whose(), draft_id, hub().clock)
    return redirect(url_for("declaring.begin", deleted=draft_id))


@blueprint.post("/<uuid:draft_id>/restore")
@firm_only
def restore(draft_id: UUID) -> ResponseReturnValue:
    """Bring a deleted draft back."""
    opened(draft_id)
    with hub().database.begin() as uow:
        restore_draft(uow, whose(), draft_id)
    flash(_("已恢复。"))
    return redirect(url_for("declaring.edit", draft_id=draft_id))
