"""The mail log: what went out to whom, what waits, what was given up. What a mail said is never shown: it may hold a link."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Role
from ccezone.notices.queries import kinds, mail_counts, mail_log
from ccezone.web.hub import hub
from ccezone.web.shell.access import office_readers
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("mail", __name__, url_prefix="/office/mail")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.SPECIAL,
            _l("邮件发送记录"),
            "mail.listing",
            frozenset({Role.ZONE_OFFICER, Role.ADMIN, Role.AUDITOR}),
            order=95,
            note=_l("查看已发送、待发送和未能送达的邮件"),
        ),
    ),
)
STATES: Mapping[str, tuple[LazyString, str]] = {
    "waiting": (_l("待发送"), "info"),
    "sent": (_l("已发送"), "good"),
    "given_up": (_l("已放弃"), "bad"),
}
OTHERS: Mapping[str, LazyString] = {
    "account": _l("账号邮件"),
    "daily": _l("每日汇总"),
    "several": _l("多条消息"),
}


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List mails, the newest first."""
    state = request.args.get("state", "")
    if state and state not in STATES:
        abort(400)
    with hub().database.reading() as connection:
        rows = mail_log(connection, state, searched(), after_id(), PAGE + 1)
        counts = mail_counts(connection)
    way = urlsplit(hub().settings.mail_url)
    return render_template(
        "office/mail.html",
        page=page(rows, lambda row: row.id),
        state=state,
        states=STATES,
        counts={"waiting": counts.waiting, "sent": counts.sent, "given_up": counts.given_up},
        text=searched(),
        label=label,
        way=way.scheme,
        place=way.hostname or way.path,
    )


def label(kind: str) -> str:
    """Name what a mail told of."""
    known = kinds().get(kind)
    return known.label(language()) if known else str(OTHERS.get(kind, kind))
