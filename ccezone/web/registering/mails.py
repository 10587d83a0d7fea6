"""Mails about an application, in the language the applicant chose. Without a mail server nothing is queued."""

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from ccezone.accounts.service import IssuedLink
from ccezone.enterprises.queries.applications import ApplicationView
from ccezone.enterprises.service import NewLink
from ccezone.notices.ports import Mail
from ccezone.notices.service import queue_mail
from ccezone.storage import UnitOfWork
from ccezone.web.hub import hub


def send_link(uow: UnitOfWork, link: NewLink, code: str = "") -> None:
    """Mail the link that opens an application; with a new application its access code too."""
    with force_locale(link.locale):
        lines = [_("您的备案申请编号：%(reference)s", reference=link.reference)]
        lines += [_("查询码：%(code)s（请妥善保管）", code=code)] if code else []
        lines += [_("请在 48 小时内打开以下链接继续办理（只能使用一次）："), _address("register.link_form", token=link.link)]
        _send(uow, link.mail, _("备案申请 %(reference)s", reference=link.reference), lines)


def send_decision(uow: UnitOfWork, found: ApplicationView, link: IssuedLink | None = None, note: str = "") -> None:
    """Mail what was decided; an approval brings the link to set the first password."""
    reference = found.row.reference
    with force_locale(found.locale):
        if link is not None:
            lines = [
                _("备案申请 %(reference)s 已通过。", reference=reference),
                _("请打开以下链接设置密码（只能使用一次）："),
                _address("sign_in.accept_form", token=link.token),
            ]
        else:
            lines = [_("备案申请 %(reference)s 的状态有更新，请登录平台或打开进度页查看。", reference=reference)]
            lines += [note] if note else []
            lines += [_address("register.status", reference=reference)] if found.row.kind == "registration" else []
        _send(uow, found.personal.get("contact_mail", ""), _("备案申请 %(reference)s", reference=reference), lines)


def _send(uow: UnitOfWork, to: str, subject: str, lines: list[str]) -> None:
    if hub().settings.mail_url and to:
        queue_mail(uow, Mail(to, subject, "\n\n".join(lines) + "\n"), hub().vault, hub().clock)


def _address(endpoint: str, **values: str) -> str:
    return hub().settings.public_url.rstrip("/") + url_for(endpoint, **values)  # type: ignore[arg-type]
