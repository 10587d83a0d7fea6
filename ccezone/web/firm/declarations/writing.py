"""Filing lists by hand, and having unfinished ones prepared again."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.accounts.rules import Permission
from ccezone.declarations.service import file_list, recheck_lists
from ccezone.web.firm.declarations.viewing import blueprint, own_list
from ccezone.web.firm.viewer import acting_agent
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only


@blueprint.post("/<int:declaration_id>/submit")
@firm_only
def submit(declaration_id: int) -> ResponseReturnValue:
    """File a list, or file it again; in place of a cancelled one a fresh list goes out, and its page opens."""
    _must_write()
    own_list(declaration_id)
    desk = hub().forms
    if desk is None:
        abort(503)
    number = file_list(desk, declaration_id, current_enterprise_id(), current_principal().actor, acting_agent())
    flash(_("清单已申报，正在发送单一窗口。") if number == declaration_id else _("已用新清单重新申报，正在发送单一窗口。"))
    return redirect(url_for("declarations.detail", declaration_id=number))


@blueprint.post("/<int:declaration_id>/recheck")
@firm_only
def recheck(declaration_id: int) -> ResponseReturnValue:
    """Prepare a list again from its bills and what the master data says now."""
    _must_write()
    own_list(declaration_id)
    with hub().database.begin() as uow:
        number = recheck_lists(uow, current_enterprise_id(), hub().clock, declaration_id)
    if not number:
        abort(404)
    flash(_("正在重新检查，请稍后刷新本页查看结果。"))
    return redirect(url_for("declarations.detail", declaration_id=declaration_id))


@blueprint.post("/recheck")
@firm_only
def recheck_all() -> ResponseReturnValue:
    """Prepare all incomplete lists again."""
    _must_write()
    with hub().database.begin() as uow:
        number = recheck_lists(uow, current_enterprise_id(), hub().clock)
    flash(_("正在重新检查 %(n)s 个订单的清单，请稍后刷新本页查看结果。", n=number))
    return redirect(url_for("declarations.listing", stage="incomplete"))


def _must_write() -> None:
    if not current_principal().may(Permission.DECLARATIONS_WRITE):
        abort(403)
