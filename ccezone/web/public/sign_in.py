"""Signing in and out, first password by invitation, reset by one-time link."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts import queries, service
from ccezone.accounts.rules import PASSWORD_MAX, PASSWORD_MIN
from ccezone.kernel.errors import Fault, Refused
from ccezone.notices.ports import Mail
from ccezone.notices.service import queue_mail
from ccezone.web.hub import hub
from ccezone.web.public.home import local_place
from ccezone.web.shell.access import COOKIE, principal_or_none, public, session_token
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, submitted, texts
from ccezone.web.shell.security import limiter

blueprint = Blueprint("sign_in", __name__)
FEATURE = Feature(blueprint)

LOGIN = Field("login", _l("登录名（电子邮箱）"), "email", required=True, max_length=200, autocomplete="username")
PASSWORD = Field("password", _l("密码"), "password", required=True, max_length=PASSWORD_MAX, autocomplete="current-password")
NEW_PASSWORD = Field(
    "password",
    _l("新密码"),
    "password",
    required=True,
    max_length=PASSWORD_MAX,
    help=_l("不少于 %(least)d 个字符，请勿使用常见密码。", least=PASSWORD_MIN),
    autocomplete="new-password",
)
REPEATED = Field("repeated", _l("再次输入新密码"), "password", required=True, autocomplete="new-password")
SIGN_IN = (LOGIN, PASSWORD)
RESET = (LOGIN,)
FIRST_PASSWORD = (NEW_PASSWORD, REPEATED)


@blueprint.get("/sign-in")
@public
def form() -> ResponseReturnValue:
    """Show the form; who is signed in goes home."""
    if principal_or_none():
        return redirect(url_for("home.desk"))
    return _show(Form(SIGN_IN))


@blueprint.post("/sign-in")
@limiter.limit("20/minute")
@public
def enter() -> ResponseReturnValue:
    """Open a session. Whatever was wrong, the answer is the same."""
    values = texts(submitted(SIGN_IN))
    agent = request.headers.get("User-Agent", "")
    with hub().database.begin() as uow:
        opened = service.sign_in(uow, values["login"], values["password"], hub().clock, request.remote_addr or "", agent)
    if opened is None:
        kept = {"login": values["login"]}
        return _show(Form(SIGN_IN, kept, [Fault("/login", "sign_in_failed")])), 401
    session.clear()
    response = redirect(local_place(request.form.get("next", ""), "home.desk"))
    production = hub().settings.production
    response.set_cookie(COOKIE, opened.token, httponly=True, samesite="Lax", secure=production)
    return response


@blueprint.post("/sign-out")
@public
def leave() -> ResponseReturnValue:
    """End the session."""
    with hub().database.begin() as uow:
        service.sign_out(uow, session_token())
    session.clear()
    response = redirect(url_for("home.front"))
    response.delete_cookie(COOKIE)
    return response


@blueprint.get("/reset")
@public
def ask_reset() -> ResponseReturnValue:
    """Ask for a link to set a new password."""
    return _show_reset(Form(RESET), asked=False)


@blueprint.post("/reset")
@limiter.limit("5/minute")
@public
def send_reset() -> ResponseReturnValue:
    """Mail a link when the login exists; say the same whether or not it does."""
    values = texts(submitted(RESET))
    surroundings = hub()
    if surroundings.settings.mail_url:
        with surroundings.database.begin() as uow:
            link = service.request_reset(uow, values["login"], surroundings.clock)
            if link:
                address = surroundings.settings.public_url.rstrip("/") + url_for("sign_in.accept_form", token=link.token)
                body = _("请在 24 小时内打开以下链接设置新密码。如非本人操作，请忽略本邮件。") + f"\n\n{address}\n"
                queue_mail(uow, Mail(link.login, _("重置密码"), body), surroundings.vault, surroundings.clock)
    return _show_reset(Form(RESET), asked=True)


@blueprint.get("/link/<token>")
@public
def accept_form(token: str) -> ResponseReturnValue:
    """Show the form of an invitation or reset; a spent link says so."""
    return _show_accept(token, Form(FIRST_PASSWORD))


@blueprint.post("/link/<token>")
@limiter.limit("20/minute")
@public
def accept(token: str) -> ResponseReturnValue:
    """Set the password the link allows to set."""
    values = texts(submitted(FIRST_PASSWORD))
    try:
        if values["password"] != values["repeated"]:
            raise Refused(Fault("/repeated", "passwords_differ"))
        with hub().database.begin() as uow:
            service.accept(uow, token, values["password"], hub().clock)
    except Refused as refused:
        return _show_accept(token, Form(FIRST_PASSWORD, {}, refused.faults), 422)
    flash(_("密码已设置，请登录。"))
    return redirect(url_for("sign_in.form"))


def _show(entered: Form) -> str:
    return render_template("public/sign_in.html", form=entered, next=request.values.get("next", ""))


def _show_reset(entered: Form, *, asked: bool) -> str:
    return render_template("public/reset.html", form=entered, asked=asked, mailed=bool(hub().settings.mail_url))


def _show_accept(token: str, entered: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        link = queries.link(connection, token, hub().clock.now())
    return render_template("public/accept.html", form=entered, link=link, token=token), status if link else 410
