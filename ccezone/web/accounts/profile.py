"""One's own account: language, password, sessions."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts import queries, service
from ccezone.accounts.rules import PASSWORD_MAX
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.hub import hub
from ccezone.web.public.sign_in import NEW_PASSWORD, REPEATED
from ccezone.web.shell.access import current_principal, session_token, signed_in
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, submitted, texts
from ccezone.web.shell.security import limiter

blueprint = Blueprint("profile", __name__, url_prefix="/profile")
FEATURE = Feature(blueprint)
CURRENT = Field(
    "current_password",
    _l("当前密码"),
    "password",
    required=True,
    max_length=PASSWORD_MAX,
    autocomplete="current-password",
)
FIELDS = (CURRENT, NEW_PASSWORD, REPEATED)


@blueprint.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Show the account and its sessions."""
    return _show(Form(FIELDS))


@blueprint.post("/password")
@limiter.limit("10/minute")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password; other browsers are signed out."""
    values = texts(submitted(FIELDS))
    user_id = current_principal().user_id
    try:
        if values["password"] != values["repeated"]:
            raise Refused(Fault("/repeated", "passwords_differ"))
        with hub().database.begin() as uow:
            if user_id:
                service.change_password(uow, user_id, values["current_password"], values["password"], hub().clock)
                service.end_other_sessions(uow, user_id, session_token())
    except Refused as refused:
        return _show(Form(FIELDS, {}, refused.faults), 422)
    flash(_("密码已修改，其他登录已失效。"))
    return redirect(url_for("profile.show"))


@blueprint.post("/sessions")
@signed_in
def end_sessions() -> ResponseReturnValue:
    """Sign all other browsers out."""
    user_id = current_principal().user_id
    if user_id:
        with hub().database.begin() as uow:
            service.end_other_sessions(uow, user_id, session_token())
    flash(_("其他登录已全部退出。"))
    return redirect(url_for("profile.show"))


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    principal = current_principal()
    with hub().database.reading() as connection:
        now = hub().clock.now()
        sessions = queries.sessions_of(connection, principal.user_id, now) if principal.user_id else []
    this = queries.token_digest(session_token())
    return render_template("accounts/profile.html", form=form, sessions=sessions, this=this), status
