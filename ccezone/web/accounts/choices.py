"""How a person wants to hear of what: in the message centre, by mail at once, in a daily mail, or not at all."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Permission, Role
from ccezone.kernel.errors import Refused
from ccezone.notices import service
from ccezone.notices.queries import Kind, choices_of, kinds_for
from ccezone.notices.rules import Channel
from ccezone.web.accounts.centre import GROUPS, reader
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, signed_in
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Form

blueprint = Blueprint("choices", __name__, url_prefix="/profile/notices")
FEATURE = Feature(blueprint)
CHANNELS: Mapping[Channel, LazyString] = {
    Channel.APP: _l("仅消息中心"),
    Channel.MAIL: _l("消息中心和即时邮件"),
    Channel.DIGEST: _l("消息中心和每日汇总邮件"),
    Channel.OFF: _l("不接收"),
}


_AUDIENCES: Mapping[Role, str] = {Role.FIRM: "firm", Role.BANK: "bank", Role.TAX_OFFICER: "", Role.AGENCY: ""}


@blueprint.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Show how this person hears of each kind; letters lead here too."""
    return _show(Form(()))


@blueprint.post("")
@signed_in
def save() -> ResponseReturnValue:
    """Keep the choices."""
    chosen = {kind.code: request.form[kind.code] for kind in _kinds() if kind.code in request.form}
    try:
        with hub().database.begin() as uow:
            service.choose(uow, reader(), chosen)
    except Refused as refused:
        return _show(Form((), chosen, refused.faults), 422)
    flash(_("消息接收方式已保存。"))
    return redirect(url_for("choices.show"))


def _kinds() -> Sequence[Kind]:
    """The kinds this person may be told of at all."""
    principal = current_principal()
    found = kinds_for(_AUDIENCES.get(principal.role, "office"))
    return [kind for kind in found if not kind.permission or principal.may(Permission(kind.permission))]


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        chosen = choices_of(connection, reader())
    grouped = {label: [kind for kind in _kinds() if kind.group == group] for group, label in GROUPS.items()}
    return (
        render_template(
            "centre/choices.html",
            form=form,
            groups={label: found for label, found in grouped.items() if found},
            chosen=chosen,
            channels=CHANNELS,
            mailed=bool(hub().settings.mail_url),
        ),
        status,
    )
