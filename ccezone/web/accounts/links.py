"""One-time links by which people choose their password: mailed, and shown this once to whoever issued them."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Purpose
from ccezone.accounts.service import IssuedLink
from ccezone.notices.ports import Mail
from ccezone.notices.service import queue_mail
from ccezone.storage import UnitOfWork
from ccezone.web.hub import hub


def mail_link(uow: UnitOfWork, link: IssuedLink) -> None:
    """Mail a link to whom it is for, where mail is set up."""
    if hub().settings.mail_url:
        body = _("请打开以下链接设置密码（只能使用一次）：") + f"\n\n{_address(link)}\n"
        subject = _("账号邀请") if link.purpose is Purpose.INVITE else _("重置密码")
        queue_mail(uow, Mail(link.login, subject, body), hub().vault, hub().clock)


def hand_over(link: IssuedLink, people: LazyString, listing: str) -> ResponseReturnValue:
    """Show a link to be handed over; ``people`` and ``listing`` name the page it was asked for on and its endpoint."""
    mailed = bool(hub().settings.mail_url)
    return render_template("accounts/link.html", link=link, address=_address(link), mailed=mailed, people=people, listing=listing)


def _address(link: IssuedLink) -> str:
    return hub().settings.public_url.rstrip("/") + url_for("sign_in.accept_form", token=link.token)
